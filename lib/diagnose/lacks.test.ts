// What rules that could not run ask for, by what was captured.
import { expect, it } from 'vitest';
import { wantedCaptures } from '../model/finding-text';
import { analyseTextArt } from '../testing/analyse-text-art';
import { HALF_HEALTHY, HALF_UNTRANSLATED } from '../testing/cases';

const wantedOf = async (text: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return wantedCaptures(diagnosis.rules);
};

const oneLane = (text: string, lane: number): string =>
  text
    .split('\n')
    .map((line) => {
      const cells = line.split('|');
      return cells.length > 1 ? `${cells[0]}|${cells[lane]}` : line;
    })
    .filter((line) => !/\|\s*-?\s*$/.test(line))
    .join('\n');

it('asks for the other points where one alone was captured', async () => {
  const [first] = await wantedOf(oneLane(HALF_HEALTHY, 1));
  expect(first.command).toContain('tcpdump -nn -s 0 -i any');
  const [{ text, rules }] = first.asks;
  expect(text).toBe('at the same time as the others');
  expect(rules).toEqual(expect.arrayContaining(['tuple-collision', 'path-loss', 'lost-fin']));
});

it('asks for more time where connections neither close nor rest', async () => {
  const wanted = await wantedOf(HALF_UNTRANSLATED);
  const asks = wanted.flatMap((one) => one.asks);
  expect(asks.find(({ text }) => text === 'until the connections have closed')?.rules).toEqual([
    'lost-fin',
  ]);
  expect(asks.flatMap(({ rules }) => rules)).toContain('idle-timeout-reset');
});

it('asks for nothing where what a rule looks for did not happen', async () => {
  const { diagnosis } = await analyseTextArt(HALF_HEALTHY);
  const lacksOf = (rule: string) => diagnosis.rules.find((one) => one.rule === rule)?.lacks;
  expect(lacksOf('unanswered-arp')).toEqual([]);
  expect(lacksOf('stale-udp-translation')).toEqual([]);
  expect(lacksOf('half-untranslated-reply')).toEqual([]);
});
