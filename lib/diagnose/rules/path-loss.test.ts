import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { memorySource } from '../../read/byte-source';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, HALF_HEALTHY, STEADY_DROP } from '../../testing/cases';
import { buildLongConnection } from '../../testing/long-connection';
import { answered, LOSSY_ENDS, LOSSY_LANES, lossy } from '../../testing/rule-cases/established';

const judge = async (text: string, rule: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find((answer) => answer.rule === rule)?.result,
    findings: diagnosis.findings.filter((finding) => finding.rule === rule),
  };
};

describe('path-loss', () => {
  it('says where, how many, how long it took', async () => {
    const { findings } = await judge(lossy(0.21), 'path-loss');
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'warning', between: ['p1', 'p2'] });
    expect(finding.connections).toHaveLength(1);
    expect(finding.steps[0].text).toContain(
      '1 of 8 packets (13 %) are seen at left and never at right',
    );
    expect(finding.steps[0].frames).toEqual([{ file: 'left.pcap', frame: 6 }]);
    expect(finding.steps[2].text).toContain('700 bytes');
    expect(finding.steps[2].text).toContain('210 ms after it was first sent, with 1 repetition');
    expect(finding.steps[2].frames).toEqual([
      { file: 'left.pcap', frame: 6 },
      { file: 'left.pcap', frame: 7 },
      { file: 'right.pcap', frame: 6 },
    ]);
  });

  it('says of how many it tells, where a connection is too long to be looked at whole', async () => {
    const sources = buildLongConnection(25_000, 2).map((bytes, point) =>
      memorySource(bytes, `p${point}.pcap`),
    );
    const { analysis, diagnosis } = await analyseSources(sources);
    const finding = diagnosis.findings.find(({ rule }) => rule === 'path-loss');
    const [counted, spread, longest] = finding?.steps.map(({ text }) => text) ?? [];
    const [, lost, looked] = counted.match(/^(\d+) of .*\. (\d+) of them were looked at: /) ?? [];
    const hop = analysis.hops.find(
      ({ from, to }) => `${from} ${to}` === finding?.between?.join(' '),
    );
    expect(Number(lost)).toBe(hop?.lost);
    expect(Number(looked)).toBeLessThan(Number(lost));
    expect(spread).toMatch(/^Those looked at are lost one by one, between /);
    expect(longest).toMatch(/^The longest wait of these: /);
    expect(finding?.summary).toContain(`in 1 connection. Of the ${looked} that were looked at: `);
  });

  it('is a failure from a second on', async () => {
    const { findings } = await judge(lossy(1.6), 'path-loss');
    expect(findings.map(({ severity }) => severity)).toEqual(['failure']);
  });

  it('leaves to other rules what they explain', async () => {
    expect((await judge(COLLISION, 'path-loss')).result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'path-loss')).result).toBe('healthy');
  });

  it('is silent in health, and about a bare acknowledgement that one capture did not see', async () => {
    expect((await judge(HALF_HEALTHY, 'path-loss')).result).toBe('healthy');
    const unseen = `${LOSSY_ENDS}${LOSSY_LANES}
${answered('a', 'cli>srv', 'srv>cli', 0)}
  0.3 > a:A    | cli>srv | ~
  0.5 > a:P/10 | cli>srv | cli>srv
  0.6 < a:P/10 | srv>cli | srv>cli`;
    expect((await judge(unseen, 'path-loss')).result).toBe('healthy');
  });

  it('does not apply to one capture', async () => {
    const one = `${LOSSY_ENDS}\n  time packet | left\n  0 > S | cli>srv\n  0.1 < SA | srv>cli\n  0.2 > A | cli>srv`;
    expect((await judge(one, 'path-loss')).result).toBe('notApplicable');
  });
});

describe('steady-drop', () => {
  it('finds a client whose every SYN to a server vanishes, while others pass', async () => {
    const { findings } = await judge(STEADY_DROP, 'steady-drop');
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'failure', between: ['p1', 'p2'] });
    expect(finding.connections).toHaveLength(2);
    expect(finding.steps[0].text).toContain(
      '10.128.2.10:36440 opens a connection to 10.128.2.6:9443',
    );
    expect(finding.steps[2].text).toContain(
      '1 more connection, from other ports: 10.128.2.10:41002',
    );
    const frames = finding.steps.flatMap((step) =>
      step.frames.map(({ file, frame }) => `${file}#${frame}`),
    );
    for (const frame of [4, 5, 6, 7, 8]) expect(frames).toContain(`left.pcap#${frame}`);
  });

  it('is silent where one of the connections opens, and where another holds the tuple', async () => {
    const opened = `${STEADY_DROP}
  9      > d:S  | two>pod | two>pod
  9.0005 < d:SA | pod>two | pod>two
  9.0008 > d:A  | two>pod | two>pod`.replaceAll('two>pod | ~', 'cli>pod | ~');
    expect((await judge(opened, 'steady-drop')).result).toBe('healthy');
    expect((await judge(COLLISION, 'steady-drop')).result).toBe('healthy');
    expect((await judge(HALF_HEALTHY, 'steady-drop')).result).toBe('healthy');
  });

  it('does not apply without a handshake', async () => {
    const text = `${LOSSY_ENDS}${LOSSY_LANES}\n  0 > P/50 | cli>srv | cli>srv\n  1 < P/50 | srv>cli | srv>cli`;
    expect((await judge(text, 'steady-drop')).result).toBe('notApplicable');
  });
});
