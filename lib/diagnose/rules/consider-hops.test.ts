// Considerations about how a hop treats packets: slow for new or rested flows, or unfair to fragments. Built frame by frame, as delays differ from packet to packet.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { icmpFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';
import {
  fragmentLanes,
  hopExchange,
  hopLanes,
  QUICK,
  rested,
  type Sent,
} from '../../testing/rule-cases/hops';

const judge = async (lanes: Readonly<Record<string, Lane>>, rule: string) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    graver: diagnosis.findings.filter(({ severity }) => severity !== 'note').map((one) => one.rule),
  };
};

describe('upcall-delay', () => {
  it('is considered where first packets alone are slow', async () => {
    const { finding, graver } = await judge(
      hopLanes([1, 2, 3, 4].map((at) => hopExchange(at, 0.012 + at / 1000))),
      'upcall-delay',
    );
    expect(graver).toEqual([]);
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.45, between: ['p1', 'p2'] });
    expect(finding?.summary).toContain('up to 16 ms');
    expect(finding?.confirm[0].command).toContain('ovs-dpctl show');
  });

  it('is silent where first packets are quick, where one is slow, and where all are', async () => {
    const quick = await judge(
      hopLanes([1, 2, 3].map((at) => hopExchange(at, QUICK))),
      'upcall-delay',
    );
    expect(quick.result).toBe('healthy');
    const once = [hopExchange(1, 0.02), hopExchange(2, QUICK), hopExchange(3, QUICK)];
    expect((await judge(hopLanes(once), 'upcall-delay')).result).toBe('healthy');
    const slow = [1, 2, 3].map((at) =>
      hopExchange(at, 0.012).map(([when, by, flags]): Sent => [when, by, flags, 0.012]),
    );
    expect((await judge(hopLanes(slow), 'upcall-delay')).finding).toBeUndefined();
  });
});

describe('idle-flow-eviction', () => {
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
  it('is considered where first fragments pass and later ones do not', async () => {
    const expired: Lane = [
      [31, icmpFrame({ source: '10.1.0.1', destination: '10.0.0.1', type: 11, code: 1 })],
    ];
    const { finding } = await judge(
      fragmentLanes((later) => !later, expired),
      'fragment-loss',
    );
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.title).toContain('later fragments are dropped');
  });

  it('is silent where all pass, and does not apply where nothing is in fragments', async () => {
    expect(
      (
        await judge(
          fragmentLanes(() => true),
          'fragment-loss',
        )
      ).result,
    ).toBe('healthy');
    const { result } = await judge(hopLanes([hopExchange(0, QUICK)]), 'fragment-loss');
    expect(result).toBe('notApplicable');
  });
});
