// A hop that holds back what someone waits for; not one that is far, or that queues a stream, or whose clocks do not tell.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { laneSources } from '../../testing/lane-captures';
import { OPENED_AT_TWO } from '../../testing/rule-cases/established';
import { heldBack, hopLanes, QUICK, type Sent } from '../../testing/rule-cases/hops';

const judge = async (...connections: readonly (readonly Sent[])[]) => {
  const { diagnosis } = await analyseSources(laneSources(hopLanes(connections)));
  return {
    findings: diagnosis.findings.filter(({ rule }) => rule === 'slow-hop'),
    graver: diagnosis.findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ rule }) => rule),
    result: diagnosis.rules.find(({ rule }) => rule === 'slow-hop')?.result,
  };
};
const quick = [QUICK, QUICK] as const;

describe('slow-hop', () => {
  it('tells a request that was held back, and where its time went', async () => {
    const { findings, graver } = await judge(heldBack([quick, [1.5, QUICK], quick, quick]));
    expect(graver).toEqual(['slow-hop']);
    const [finding] = findings;
    expect(finding).toMatchObject({
      severity: 'failure',
      between: ['p1', 'p2'],
      direction: 'forward',
    });
    expect(finding.title).toBe(
      'Packets to the server are held back for up to 1.50 s between left and right',
    );
    expect(finding.steps[0].frames).toEqual([{ file: 'left.pcap', frame: 7 }]);
    expect(finding.steps[1].frames).toEqual([{ file: 'right.pcap', frame: 7 }]);
    expect(finding.times.map(({ part }) => part)).toEqual([
      'client, to send its request',
      'there: left to right',
      'server, at right',
      'back: right to left',
    ]);
    expect(finding.times[1].ns).toBeCloseTo(1.5e9, -4);
    expect(finding.times[1].usualNs).toBeLessThan(1e6);
  });

  it('tells a response that was held back, in the direction of the client', async () => {
    const { findings, graver } = await judge(heldBack([quick, [QUICK, 1.2], quick, quick]));
    expect(graver).toEqual(['slow-hop']);
    expect(findings[0]).toMatchObject({ direction: 'reverse', between: ['p2', 'p1'] });
    expect(findings[0].title).toContain('to the client are held back for up to 1.20 s');
  });

  it('says of how long a packet was under way what the longest took, though another made its receiver wait longer', async () => {
    const overtaken: Sent[] = [
      [51, 'client', 'P.', 3],
      ...Array.from({ length: 11 }, (_, n): Sent => [51.25 + 0.25 * n, 'client', 'P.', QUICK]),
    ];
    const { findings } = await judge([...heldBack([quick, [1, QUICK], quick]), ...overtaken]);
    expect(findings[0].title).toContain('for up to 3 s');
    expect(findings[0].summary).toContain('For up to 1 s nothing else');
    expect(findings[0].steps[1].text).toContain('1 s later');
  });

  it('says of what came meanwhile no more than is so', async () => {
    const told = async (...sent: Sent[]) => {
      const { findings } = await judge([...heldBack([quick, quick]), ...sent]);
      return findings[0].steps[1].text;
    };
    const held: Sent = [51, 'client', 'P.', 3];
    expect(await told(held)).toContain('Meanwhile nothing of this connection came there.');
    expect(await told(held, [51.2, 'client', 'P.', QUICK])).toContain(
      'For the last 2.80 s of that nothing of this connection came there.',
    );
    expect(await told(held, [53.8, 'client', 'P.', QUICK])).toContain(
      'For 2.80 s nothing of this connection came there; then others came before it.',
    );
  });

  it('warns of less than a second, and says nothing of less than 200 ms', async () => {
    const shorter = await judge(heldBack([quick, [0.3, QUICK], quick, quick]));
    expect(shorter.findings[0].severity).toBe('warning');
    const least = await judge(heldBack([quick, [0.15, QUICK], quick, quick]));
    expect(least).toMatchObject({ findings: [], result: 'healthy' });
  });

  it('is silent about a way that is long for all, and not where it is long beyond any distance', async () => {
    const far = (delay: number) =>
      [1, 2, 3].map((at) =>
        heldBack([
          [delay, delay],
          [delay, delay],
        ]).map(
          ([when, by, flags]): Sent => [
            // The handshake takes its time as well.
            at * 50 + (when < 1 ? Math.round(when * 1000) * 2 * delay : when + 4),
            by,
            flags,
            delay,
          ],
        ),
      );
    expect((await judge(...far(0.3))).findings).toEqual([]);
    const [finding] = (await judge(...far(1.5))).findings;
    expect(finding.severity).toBe('failure');
    expect(finding.title).toContain(
      'takes long between left and right: 3 s or more there and back',
    );
  });

  it('is silent where others of the connection arrive meanwhile: what queues in a stream is awaited by nobody', async () => {
    const stream = Array.from(
      { length: 40 },
      (_, n): Sent => [1 + 0.001 * n, 'client', 'P.', QUICK + 0.02 * n],
    );
    const { findings } = await judge([...heldBack([]), ...stream], heldBack([quick, quick, quick]));
    expect(findings).toEqual([]);
  });

  it('tells a SYN that was held back', async () => {
    const opening = (start: number, delay: number): Sent[] => [[start, 'client', 'S', delay]];
    const { findings } = await judge(opening(1, 1.3), heldBack([quick, quick, quick]));
    expect(findings[0].steps[0].text).toContain('The SYN of 10.0.0.1:40000');
  });

  it('leaves a segment that was lost, and came by its repetition, to path-loss', async () => {
    const { diagnosis } = await analyseTextArt(`${OPENED_AT_TWO}
  1      > P/400  | cli>srv | ~
  1.001  > P/300  | cli>srv | cli>srv
  2.6    > P/400* | cli>srv | cli>srv
  2.601  < P/90   | srv>cli | srv>cli
  2.602  > A      | cli>srv | cli>srv`);
    expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-hop');
    // Nor has the server waited: the request was whole only when its first part came.
    expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-endpoint');
  });

  it('is silent where nothing tells a packet from its repetition', async () => {
    const lanes = hopLanes([heldBack([quick, [1.5, QUICK], quick, quick])]);
    // IPv4 from a host that leaves the IP ID 0, and no timestamps: what came may be the repetition of what was lost, of which the left capture missed the sending.
    const anonymous = (lane: (typeof lanes)['left']) =>
      lane.map(([at, bytes]) => {
        const copy = bytes.slice();
        const sum = (copy[24] << 8) | copy[25];
        const id = (copy[18] << 8) | copy[19];
        let mended = sum + id;
        mended = (mended & 0xffff) + (mended >>> 16);
        copy.set([0, 0], 18);
        copy.set([mended >>> 8, mended & 0xff], 24);
        return [at, copy] as const;
      });
    const { diagnosis } = await analyseSources(
      laneSources({ left: anonymous(lanes.left), right: anonymous(lanes.right) }),
    );
    expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-hop');
  });
});
