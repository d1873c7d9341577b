import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP } from '../../testing/cases';
import { icmpFrame, tcpFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';
import { HANGS_UP, REFUSED, SERVICE_ENDS } from '../../testing/rule-cases/openings';

const judge = async (text: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'refused-connection')?.result,
    findings: diagnosis.findings,
  };
};

describe('refused-connection', () => {
  it('tells a closed port from the reset that begins at the server', async () => {
    const { findings } = await judge(REFUSED);
    expect(findings.map(({ rule }) => rule)).toEqual(['refused-connection']);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'failure', confidence: 0.9 });
    expect(finding.connections).toHaveLength(2);
    expect(finding.summary).toContain('10.0.0.2:8443 itself');
    expect(finding.steps[1].frames).toEqual([
      { file: 'right.pcap', frame: 2 },
      { file: 'left.pcap', frame: 2 },
    ]);
  });

  it('is a note where one client knocks once at each of many ports, and a failure where several want them', async () => {
    const ports = Array.from({ length: 10 }, (_, n) => n);
    const draw = (clients: number): string => `
  ${ports.map((n) => `c${n} = 10.0.0.${10 + (n % clients)}:${40_000 + n}\n  s${n} = 10.0.0.2:${100 + n}`).join('\n  ')}
  time   packet | left    | right
  ${ports
    .map(
      (n) => `${n}      > a${n}:S    | c${n}>s${n} | c${n}>s${n}
  ${n}.0002 < a${n}:RA   | s${n}>c${n} | s${n}>c${n}`,
    )
    .join('\n  ')}`;
    const [scan, shut] = await Promise.all([judge(draw(1)), judge(draw(2))]);
    expect(scan.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['refused-connection', 'note'],
    ]);
    expect(scan.findings[0].summary).toContain('port scan');
    expect(shut.findings.map(({ severity }) => severity)).toEqual(['failure']);
  });

  it('makes one finding of a host that refuses on many ports', async () => {
    const ports = Array.from({ length: 10 }, (_, n) => n);
    const text = `
  cli = 10.0.0.1:40000
  ${ports.map((n) => `s${n} = 10.0.0.2:${100 + n}`).join('\n  ')}
  time   packet | left    | right
  ${ports
    .map(
      (n) => `${n}      > c${n}:S    | cli>s${n} | cli>s${n}
  ${n}.0002 < c${n}:RA   | s${n}>cli | s${n}>cli`,
    )
    .join('\n  ')}`;
    const { findings } = await judge(text);
    expect(findings.map(({ title }) => title)).toEqual([
      'Connections to 10.0.0.2 (10 ports) are refused',
    ]);
    expect(findings[0].connections).toHaveLength(10);
  });

  it('tells a host before the server from the reset that begins there', async () => {
    const { findings } = await judge(`${SERVICE_ENDS}
  0      > S    | cli>svc | -
  0.0002 < RA   | svc>cli | -
  2      > b:S  | two>svc | two>pod
  2.0002 < b:SA | svc>two | pod>two
  2.0004 > b:A  | two>svc | two>pod`);
    expect(findings.map(({ rule }) => rule)).toEqual(['refused-connection']);
    expect(findings[0].summary).toContain('at or behind left');
  });

  it('is silent where the server hangs up later, where SYNs vanish, and where the client refuses', async () => {
    for (const text of [HANGS_UP, HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP])
      expect((await judge(text)).result).toBe('healthy');
  });

  const MACS = { first: '0a:00:00:00:00:02', second: '0a:00:00:00:00:03' };
  /** Connections to one address, one a second: each goes to the MAC that is named, and is refused or accepted. */
  const owners = (tries: readonly (readonly [mac: string, accepts: boolean])[]): Lane =>
    tries.flatMap(([mac, accepts], n): Lane => {
      const own = '0a:00:00:00:00:01';
      const [client, server] = [`10.0.0.1:${40_000 + n}`, '10.0.0.9:80'];
      const there = { source: client, destination: server, sourceMac: own, destinationMac: mac };
      const back = { source: server, destination: client, sourceMac: mac, destinationMac: own };
      const sequence = 1000 * n + 7;
      const acknowledgement = sequence + 1;
      return [
        [n, tcpFrame({ ...there, flags: 'S', sequence, ipId: n + 1, window: 500 })],
        [
          n + 0.0003,
          tcpFrame({
            ...back,
            flags: accepts ? 'S.' : 'R.',
            sequence: accepts ? 900 : 0,
            acknowledgement,
          }),
        ],
        ...(accepts
          ? [
              [
                n + 0.0005,
                tcpFrame({
                  ...there,
                  flags: '.',
                  sequence: sequence + 1,
                  acknowledgement: 901,
                  ipId: n + 90,
                }),
              ] as const,
            ]
          : []),
      ];
    });

  it('tells an address that two hosts have from a port that is closed', async () => {
    const { first, second } = MACS;
    const twice = [first, second, first, second].map((mac) => [mac, mac === first] as const);
    const { diagnosis } = await analyseSources(laneSources({ left: owners(twice) }));
    const finding = diagnosis.findings.find(({ rule }) => rule === 'refused-connection');
    expect(finding?.title).toContain('Two MACs answer for 10.0.0.9');
    expect(finding?.summary).toContain(
      `accepted from MAC ${first}, these are refused from ${second}`,
    );
    expect(finding?.steps.at(-1)?.frames).toHaveLength(1);
    const once = [true, false, true, false].map((accepts) => [first, accepts] as const);
    const other = await analyseSources(laneSources({ left: owners(once) }));
    expect(other.diagnosis.findings.map(({ title }) => title)).toContain(
      'Connections to 10.0.0.9:80 are refused',
    );
  });

  it('does not apply without a handshake', async () => {
    const text = `${SERVICE_ENDS}\n  0 > P/50 | cli>svc | cli>pod\n  1 < P/50 | svc>cli | pod>cli`;
    expect((await judge(text)).result).toBe('notApplicable');
  });

  const unreachable = (code: number, from = '10.0.0.254') =>
    icmpFrame({ source: from, destination: '10.0.0.1', type: 3, code, payload: 28 });
  const syn = (ipId: number, destination = '10.96.0.1:443') =>
    tcpFrame({ source: '10.0.0.1:40000', destination, flags: 'S', sequence: 77, ipId, window: 1 });
  const judgeLanes = async (lanes: Readonly<Record<string, Lane>>) => {
    const { diagnosis } = await analyseSources(laneSources(lanes));
    return diagnosis.findings.filter(({ severity }) => severity !== 'note');
  };

  it('tells a host on the way that rejects by ICMP', async () => {
    const findings = await judgeLanes({
      left: [
        [0, syn(1)],
        [0.0004, unreachable(13)],
      ],
      right: [[5, syn(9, '10.0.0.2:8443')]],
    });
    expect(findings.map(({ rule }) => rule)).toEqual(['refused-connection']);
    expect(findings[0].summary).toContain(
      'an ICMP error (communication administratively prohibited)',
    );
    expect(findings[0].summary).toContain('10.0.0.254, a host on the way');
    expect(findings[0].steps[1].frames).toEqual([{ file: 'left.pcap', frame: 2 }]);
  });

  it('takes no ICMP error for an answer that comes much later, or speaks of size', async () => {
    for (const late of [
      [3, unreachable(1)],
      [0.0004, unreachable(4)],
    ] as const) {
      const findings = await judgeLanes({ left: [[0, syn(1)], late] });
      expect(findings.map(({ rule }) => rule)).not.toContain('refused-connection');
    }
  });
});
