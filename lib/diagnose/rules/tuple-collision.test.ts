import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../model/finding';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, COLLISION_RESOLVED, STEADY_DROP } from '../../testing/cases';

const judge = async (text: string) => {
  const { diagnosis, analysis } = await analyseTextArt(text);
  return { diagnosis, analysis, rule: resultOf(diagnosis) };
};
const resultOf = ({ rules }: Diagnosis) => rules.find(({ rule }) => rule === 'tuple-collision');

/** All of the later connections so many seconds later. */
const delayed = (text: string, seconds: number): string =>
  text.replace(
    /^( +)(9\d|1\d\d)(\.\d+)?/gm,
    (_, space, whole, part) => `${space}${(Number(`${whole}${part ?? ''}`) + seconds).toFixed(4)}`,
  );

describe('tuple-collision', () => {
  it('tells the article’s 3.2: who held the tuple, what was lost, how it was tried again', async () => {
    const { diagnosis } = await judge(COLLISION);
    // The drawing's server takes its time besides: a note.
    const [finding, ...others] = diagnosis.findings;
    expect(others.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(finding).toMatchObject({ rule: 'tuple-collision', severity: 'failure' });
    expect(finding.confidence).toBeGreaterThan(0.9);
    expect(finding.between).toEqual(['p1', 'p2']);
    const texts = finding.steps.map(({ text }) => text);
    expect(texts[0]).toContain('10.128.2.10:36440 opens a connection to 172.30.32.208:9443');
    expect(texts[1]).toContain('10.128.2.10:36440 > 10.128.2.6:9443');
    expect(texts[1]).toContain('TIME_WAIT');
    expect(texts[2]).toContain('94.45 s after that');
    expect(texts[3]).toContain('1.03, 2.05, 4.03 and 8.38 s');
    expect(texts[4]).toContain('1 other connection from 10.128.2.10');
    expect(texts[5]).toBe('The connection fails to establish.');
    expect(finding.steps[0].frames).toEqual([{ file: 'left.pcap', frame: 1 }]);
    expect(finding.steps[1].frames).toEqual([{ file: 'right.pcap', frame: 1 }]);
    expect(finding.steps[2].frames).toEqual([{ file: 'left.pcap', frame: 9 }]);
    expect(finding.steps[3].frames).toEqual(
      [13, 14, 15, 17].map((frame) => ({ file: 'left.pcap', frame })),
    );
  });

  it('tells when a SYN passes after all', async () => {
    const { diagnosis } = await judge(
      `${COLLISION}
  126.07   > b:S*  | cli>pod | cli>pod
  126.0705 < b:SA  | pod>cli | pod>cli
  126.0708 > b:A   | cli>pod | cli>pod`,
    );
    expect(diagnosis.findings.map(({ rule }) => rule)).toEqual([
      'tuple-collision',
      'slow-endpoint',
    ]);
    expect(diagnosis.findings[0].steps[5].text).toContain('31.62 s after the first SYN one passes');
  });

  it('is silent where the port is changed instead, as it should be', async () => {
    const { diagnosis, rule } = await judge(COLLISION_RESOLVED);
    expect(diagnosis.findings).toEqual([]);
    expect(rule?.result).toBe('healthy');
  });

  it('is silent where a policy drops every direct connection', async () => {
    const { rule } = await judge(STEADY_DROP);
    expect(rule?.result).toBe('healthy');
  });

  it('is silent where the tuple had long been given up', async () => {
    const { rule } = await judge(delayed(COLLISION, 60));
    expect(rule?.result).toBe('healthy');
  });

  it('does not apply at one point alone', async () => {
    const oneLane = COLLISION.split('\n')
      .map((line) => (line.includes('|') ? line.split('|').slice(0, 2).join('|') : line))
      .join('\n');
    const { rule } = await judge(oneLane);
    expect(rule?.result).toBe('notApplicable');
  });
});
