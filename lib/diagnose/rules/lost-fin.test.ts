import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, HALF_HEALTHY } from '../../testing/cases';

const ENDPOINTS = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  srv = 10.0.0.2:8443
  time   packet   | left    | right`;

const OPENED = `${ENDPOINTS}
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv
  0.1    > P/40   | cli>srv | cli>srv
  0.1004 < P/900  | srv>cli | srv>cli
  0.1006 > A      | cli>srv | cli>srv`;

const FINS_LOST = `${OPENED}
  1      > F      | cli>srv | ~
  1.2    > F*     | cli>srv | ~
  1.6    > F*     | cli>srv | ~
  2      > b:S    | two>srv | two>srv
  2.0002 < b:SA   | srv>two | srv>two
  2.0004 > b:A    | two>srv | two>srv
  3      > b:P/10 | two>srv | two>srv`;

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
    const { result, findings } = await judge(`${OPENED}
  1      > F      | cli>srv | ~
  1.2    > F*     | cli>srv | cli>srv
  1.2002 < F      | srv>cli | srv>cli
  1.2004 > A      | cli>srv | cli>srv
  4      > b:S    | two>srv | two>srv
  4.0002 < b:SA   | srv>two | srv>two`);
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
    expect((await judge(OPENED)).result).toBe('notApplicable');
  });

  const LATE = (fin: string, at: number) => `
  pod = 10.1.0.9:40000
  nat = 192.0.2.1:61000
  srv = 198.51.100.7:443
  time   packet   | left    | right
  0      > S      | pod>srv | nat>srv
  0.0002 < SA     | srv>pod | srv>nat
  0.0004 > A      | pod>srv | nat>srv
  0.1    > P/40   | pod>srv | nat>srv
  0.1004 < P/900  | srv>pod | srv>nat
  0.1006 > A      | pod>srv | nat>srv
  1      < F      | srv>pod | srv>nat
  1.0002 > A      | pod>srv | nat>srv
  ${at}  > F      | pod>srv | ${fin}`;

  it('finds a FIN that comes after its entry has expired, and leaves untranslated', async () => {
    const { findings } = await judge(LATE('pod>srv', 75));
    expect(findings.map(({ rule }) => rule)).toEqual(['lost-fin']);
    expect(findings[0]).toMatchObject({ severity: 'warning', between: ['p1', 'p2'] });
    expect(findings[0].title).toBe('A late FIN of 10.1.0.9:40000 leaves untranslated');
    expect(findings[0].steps[2].frames).toEqual([
      { file: 'left.pcap', frame: 9 },
      { file: 'right.pcap', frame: 9 },
    ]);
  });

  it('is silent where the late FIN is translated, or the wrong one is no late one', async () => {
    expect((await judge(LATE('nat>srv', 75))).findings).toEqual([]);
    const soon = await judge(LATE('pod>srv', 2));
    expect(soon.findings.map(({ rule }) => rule)).not.toContain('lost-fin');
  });
});
