// Considerations: notes of little confidence, only where their signature is there. Each fires, stays silent, and is told from its sibling.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, STEADY_DROP } from '../../testing/cases';

const judge = async (text: string, rule: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
  };
};

describe('listen-queue-overflow', () => {
  const handshake = (data: string, seen: string) => `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time   packet  | left    | right
  0      > S     | cli>srv | cli>srv
  0.0002 < SA    | srv>cli | srv>cli
  0.0004 > A     | cli>srv | cli>srv
  0.001  > ${data} | cli>srv | ${seen}
  1.001  < SA*   | srv>cli | srv>cli
  3.001  < SA*   | srv>cli | srv>cli`;

  it('considers it where SYN-ACKs are repeated after data arrived', async () => {
    const { finding } = await judge(handshake('P/90', 'cli>srv'), 'listen-queue-overflow');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.steps[2].frames).toHaveLength(4);
  });

  it('is silent after a bare ACK, which a server may ignore on purpose', async () => {
    const { result } = await judge(handshake('A', 'cli>srv'), 'listen-queue-overflow');
    expect(result).toBe('healthy');
  });

  it('is silent where the data never came', async () => {
    const { result } = await judge(handshake('P/90', '~'), 'listen-queue-overflow');
    expect(result).toBe('healthy');
  });
});

describe('new-pod-race', () => {
  const early = (openedAt: number) => `
  one = 10.128.2.10:36440
  two = 10.128.2.10:41002
  oth = 10.128.2.11:50100
  pod = 10.128.2.6:9443
  time     packet  | left    | right
  1        > c:S   | oth>pod | oth>pod
  1.0005   < c:SA  | pod>oth | pod>oth
  1.0008   > c:A   | oth>pod | oth>pod
  20       > c:P/9 | oth>pod | oth>pod
  20.001   < c:P/9 | pod>oth | pod>oth
  10       > S     | one>pod | ~
  11.02    > S*    | one>pod | ~
  13.06    > S*    | one>pod | ~
  17.2     > S*    | one>pod | ~
  ${openedAt}       > b:S   | two>pod | two>pod
  ${openedAt}.0005  < b:SA  | pod>two | pod>two
  ${openedAt}.0008  > b:A   | two>pod | two>pod
  ${openedAt}.001   > b:P/9 | two>pod | two>pod
  ${openedAt}.002   < b:P/9 | pod>two | pod>two`;

  it('considers it where a later connection opens and the first stays lost', async () => {
    const { finding } = await judge(early(14), 'new-pod-race');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.steps[0].frames).toHaveLength(4);
  });

  it('is silent where one had opened before', async () => {
    expect((await judge(early(2), 'new-pod-race')).result).toBe('healthy');
  });

  it('is silent where nothing opens, or an older connection holds the tuple', async () => {
    expect((await judge(STEADY_DROP, 'new-pod-race')).result).toBe('healthy');
    expect((await judge(COLLISION, 'new-pod-race')).result).toBe('healthy');
  });
});
