import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, HALF_HEALTHY } from '../../testing/cases';
import { CLOSING, FIN_ARRIVES, FINS_LOST, lateFin } from '../../testing/rule-cases/established';

const judge = async (text: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'lost-fin')?.result,
    findings: diagnosis.findings,
  };
};

describe('lost-fin', () => {
  it('finds a FIN that vanishes on every try, and leaves nothing to path-loss', async () => {
    const { findings } = await judge(FINS_LOST);
    expect(findings.map(({ rule }) => rule)).toEqual(['lost-fin']);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'warning', between: ['p1', 'p2'] });
    expect(finding.steps[0].text).toContain(
      '10.0.0.1:40000 closes its connection with 10.0.0.2:8443',
    );
    expect(finding.steps[1].text).toContain('0.20 and 0.40 s');
    expect(finding.steps.flatMap(({ frames }) => frames.map(({ frame }) => frame))).toEqual([
      7, 8, 9,
    ]);
  });

  it('leaves a FIN that arrives at last to path-loss', async () => {
    const { result, findings } = await judge(FIN_ARRIVES);
    expect(result).toBe('healthy');
    expect(findings.map(({ rule }) => rule)).toContain('path-loss');
  });

  it('leaves a hop that loses other packets as well to path-loss', async () => {
    const { findings } = await judge(
      FINS_LOST.replace(
        '3      > b:P/10 | two>srv | two>srv',
        `3      > b:P/10 | two>srv | ~
  3.2    > b:P/10* | two>srv | two>srv
  4      > b:P/11 | two>srv | two>srv`,
      ),
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['path-loss']);
  });

  it('is silent in health, and does not apply where nothing closes', async () => {
    expect((await judge(HALF_HEALTHY)).result).toBe('healthy');
    expect((await judge(COLLISION)).result).toBe('healthy');
    expect((await judge(CLOSING)).result).toBe('notApplicable');
  });

  it('finds a FIN that comes after its entry has expired, and leaves untranslated', async () => {
    const { findings } = await judge(lateFin('pod>srv', 75));
    expect(findings.map(({ rule }) => rule)).toEqual(['lost-fin']);
    expect(findings[0]).toMatchObject({ severity: 'warning', between: ['p1', 'p2'] });
    expect(findings[0].title).toBe('A late FIN of 10.1.0.9:40000 leaves untranslated');
    expect(findings[0].steps[2].frames).toEqual([
      { file: 'left.pcap', frame: 9 },
      { file: 'right.pcap', frame: 9 },
    ]);
  });

  it('is silent where the late FIN is translated, or the wrong one is no late one', async () => {
    expect((await judge(lateFin('nat>srv', 75))).findings).toEqual([]);
    const soon = await judge(lateFin('pod>srv', 2));
    expect(soon.findings.map(({ rule }) => rule)).not.toContain('lost-fin');
  });
});
