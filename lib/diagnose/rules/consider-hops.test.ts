// Considerations about how a hop treats packets: slow for new or rested flows, or unfair to fragments. Built frame by frame, as delays differ from packet to packet.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { icmpFrame, tcpFrame, udpFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';

const judge = async (lanes: Readonly<Record<string, Lane>>, rule: string) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    graver: diagnosis.findings.filter(({ severity }) => severity !== 'note').map((one) => one.rule),
  };
};

const SERVER = '10.1.0.1:80';

/** A packet of a connection: when it is sent, by whom, and how long it takes from one point to the other. */
type Sent = readonly [at: number, by: 'client' | 'server', flags: string, delay: number];

/** Two lanes of one host. Every packet carries bytes of its own. */
function hopLanes(connections: readonly (readonly Sent[])[]): { left: Lane; right: Lane } {
  const left: [number, Uint8Array][] = [];
  const right: [number, Uint8Array][] = [];
  connections.forEach((packets, index) => {
    const client = `10.0.0.1:${40_000 + index}`;
    const next = { client: 1000 * (index + 1), server: 900_000 + 1000 * index };
    packets.forEach(([at, by, flags, delay], number) => {
      const peer = by === 'client' ? 'server' : 'client';
      const payload = flags === 'P.' ? 40 + number : 0;
      const bytes = tcpFrame({
        source: by === 'client' ? client : SERVER,
        destination: by === 'client' ? SERVER : client,
        sourceMac: by === 'client' ? '0a:00:00:00:00:01' : '0a:00:00:00:00:02',
        destinationMac: by === 'client' ? '0a:00:00:00:00:02' : '0a:00:00:00:00:01',
        flags,
        sequence: next[by],
        acknowledgement: flags === 'S' ? 0 : next[peer],
        payload,
        ipId: 100 * index + number + 1,
        window: 500,
      });
      next[by] += payload + (flags.includes('S') ? 1 : 0);
      (by === 'client' ? left : right).push([at, bytes]);
      (by === 'client' ? right : left).push([at + delay, bytes]);
    });
  });
  return { left, right };
}

const QUICK = 0.00003;

const exchange = (at: number, firstDelay: number): readonly Sent[] => [
  [at, 'client', 'S', firstDelay],
  [at + 0.05, 'server', 'S.', QUICK],
  [at + 0.051, 'client', '.', QUICK],
  [at + 0.052, 'client', 'P.', QUICK],
  [at + 0.053, 'server', 'P.', QUICK],
  [at + 0.054, 'client', 'P.', QUICK],
  [at + 0.055, 'server', 'P.', QUICK],
];

describe('upcall-delay', () => {
  it('is considered where first packets alone are slow', async () => {
    const { finding, graver } = await judge(
      hopLanes([1, 2, 3, 4].map((at) => exchange(at, 0.012 + at / 1000))),
      'upcall-delay',
    );
    expect(graver).toEqual([]);
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.45, between: ['p1', 'p2'] });
    expect(finding?.summary).toContain('up to 16 ms');
    expect(finding?.confirm[0].command).toContain('ovs-dpctl show');
  });

  it('is silent where first packets are quick, where one is slow, and where all are', async () => {
    const quick = await judge(hopLanes([1, 2, 3].map((at) => exchange(at, QUICK))), 'upcall-delay');
    expect(quick.result).toBe('healthy');
    const once = [exchange(1, 0.02), exchange(2, QUICK), exchange(3, QUICK)];
    expect((await judge(hopLanes(once), 'upcall-delay')).result).toBe('healthy');
    const slow = [1, 2, 3].map((at) =>
      exchange(at, 0.012).map(([when, by, flags]): Sent => [when, by, flags, 0.012]),
    );
    expect((await judge(hopLanes(slow), 'upcall-delay')).finding).toBeUndefined();
  });
});

describe('idle-flow-eviction', () => {
  const rested = (gap: number, delay: number): readonly Sent[] => [
    ...exchange(0, QUICK),
    ...[1, 2, 3, 4].flatMap((round): Sent[] => [
      [round * gap, 'client', 'P.', delay],
      [round * gap + 0.02, 'server', 'P.', QUICK],
      [round * gap + 0.03, 'client', 'P.', QUICK],
      [round * gap + 0.04, 'client', 'P.', QUICK],
    ]),
  ];

  it('is considered where packets after ten seconds of silence are slow', async () => {
    const { finding, graver } = await judge(hopLanes([rested(15, 0.004)]), 'idle-flow-eviction');
    expect(graver).toEqual([]);
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.45 });
    expect(finding?.fix).toContain('max-idle=50000');
  });

  it('is silent where they are quick, and does not apply where nothing rests', async () => {
    const quick = await judge(hopLanes([rested(15, QUICK)]), 'idle-flow-eviction');
    expect(quick.result).toBe('healthy');
    const busy = await judge(hopLanes([rested(5, 0.004)]), 'idle-flow-eviction');
    expect(busy.result).toBe('notApplicable');
  });
});

describe('fragment-loss', () => {
  const fragment = (ipId: number, later: boolean): Uint8Array =>
    udpFrame({
      source: '10.0.0.1:5000',
      destination: '10.1.0.1:6000',
      sourceMac: '0a:00:00:00:00:01',
      destinationMac: '0a:00:00:00:00:02',
      ipId,
      ...(later ? { fragmentOffset: 1480 } : { moreFragments: true }),
      payload: later ? 300 + ipId : 1472,
    });
  const lanes = (passes: (later: boolean) => boolean, extra: Lane = []) => {
    const left: Lane = [1, 2, 3].flatMap((ipId) => [
      [ipId, fragment(ipId, false)] as const,
      [ipId + 0.0001, fragment(ipId, true)] as const,
    ]);
    const whole: Lane = [
      [0.5, fragment(9, false)],
      [0.5001, fragment(9, true)],
    ];
    return {
      left: [...whole, ...left, ...extra],
      right: [
        ...whole.map(([at, bytes]) => [at + QUICK, bytes] as const),
        ...left.flatMap(([at, bytes], index) =>
          passes(index % 2 === 1) ? [[at + QUICK, bytes] as const] : [],
        ),
      ],
    };
  };

  it('is considered where first fragments pass and later ones do not', async () => {
    const expired: Lane = [
      [31, icmpFrame({ source: '10.1.0.1', destination: '10.0.0.1', type: 11, code: 1 })],
    ];
    const { finding } = await judge(
      lanes((later) => !later, expired),
      'fragment-loss',
    );
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.title).toContain('later fragments are dropped');
  });

  it('is silent where all pass, and does not apply where nothing is in fragments', async () => {
    expect(
      (
        await judge(
          lanes(() => true),
          'fragment-loss',
        )
      ).result,
    ).toBe('healthy');
    const { result } = await judge(hopLanes([exchange(0, QUICK)]), 'fragment-loss');
    expect(result).toBe('notApplicable');
  });
});
