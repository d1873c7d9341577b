// Rules about what is not TCP (DNS retries, ARP, stale UDP translations, outer checksums) and about endpoints that take their time, from captures built frame by frame.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { scenarioSources } from '../../testing/committed-captures';
import { icmpFrame, udpFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';
import {
  arpAnswer,
  arpRequests,
  arpSyns,
  CLIENT,
  dnsQueries,
  fineLane,
  outerChecksums,
  staleLane,
  staleService,
  staleSilence,
  toClient,
} from '../../testing/rule-cases/datagrams';
import { answeredAfter } from '../../testing/rule-cases/established';

const judge = async (lanes: Readonly<Record<string, Lane>>, rule: string) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    graver: diagnosis.findings.filter(({ severity }) => severity !== 'note').map((one) => one.rule),
  };
};

describe('dns-retry', () => {
  it('finds the query that was lost and asked again after 5 s', async () => {
    const { finding, graver } = await judge(dnsQueries(5.012), 'dns-retry');
    expect(graver).toEqual(['dns-retry']);
    expect(finding).toMatchObject({ severity: 'failure', between: ['p1', 'p2'] });
    expect(finding?.title).toContain('5.01 s');
    expect(finding?.alternatives[1].why).toContain('left together with another that arrived');
  });

  it('takes the same question asked again at once for another look-up', async () => {
    const { left } = dnsQueries(0.1);
    const { result } = await judge({ left, right: left }, 'dns-retry');
    expect(result).toBe('healthy');
  });

  it('does not apply without DNS', async () => {
    const frames: Lane = [
      [0, udpFrame({ source: CLIENT, destination: '10.0.0.9:514', payload: 'log' })],
    ];
    expect((await judge({ left: frames }, 'dns-retry')).result).toBe('notApplicable');
  });
});

describe('unanswered-arp', () => {
  it('finds the address that nobody answers for, and who waits for it', async () => {
    const { finding } = await judge(
      { left: [...arpRequests, ...arpSyns], right: arpRequests },
      'unanswered-arp',
    );
    expect(finding).toMatchObject({ severity: 'failure' });
    expect(finding?.summary).toContain('1 connection to it got nowhere');
  });

  it('is silent where nobody needs the address, and where it answers', async () => {
    expect((await judge({ left: arpRequests, right: arpRequests }, 'unanswered-arp')).result).toBe(
      'healthy',
    );
    const answered: Lane = [...arpRequests, [0.5, arpAnswer]];
    const { result } = await judge(
      { left: [...answered, ...arpSyns], right: answered },
      'unanswered-arp',
    );
    expect(result).toBe('healthy');
  });
});

describe('stale-udp-translation', () => {
  it('finds the socket that is led to an endpoint that is gone', async () => {
    const { finding } = await judge(
      {
        left: [...staleLane(staleService), ...fineLane(staleService, staleService)],
        right: [
          ...staleLane('10.0.0.8:514'),
          ...fineLane('10.0.0.9:514', '10.0.0.9:514'),
          ...staleSilence,
        ],
      },
      'stale-udp-translation',
    );
    expect(finding).toMatchObject({ severity: 'failure' });
    expect(finding?.title).toContain('10.0.0.8:514, which is gone');
  });

  it('is silent where nothing says that the endpoint is gone: UDP need not be answered', async () => {
    const { result } = await judge(
      {
        left: [...staleLane(staleService), ...fineLane(staleService, staleService)],
        right: [...staleLane('10.0.0.8:514'), ...fineLane('10.0.0.9:514', '10.0.0.9:514')],
      },
      'stale-udp-translation',
    );
    expect(result).toBe('healthy');
  });

  it('takes ICMP for a sign as well', async () => {
    const unreachable = icmpFrame({
      ...toClient,
      source: '10.0.0.254',
      destination: '10.0.0.1',
      type: 3,
      code: 1,
      payload: 28,
    });
    const { result } = await judge(
      {
        left: [
          ...staleLane(staleService),
          ...fineLane(staleService, staleService),
          [2.001, unreachable],
        ],
        right: [...staleLane('10.0.0.8:514'), ...fineLane('10.0.0.9:514', '10.0.0.9:514')],
      },
      'stale-udp-translation',
    );
    expect(result).toBe('found');
  });
});

describe('outer-checksum-drop', () => {
  it('finds what is lost behind a wrong outer checksum', async () => {
    const { result } = await judge(outerChecksums(0x5a), 'outer-checksum-drop');
    expect(result).toBe('found');
  });

  it('is silent where the checksum is right', async () => {
    expect((await judge(outerChecksums(0), 'outer-checksum-drop')).result).toBe('healthy');
  });
});

describe('slow-endpoint', () => {
  const judgeArt = async (waits: readonly number[]) => {
    const { diagnosis } = await analyseTextArt(answeredAfter(waits));
    return diagnosis.findings.find(({ rule }) => rule === 'slow-endpoint');
  };

  it('finds a response that stands out, and measures it at the server', async () => {
    const finding = await judgeArt([0.01, 3, 0.02, 0.01]);
    expect(finding).toMatchObject({ severity: 'warning' });
    expect(finding?.title).toBe('10.0.0.2:8443 takes up to 3 s to answer');
  });

  it('takes no keep-alive for a request, nor a repetition', async () => {
    const quick = answeredAfter([0.01, 0.01, 0.01]);
    expect(quick).toContain('  21    > P/42');
    const { diagnosis } = await analyseTextArt(
      quick
        .replace(
          /( {2}21 {4}> P\/42)/,
          `  14    > P/1 seq=2204581255 ack=1193647 | cli>srv | cli>srv
  14.1  < A   | srv>cli | srv>cli
$1`,
        )
        .replace(
          /$/,
          `
  23    > P/1 seq=2204581297 ack=1193947 | cli>srv | cli>srv
  23.1  < A   | srv>cli | srv>cli
  29    < P/70 | srv>cli | srv>cli`,
        ),
    );
    expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-endpoint');
  });

  it('only notes what may be a long poll', async () => {
    expect(await judgeArt([4, 4, 4])).toMatchObject({ severity: 'note' });
  });

  it('is silent about healthy captures', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('sdn-healthy'));
    expect(diagnosis.rules.find(({ rule }) => rule === 'slow-endpoint')?.result).toBe('healthy');
  });
});
