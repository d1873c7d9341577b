// Two connections laid side by side on request: which one stands left, what they are called, and when there is none to lay beside.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../testing/analyse-text-art';
import { STEADY_DROP } from '../testing/cases';
import { compareConnections } from './compare';

const TWO = `
  one = 10.0.0.1:40000
  two = 10.0.0.1:40001
  srv = 10.0.0.2:8443
  time   packet   | left    | right
  0      > S      | one>srv | one>srv
  0.0002 < SA     | srv>one | srv>one
  0.0004 > A      | one>srv | one>srv
  0.001  > P/100  | one>srv | one>srv
  0.002  < P/900  | srv>one | srv>one
  5      > b:S    | two>srv | two>srv
  5.0002 < b:SA   | srv>two | srv>two
  5.0004 < b:R    | srv>two | srv>two`;

const open = async (text: string) => {
  const { analysis, diagnosis } = await analyseTextArt(text);
  const idOf = (client: string) => analysis.connections.find((one) => one.client === client)!.id;
  const compare = (connection: string, beside: string | null) =>
    compareConnections(analysis, diagnosis, connection, beside);
  return { analysis, diagnosis, idOf, compare };
};

describe('comparing two connections', () => {
  it('puts the one that fails first, whichever was asked for, and calls it so', async () => {
    const { idOf, compare } = await open(TWO);
    const [healthy, failing] = [idOf('10.0.0.1:40000'), idOf('10.0.0.1:40001')];
    const found = compare(healthy, failing);
    expect(found).toEqual(compare(failing, healthy));
    expect(found).toMatchObject({ connections: [failing, healthy], isHealthy: true });
    expect(found?.partings[0].text).toMatch(/the healthy one has the .*; in the failing one/);
    expect(found?.text).toContain('5 s before it: the same pair of client and service');
    expect(compare(failing, null)?.connections).toEqual([failing, healthy]);
  });

  it('says first and second of two that are alike', async () => {
    const { idOf, compare } = await open(
      TWO.replace('5.0004 < b:R    | srv>two | srv>two', '5.0004 > b:A    | two>srv | two>srv'),
    );
    const found = compare(idOf('10.0.0.1:40000'), idOf('10.0.0.1:40001'));
    expect(found?.isHealthy).toBe(false);
    for (const { text } of found?.partings ?? []) expect(text).not.toMatch(/healthy|failing/);
  });

  it('takes what the finding compared, and has no answer without a sibling', async () => {
    const { diagnosis, compare, idOf } = await open(STEADY_DROP);
    const finding = diagnosis.findings.find(({ rule }) => rule === 'steady-drop')!;
    expect(compare(finding.connections[0], null)?.partings).toBe(finding.sibling?.partings);
    const alone = await open(TWO.split('\n').slice(0, 10).join('\n'));
    expect(alone.compare(alone.idOf('10.0.0.1:40000'), null)).toBeNull();
    expect(compare('nowhere', null)).toBeNull();
    expect(idOf('10.128.2.10:50100')).toBeDefined();
  });
});
