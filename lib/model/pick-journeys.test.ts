import { expect, it } from 'vitest';
import { articleSnapshot } from '../testing/article-snapshot';
import { pickJourneys } from './pick-journeys';

const window = articleSnapshot.journeys;

it('keeps the journeys asked for with their sightings, in that order', () => {
  const picked = pickJourneys(window, [4, 1]);
  expect(picked.journeyCount).toBe(2);
  expect(picked.sightingCount).toBe(4);
  expect([...picked.journeys.firstSighting]).toEqual([0, 2]);
  const first = window.journeys.firstSighting[4];
  expect([...picked.sightings.frame.subarray(0, 2)]).toEqual([
    ...window.sightings.frame.subarray(first, first + 2),
  ]);
  expect(picked.omitted).toBe(21);
});

it('gives the whole window back when all are asked for', () => {
  expect(pickJourneys(window, [...window.journeys.fate.keys()])).toEqual(window);
});
