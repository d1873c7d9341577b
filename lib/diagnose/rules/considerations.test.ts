// Considerations: notes of little confidence, only where their signature is there. Each fires, stays silent, and is told from its sibling.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, STEADY_DROP } from '../../testing/cases';
import { newPod, queueFull } from '../../testing/rule-cases/openings';

const judge = async (text: string, rule: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
  };
};

describe('listen-queue-overflow', () => {
  it('considers it where SYN-ACKs are repeated after data arrived', async () => {
    const { finding } = await judge(queueFull('P/90', 'cli>srv'), 'listen-queue-overflow');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.steps[2].frames).toHaveLength(4);
  });

  it('is silent after a bare ACK, which a server may ignore on purpose', async () => {
    const { result } = await judge(queueFull('A', 'cli>srv'), 'listen-queue-overflow');
    expect(result).toBe('healthy');
  });

  it('is silent where the data never came', async () => {
    const { result } = await judge(queueFull('P/90', '~'), 'listen-queue-overflow');
    expect(result).toBe('healthy');
  });
});

describe('new-pod-race', () => {
  it('considers it where a later connection opens and the first stays lost', async () => {
    const { finding } = await judge(newPod(14), 'new-pod-race');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.steps[0].frames).toHaveLength(4);
  });

  it('is silent where one had opened before', async () => {
    expect((await judge(newPod(2), 'new-pod-race')).result).toBe('healthy');
  });

  it('is silent where nothing opens, or an older connection holds the tuple', async () => {
    expect((await judge(STEADY_DROP, 'new-pod-race')).result).toBe('healthy');
    expect((await judge(COLLISION, 'new-pod-race')).result).toBe('healthy');
  });
});
