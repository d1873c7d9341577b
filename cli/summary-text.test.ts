// What a person reads in the terminal: how connections ended, and what each hop translates.
import { expect, it } from 'vitest';
import { analyseTextArt } from '../lib/testing/analyse-text-art';
import { HALF_HEALTHY } from '../lib/testing/cases';
import { OPENED } from '../lib/testing/rule-cases/established';
import { summaryText } from './summary-text';

const linesOf = async (drawing: string): Promise<readonly string[]> => {
  const { analysis, diagnosis } = await analyseTextArt(drawing);
  return summaryText(analysis, diagnosis).split('\n');
};

it('counts how TCP connections ended, and those that did not', async () => {
  const lines = await linesOf(`${OPENED}
  0.2    > FA    | cli>srv | cli>srv | cli>srv
  0.2002 < FA    | srv>cli | srv>cli | srv>cli
  0.2004 > A     | cli>srv | cli>srv | cli>srv
  9      > b:S   | two>srv | two>srv | two>srv
  9.0002 < b:SA  | srv>two | srv>two | srv>two
  9.0004 > b:A   | two>srv | two>srv | two>srv`);
  expect(lines).toContain('TCP: 1 fin by client; 1 open');
});

it('tells translations hop by hop, by the names of lanes', async () => {
  const lines = await linesOf(HALF_HEALTHY);
  const at = lines.indexOf('Translations, hop by hop');
  expect(lines[at + 1]).toMatch(/^ {2}forward tun\S* → tun\S*$/);
  expect(lines[at + 2]).toMatch(/^ {4}SNAT 10\.128\.3\.202: 1 connection, ports changed/);
});
