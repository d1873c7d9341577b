// SYNs and datagrams whose own checksum is wrong where they come to: considered where nothing comes of them, not where the card has yet to fill it in.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { type Lane, laneSources } from '../../testing/lane-captures';
import { ack, asIs, damaged, segmentLanes, synAck, synLane } from '../../testing/rule-cases/hops';

const judge = async (lanes: Readonly<Record<string, Lane>>) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'bad-checksum-drop')?.result,
    finding: diagnosis.findings.find(({ rule }) => rule === 'bad-checksum-drop'),
    // One-way traffic leaves the clocks open: that remark is right, and not what is tested.
    rules: diagnosis.findings.map(({ rule }) => rule).filter((rule) => rule !== 'clock-fault'),
  };
};

describe('bad-checksum-drop', () => {
  it('is considered where SYNs are sound at one point, damaged at the next, and not answered', async () => {
    const { finding, rules } = await judge({
      left: synLane(0, asIs),
      right: synLane(2e-5, damaged),
    });
    expect(rules).toEqual(['bad-checksum-drop']);
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.steps[1].frames).toEqual([
      { file: 'left.pcap', frame: 1 },
      { file: 'right.pcap', frame: 1 },
    ]);
  });

  it('is silent where such a SYN is answered: nobody minds, or the card fills it in', async () => {
    const { result } = await judge({
      left: [...synLane(0, asIs), [3.0602, synAck], [3.0604, ack]],
      right: [...synLane(2e-5, damaged), [3.0601, synAck], [3.06042, ack]],
    });
    expect(result).toBe('healthy');
  });

  it('is not steady-drop, its sibling, whose SYNs are sound and vanish as well', async () => {
    const { result, rules } = await judge({ left: synLane(0, asIs), right: synLane(2e-5, asIs) });
    expect(result).toBe('healthy');
    expect(rules).toEqual(['steady-drop']);
  });

  it('does not apply to one point', async () => {
    expect((await judge({ left: synLane(0, damaged) })).result).toBe('notApplicable');
  });

  it('is considered where a segment comes damaged until its sender has sent it often enough', async () => {
    const lanes = segmentLanes([true, true, true, false]);
    const { finding } = await judge(lanes);
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.summary).toContain('their sender had to send them again');
    expect(finding?.connections).toHaveLength(1);
    expect((await judge(segmentLanes([false, false, false]))).finding).toBeUndefined();
  });

  it('is silent where damaged segments are taken: the sum is wrong for a capture alone', async () => {
    expect((await judge(segmentLanes([true, 'next', true, 'next', true]))).result).toBe('healthy');
  });
});
