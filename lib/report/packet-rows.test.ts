import { describe, expect, it } from 'vitest';
import type { CaseSnapshot } from '../model/snapshot';
import { articleSnapshot } from '../testing/article-snapshot';
import { buildWindow, type JourneySpec } from '../testing/window-builder';
import { buildPacketRows } from './packet-rows';

const [finding] = articleSnapshot.findings;
const connection = articleSnapshot.connections[0].id;

const snapshotOf = (...journeys: JourneySpec[]): CaseSnapshot => ({
  ...articleSnapshot,
  journeys: buildWindow({
    files: articleSnapshot.journeys.files,
    journeys: journeys.map((journey) => ({ connection, ...journey })),
  }),
});

describe('rows of the article’s case', () => {
  const { rows, keys, points } = buildPacketRows(
    articleSnapshot,
    [...articleSnapshot.journeys.journeys.fate.keys()],
    finding,
  );

  it('have a frame at each point, in the order of the lanes', () => {
    expect(points).toEqual([1, 0]);
    expect(rows).toHaveLength(23);
    expect([...rows[3].frames]).toEqual([
      [1, '4'],
      [0, '5'],
    ]);
  });

  it('name the steps that cite them, and what was not restored', () => {
    expect(rows[0].steps).toEqual([1, 2]);
    expect(rows[1]).toMatchObject({ forward: false, steps: [2, 3], notRestored: ['src'] });
    expect(rows[2]).toMatchObject({ forward: true, steps: [4, 5], notRestored: [] });
  });

  it('share a letter for what a hop did to many', () => {
    expect(keys.map(({ letter, packets }) => [letter, packets])).toEqual([
      ['A', 5],
      ['B', 9],
    ]);
    expect(keys[1].rewrites).toEqual([{ text: 'tcp.dstport 59906 → 60170', translation: true }]);
    expect(keys[0].rewrites.map(({ translation }) => translation)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('keep the timestamps when the line is short of room', () => {
    expect(rows[1].labels[1]).toBe('[S.] seq 905514022 ack 2204581175 TS 3455876045,1713889923');
  });
});

it('tells passages and copies apart, and shifts of sequence numbers by their size', () => {
  const snapshot = snapshotOf({
    sightings: [
      { time: 0, point: 0, frame: 1, sequence: 100 },
      { time: 5, point: 0, frame: 2, passage: 2, sequence: 4100 },
      { time: 3, point: 1, frame: 9, branch: 1 },
    ],
  });
  const { rows, keys } = buildPacketRows(snapshot, [0], null);
  expect([...rows[0].frames.values()]).toEqual(['1, 2', '(9)']);
  expect(keys).toEqual([
    {
      letter: 'A',
      direction: 'forward',
      from: 'p1',
      to: 'p1/2',
      rewrites: [{ text: 'tcp.seq_raw shifted by 4000', translation: false }],
      packets: 1,
    },
  ]);
  expect(rows[0].steps).toEqual([]);
});

it('says between which stops a packet was lost', () => {
  const snapshot = snapshotOf({
    fate: 'lost',
    reason: 'sent-again',
    between: [
      [0, 2],
      [1, 1],
    ],
    sightings: [{ time: 0 }],
  });
  expect(buildPacketRows(snapshot, [0], null).rows[0]).toMatchObject({
    fate: 'lost',
    between: ['p1/2', 'p2'],
  });
});

it('goes on after Z', () => {
  const journeys = Array.from({ length: 28 }, (_, j) => ({
    sightings: [
      { time: j * 10, point: 0, ttl: 200 },
      { time: j * 10 + 1, point: 1, ttl: 100 + j },
    ],
  }));
  const snapshot = snapshotOf(...journeys);
  const { keys } = buildPacketRows(snapshot, [...journeys.keys()], null);
  expect(keys.map(({ letter }) => letter).slice(24)).toEqual(['Y', 'Z', 'AA', 'AB']);
});
