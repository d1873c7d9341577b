// Two clients, one masquerade: SYNs that leave at once, one of which is dropped; and loss by chance, which takes other packets too.
import { expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { RACE_ENDS, RACE_FIRST, RACE_RETRY } from '../../testing/rule-cases/openings';

const judge = async (rows: string) => {
  const { diagnosis } = await analyseTextArt(RACE_ENDS + rows);
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'snat-port-race')?.result,
    finding: diagnosis.findings.find(({ rule }) => rule === 'snat-port-race'),
    graver: diagnosis.findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ rule }) => rule),
  };
};

it('finds the SYN that was lost beside one that passed', async () => {
  const { finding, graver } = await judge(`${RACE_FIRST}
  0.0009 > b:S   | two>srv | ~${RACE_RETRY}`);
  expect(graver).toEqual(['snat-port-race']);
  expect(finding).toMatchObject({ severity: 'failure', between: ['p1', 'p2'] });
  expect(finding?.steps[2].text).toContain('192.0.2.1:50001');
});

it('leaves a SYN that was lost by itself to path-loss', async () => {
  const { result, graver } = await judge(`${RACE_FIRST}
  0.5    > b:S   | two>srv | ~
  1.52   > b:S*  | two>srv | na2>srv
  1.5202 < b:SA  | srv>two | srv>na2
  1.5204 > b:A   | two>srv | na2>srv`);
  expect(result).toBe('healthy');
  expect(graver).toEqual(['path-loss']);
});

it('leaves a hop that loses other packets as well to path-loss', async () => {
  const { result } = await judge(`${RACE_FIRST}
  0.0009 > b:S   | two>srv | ~${RACE_RETRY}
  2      > P/100 | one>srv | ~
  2.2    > P/100* | one>srv | nat>srv
  2.2002 < A     | srv>one | srv>nat
  3      > b:P/9 | two>srv | na2>srv`);
  expect(result).toBe('healthy');
});

it('does not apply without a source translation', async () => {
  const { result } = await judge(`
  0      > S     | one>srv | one>srv
  0.0002 < SA    | srv>one | srv>one
  0.0004 > A     | one>srv | one>srv`);
  expect(result).toBe('notApplicable');
});
