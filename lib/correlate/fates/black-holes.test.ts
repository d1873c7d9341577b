// A capture whose last frame is the last that came to it: was it stopped, or did nothing come any more?
import { expect, it } from 'vitest';
import { FATE_REASONS, FATES } from '../../model/fate';
import { analyseTextArt } from '../../testing/analyse-text-art';

/** `seconds fate reason` of the packets that only the left lane saw. */
async function seenLeftAlone(text: string): Promise<string[]> {
  const { analysis } = await analyseTextArt(text);
  const { journeys, journeyCount, sightings } = analysis.journeysOf([0]);
  return Array.from({ length: journeyCount }, (_, j) => j)
    .filter((j) => journeys.sightingCount[j] === 1)
    .map((j) => {
      const seconds = sightings.time[journeys.firstSighting[j]] / 1e9;
      return `${seconds} ${FATES[journeys.fate[j]]} ${FATE_REASONS[journeys.reason[j]]}`;
    });
}

const CONVERSATION = `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:80
  time   packet  | left    | right
  0      > S     | cli>srv | cli>srv
  0.001  < SA    | srv>cli | srv>cli
  0.002  > A     | cli>srv | cli>srv
  1      > P/100 | cli>srv | cli>srv
  1.001  < A     | srv>cli | srv>cli
  2      > P/100 | cli>srv | cli>srv
  2.001  < A     | srv>cli | srv>cli`;

it('is lost where all that was sent from then on went unanswered, after an answered conversation', async () => {
  expect(
    await seenLeftAlone(`${CONVERSATION}
  2.05   > P/100 | cli>srv | ~
  2.25   > P/100* | cli>srv | ~
  2.65   > P/100* | cli>srv | ~
  3.45   > P/100* | cli>srv | ~`),
  ).toEqual([
    '2.05 lost fell-silent',
    '2.25 lost fell-silent',
    '2.65 lost fell-silent',
    '3.45 lost fell-silent',
  ]);
});

it('is unknown where answers still come: the recording ended', async () => {
  expect(
    await seenLeftAlone(`${CONVERSATION}
  2.05   > P/100 | cli>srv | -
  2.051  < A     | srv>cli | -
  2.1    > P/100 | cli>srv | -
  2.2    > P/100 | cli>srv | -
  2.4    > P/100* | cli>srv | -`).then((lines) => lines.map((line) => line.split(' ')[1])),
  ).toEqual(['unknown', 'delivered', 'unknown', 'unknown', 'unknown']);
});

it('is unknown where the silence began long after the last frame, and where too little was sent', async () => {
  const late = await seenLeftAlone(`${CONVERSATION}
  3.5    > P/100 | cli>srv | ~
  3.7    > P/100* | cli>srv | ~
  4.1    > P/100* | cli>srv | ~`);
  expect(new Set(late.map((line) => line.split(' ')[1]))).toEqual(new Set(['unknown']));
  const little = await seenLeftAlone(`${CONVERSATION}
  2.05   > P/100 | cli>srv | ~
  2.25   > P/100* | cli>srv | ~`);
  expect(new Set(little.map((line) => line.split(' ')[1]))).toEqual(new Set(['unknown']));
});

it('is unknown where what came to it before was not answered either', async () => {
  const lines = await seenLeftAlone(`
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:80
  time   packet  | left    | right
  0      > S     | cli>srv | cli>srv
  1      > S*    | cli>srv | cli>srv
  3      > S*    | cli>srv | cli>srv
  3.1    > S*    | cli>srv | -
  7      > S*    | cli>srv | -
  15     > S*    | cli>srv | -`);
  expect(new Set(lines.map((line) => line.split(' ')[1]))).toEqual(new Set(['unknown']));
});
