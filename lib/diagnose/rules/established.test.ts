// Rules about connections that were open, or should have been: black holes, idle timeouts, challenge ACKs, segments left untranslated. Each fires, stays silent, and is told from its sibling.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import {
  afterSilence,
  LARGE_PASSES,
  largeLost,
  OPENED,
  strayReply,
  strayRequest,
} from '../../testing/rule-cases/established';
import { CHALLENGED, OLD_SOCKET } from '../../testing/rule-cases/openings';

const judge = async (text: string, rule: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    graver: diagnosis.findings.filter(({ severity }) => severity !== 'note').map((one) => one.rule),
  };
};

describe('mtu-black-hole', () => {
  it('finds the size above which nothing passes', async () => {
    const { finding, graver } = await judge(largeLost('cli>srv'), 'mtu-black-hole');
    expect(graver).toEqual(['mtu-black-hole']);
    expect(finding).toMatchObject({ severity: 'failure', between: ['p2', 'p3'] });
    expect(finding?.title).toContain('1398 bytes and more');
    expect(finding?.summary).toContain('up to 300 bytes');
    expect(finding?.steps[1].text).toContain('0.20, 0.40 and 0.80 s');
  });

  it('leaves it to path-loss where the same size passes elsewhere', async () => {
    const { result, graver } = await judge(LARGE_PASSES, 'mtu-black-hole');
    expect(result).toBe('healthy');
    expect(graver).toEqual(['path-loss']);
  });

  it('says nothing where the hop is dead for small packets, too', async () => {
    expect((await judge(largeLost('~'), 'mtu-black-hole')).result).toBe('healthy');
  });
});

describe('idle-timeout-reset', () => {
  it('finds a reset after a silence that the server never sent', async () => {
    const { finding, graver } = await judge(
      afterSilence('~', 'R | srv>cli | srv>cli | -'),
      'idle-timeout-reset',
    );
    expect(graver).toEqual(['idle-timeout-reset']);
    expect(finding).toMatchObject({ severity: 'failure', between: ['p2', 'p3'] });
    expect(finding?.summary).toContain('silent for 399.90 s');
    expect(finding?.steps.flatMap(({ frames }) => frames.map(({ file }) => file))).not.toHaveLength(
      0,
    );
  });

  it('finds segments that vanish after a silence', async () => {
    const { finding, graver } = await judge(
      `${OPENED}
  300    > P/40   | cli>srv | cli>srv | ~
  300.2  > P/40*  | cli>srv | cli>srv | ~
  300.6  > P/40*  | cli>srv | cli>srv | ~
  301.4  > P/40*  | cli>srv | cli>srv | ~
  309    > b:S    | two>srv | two>srv | two>srv
  309.1  < b:SA   | srv>two | srv>two | srv>two
  309.2  > b:A    | two>srv | two>srv | two>srv`,
      'idle-timeout-reset',
    );
    expect(graver).toEqual(['idle-timeout-reset']);
    expect(finding?.summary).toContain('vanished, every time');
  });

  it('finds resets to both ends that neither end sent', async () => {
    const { finding, graver } = await judge(
      `${OPENED}
  240    > R      | -       | -       | cli>srv
  240.0001 < R    | srv>cli | -       | -`,
      'idle-timeout-reset',
    );
    expect(graver).toEqual(['idle-timeout-reset']);
    expect(finding?.title).toContain('reset from outside after 239');
    expect(finding?.steps).toHaveLength(3);
  });

  it('leaves an end that resets after a silence alone', async () => {
    const { result, graver } = await judge(
      `${OPENED}
  240    > R      | cli>srv | cli>srv | cli>srv`,
      'idle-timeout-reset',
    );
    expect(result).toBe('healthy');
    expect(graver).toEqual([]);
  });

  it('leaves a server that closes by itself alone', async () => {
    const { result, graver } = await judge(
      afterSilence('cli>srv', 'R | srv>cli | srv>cli | srv>cli'),
      'idle-timeout-reset',
    );
    expect(result).toBe('healthy');
    expect(graver).toEqual([]);
  });

  it('leaves a connection that wakes up alone, and short ones out', async () => {
    const woken = await judge(
      `${OPENED}
  400    > P/40   | cli>srv | cli>srv | cli>srv
  400.001 < P/90  | srv>cli | srv>cli | srv>cli
  400.002 > A     | cli>srv | cli>srv | cli>srv`,
      'idle-timeout-reset',
    );
    expect(woken.result).toBe('healthy');
    expect((await judge(OPENED, 'idle-timeout-reset')).result).toBe('notApplicable');
  });
});

describe('challenge-ack', () => {
  it('finds a SYN that meets an old socket', async () => {
    const { finding, graver } = await judge(CHALLENGED, 'challenge-ack');
    expect(graver).toContain('challenge-ack');
    expect(finding).toMatchObject({ severity: 'failure' });
    expect(finding?.steps[1].text).toContain('ack 555000');
  });

  it('takes a SYN-ACK for what it is', async () => {
    const { result } = await judge(
      `${OLD_SOCKET}
  0      > S      | cli>srv | ~
  1      > S*     | cli>srv | cli>srv
  1.0002 < SA     | srv>cli | srv>cli
  1.0004 > A      | cli>srv | cli>srv`,
      'challenge-ack',
    );
    expect(result).toBe('healthy');
  });
});

describe('untranslated-segment-reset', () => {
  it('finds the one segment that came back under the pod’s address', async () => {
    const { finding, graver } = await judge(
      strayReply('pod>cli', 'cli>pod | cli>pod'),
      'untranslated-segment-reset',
    );
    expect(graver).toEqual(['untranslated-segment-reset']);
    expect(finding).toMatchObject({ severity: 'failure' });
    expect(finding?.title).toContain('10.0.0.2:8080');
  });

  it('leaves a client that resets a translated connection alone', async () => {
    const { result, graver } = await judge(
      strayReply('svc>cli', 'cli>svc | cli>pod'),
      'untranslated-segment-reset',
    );
    expect(result).toBe('healthy');
    expect(graver).toEqual([]);
  });

  it('finds the request that the translating host took for its own', async () => {
    const { finding, graver } = await judge(
      strayRequest('cli>svc | -', 'svc>cli | svc>cli | -'),
      'untranslated-segment-reset',
    );
    expect(graver).toEqual(['untranslated-segment-reset']);
    expect(finding?.title).toBe('172.30.0.9:80 resets a segment that never reached the server');
    expect(finding?.steps[2].text).toContain('right never sent it');
  });

  it('leaves a server that resets by itself alone', async () => {
    const { result, graver } = await judge(
      strayRequest('cli>svc cli>pod | cli>pod', 'svc>cli | pod>cli svc>cli | pod>cli'),
      'untranslated-segment-reset',
    );
    expect(result).toBe('healthy');
    expect(graver).toEqual([]);
  });
});
