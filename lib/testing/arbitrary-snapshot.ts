// Snapshots of any content that a reader must take: for round trips. Journeys are as the engine gives them, sightings in the order of their journeys.
import fc from 'fast-check';
import { allocateColumns } from '../base/columns';
import { FATE_REASONS, FATES } from '../model/fate';
import { JOURNEY_COLUMNS, type JourneyWindow, SIGHTING_COLUMNS } from '../model/journey-window';
import type { CaseSnapshot } from '../model/snapshot';
import { makeStop, NO_STOP } from '../model/stop';
import { articleSnapshot } from './article-snapshot';

const POINTS = articleSnapshot.points.length;
const CAPTURES = articleSnapshot.captures.length;

const WIDTHS = { Uint8Array: 0xff, Uint16Array: 0xffff, Uint32Array: 0xffff_ffff } as const;

/** Columns that are indices, and what they must stay below. */
const limitOf = (name: string, strings: number): number | undefined =>
  ({
    point: POINTS - 1,
    capture: CAPTURES - 1,
    source: strings - 1,
    destination: strings - 1,
    sourceMac: strings - 1,
    destinationMac: strings - 1,
    encapsulation: strings - 1,
    quote: strings - 1,
  })[name];

function arbitraryValue(name: string, column: object, strings: number): fc.Arbitrary<number> {
  if (name === 'time') return fc.integer({ min: -1e12, max: 1e15 });
  const width = WIDTHS[column.constructor.name as keyof typeof WIDTHS];
  const max = limitOf(name, strings) ?? width;
  return fc.oneof(
    fc.integer({ min: name === 'frame' || name === 'passage' ? 1 : 0, max }),
    fc.constant(max),
  );
}

const stop = fc.oneof(
  fc.constant(NO_STOP),
  fc
    .tuple(fc.integer({ min: 0, max: POINTS - 1 }), fc.integer({ min: 1, max: 255 }))
    .map(([point, passage]) => makeStop(point, passage)),
);

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

const journey = fc.record({
  connection: fc.constant(0),
  sightingCount: fc.integer({ min: 1, max: 5 }),
  lostFrom: stop,
  lostTo: stop,
  byteStart: uint32,
  byteEnd: uint32,
  direction: fc.integer({ min: 0, max: 1 }),
  fate: fc.integer({ min: 0, max: FATES.length - 1 }),
  reason: fc.integer({ min: 0, max: FATE_REASONS.length - 1 }),
  flags: fc.integer({ min: 0, max: 7 }),
});

export const arbitraryWindow: fc.Arbitrary<JourneyWindow> = fc
  .tuple(fc.array(journey, { maxLength: 12 }), fc.array(fc.string({ unit: 'grapheme' })))
  .chain(([rows, texts]) => {
    const strings = ['', ...texts];
    const count = rows.reduce((sum, row) => sum + row.sightingCount, 0);
    const empty = allocateColumns(SIGHTING_COLUMNS, 0);
    const values = Object.entries(empty).map(([name, column]) =>
      name === 'referenceTime'
        ? fc.constant<number[]>([])
        : fc.array(arbitraryValue(name, column, strings.length), {
            minLength: count,
            maxLength: count,
          }),
    );
    const shifts = fc.array(fc.integer({ min: -1e10, max: 1e10 }), {
      minLength: count,
      maxLength: count,
    });
    return fc.tuple(fc.tuple(...values), shifts).map(([columns, clockShifts]) => {
      const sightings = allocateColumns(SIGHTING_COLUMNS, count);
      Object.values(sightings).forEach((column, i) => {
        column.set(columns[i]);
      });
      for (let i = 0; i < count; i++)
        sightings.referenceTime[i] = sightings.time[i] + clockShifts[i];
      const journeys = allocateColumns(JOURNEY_COLUMNS, rows.length);
      let first = 0;
      rows.forEach((row, j) => {
        for (const [name, value] of Object.entries(row))
          journeys[name as keyof typeof row][j] = value;
        journeys.firstSighting[j] = first;
        first += row.sightingCount;
      });
      return {
        ...articleSnapshot.journeys,
        strings,
        journeyCount: rows.length,
        sightingCount: count,
        journeys,
        sightings,
        omitted: count,
      };
    });
  });

export const arbitrarySnapshot: fc.Arbitrary<CaseSnapshot> = fc
  .record({
    title: fc.string({ unit: 'grapheme' }),
    text: fc.string({ unit: 'grapheme' }),
    frame: uint32,
    span: fc.option(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat())),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    window: arbitraryWindow,
  })
  .map(({ title, text, frame, span, confidence, window }) => ({
    ...articleSnapshot,
    title,
    journeys: window,
    findings: articleSnapshot.findings.map((finding) => ({
      ...finding,
      confidence: confidence + 0,
      summary: text,
      steps: [{ text, frames: [{ file: text, frame }] }],
    })),
    notes: [
      { id: 'a', target: { kind: 'connection' as const, connection: text }, text },
      { id: 'b', target: { kind: 'finding' as const, finding: text }, text },
      { id: 'c', target: { kind: 'frame' as const, file: text, frame }, text },
    ],
    ...(span === null
      ? {}
      : {
          connections: articleSnapshot.connections.map((connection) => ({
            ...connection,
            closing: { by: 'server' as const, at: 'p2', finBefore: null, fromSender: false },
          })),
          corrections: {
            matches: [
              {
                kind: 'forbid' as const,
                first: { capture: text, frame },
                second: { capture: text, frame },
              },
            ],
            clocks: [{ capture: text, nudgeNs: span[0] + 0 }],
            points: [],
            hosts: [
              { kind: 'alone' as const, capture: text },
              { kind: 'with' as const, capture: text, other: title },
            ],
          },
        }),
    view: { ...articleSnapshot.view, span: span && ([span[0] + 0, span[1]] as const) },
  }));
