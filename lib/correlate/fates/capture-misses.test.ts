// Captures of a busy machine miss the same packets: what two of them did not show, and nobody acknowledged, is no proof of a loss.
import { expect, it } from 'vitest';
import { FATES } from '../../model/fate';
import { analyseTextArt } from '../../testing/analyse-text-art';

const HEAD = `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:80
  time   packet  | left    | veth    | pod
  0      > S     | cli>srv | cli>srv | cli>srv
  0.001  < SA    | srv>cli | srv>cli | srv>cli
  0.002  > A     | cli>srv | cli>srv | cli>srv`;

/** Requests and their acknowledgements; `cells`: what veth and pod show of the n-th request. */
const conversation = (cells: (request: number) => string): string =>
  Array.from(
    { length: 100 },
    (_, n) => `
  ${(1 + n / 100).toFixed(3)}  > P/100 | cli>srv | ${cells(n)}
  ${(1.001 + n / 100).toFixed(3)}  < A     | srv>cli | srv>cli | srv>cli`,
  ).join('');

/** Of two bare acknowledgements that neither shows, among the requests. */
async function fateOfBare(cells: (request: number) => string): Promise<string[]> {
  const { analysis } = await analyseTextArt(`${HEAD}${conversation(cells)}
  2.1    > A     | cli>srv | ~       | ~
  2.2    > A     | cli>srv | ~       | ~
  3      > P/100 | cli>srv | cli>srv | cli>srv
  3.001  < A     | srv>cli | srv>cli | srv>cli`);
  const { journeys, journeyCount, sightings } = analysis.journeysOf([0]);
  return Array.from({ length: journeyCount }, (_, j) => j)
    .filter((j) => [2.1e9, 2.2e9].includes(sightings.time[journeys.firstSighting[j]]))
    .map((j) => FATES[journeys.fate[j]]);
}

it('is unknown where both missed acknowledged packets together', async () => {
  const both = (n: number): string => (n >= 50 && n < 54 ? '- | -' : 'cli>srv | cli>srv');
  expect(await fateOfBare(both)).toEqual(['unknown', 'unknown']);
});

it('is lost where they miss nothing', async () => {
  expect(await fateOfBare(() => 'cli>srv | cli>srv')).toEqual(['lost', 'lost']);
});
