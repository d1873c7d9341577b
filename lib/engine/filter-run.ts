// A display filter over a finished analysis: which journeys have a sighting that it lets through. What only bytes decide is asked again
// while the files that hold those frames are read once more, from front to back.

import { failure, type Result, success } from '../base/result';
import { connectionOf } from '../correlate/journeys/journeys';
import { NO, type Predicate, UNREAD_YET, YES } from '../filter/compile';
import { compileFilter } from '../filter/filter';
import type { FilterError } from '../filter/tokens';
import type { Diagnosis } from '../model/finding';
import { yieldToEventLoop } from '../read/event-loop';
import type { Analysis } from './analysis';
import { SubjectReader } from './filter-subject';

/** Time between two looks at the queue. */
const SLICE_MS = 8;
const LOOK_EVERY = 1024;

export interface FilterMatches {
  /** By journey of the correlation: 1 where one of its sightings matches. */
  readonly journeys: Uint8Array;
  /** By position in the analysis' order of connections. */
  readonly connections: Uint8Array;
  readonly journeyCount: number;
}

/** Gives the bytes of chosen frames of a capture, in order of their rows. */
export type ReadFrames = (
  file: string,
  rows: readonly number[],
  take: (row: number, bytes: Uint8Array, linkType: number, wireLength: number) => void,
  signal: AbortSignal,
) => Promise<void>;

/** The error points at the characters that cause it. Rejects with AbortError. */
export async function runFilter(
  analysis: Analysis,
  diagnosis: Diagnosis,
  text: string,
  readFrames: ReadFrames,
  signal: AbortSignal,
): Promise<Result<FilterMatches, FilterError>> {
  const { journeys, input } = analysis.correlation;
  const compiled = compileFilter(text, input.baseTime);
  if (!compiled.ok) return failure(compiled.error);
  const reader = new SubjectReader(analysis, diagnosis);
  const matched = new Uint8Array(journeys.count);
  const undecided = await askColumns(analysis, reader, compiled.value, matched, signal);
  for (const [capture, sightings] of undecided.entries())
    await askBytes(
      analysis,
      reader,
      compiled.value,
      matched,
      capture,
      sightings,
      readFrames,
      signal,
    );
  const connections = new Uint8Array(analysis.connections.length);
  let journeyCount = 0;
  for (let journey = 0; journey < journeys.count; journey += 1) {
    if (matched[journey] === 0) continue;
    journeyCount += 1;
    connections[reader.positionOf(connectionOf(journeys, journey))] = 1;
  }
  return success({ journeys: matched, connections, journeyCount });
}

/** A sighting that only its bytes decide: its row in the capture, its journey, its place among the journey's sightings. */
interface Undecided {
  readonly row: number;
  readonly journey: number;
  readonly position: number;
}

async function askColumns(
  analysis: Analysis,
  reader: SubjectReader,
  predicate: Predicate,
  matched: Uint8Array,
  signal: AbortSignal,
): Promise<readonly Undecided[][]> {
  const { journeys, input } = analysis.correlation;
  const undecided: Undecided[][] = input.captures.map(() => []);
  let end = performance.now() + SLICE_MS;
  for (let journey = 0; journey < journeys.count; journey += 1) {
    if (journey % LOOK_EVERY === LOOK_EVERY - 1 && performance.now() > end) {
      await yieldToEventLoop();
      signal.throwIfAborted();
      end = performance.now() + SLICE_MS;
    }
    const open: { readonly capture: number; readonly sighting: Undecided }[] = [];
    const count = journeys.firstSighting[journey + 1] - journeys.firstSighting[journey];
    for (let position = 0; position < count && matched[journey] === 0; position += 1) {
      const { capture, row } = reader.place(journey, position);
      const answer = predicate(reader.subject);
      if (answer === YES) matched[journey] = 1;
      else if (answer === UNREAD_YET) open.push({ capture, sighting: { row, journey, position } });
    }
    if (matched[journey] === 0)
      for (const { capture, sighting } of open) undecided[capture].push(sighting);
  }
  return undecided;
}

async function askBytes(
  analysis: Analysis,
  reader: SubjectReader,
  predicate: Predicate,
  matched: Uint8Array,
  capture: number,
  sightings: readonly Undecided[],
  readFrames: ReadFrames,
  signal: AbortSignal,
): Promise<void> {
  if (sightings.length === 0) return;
  const sorted = [...sightings].sort((a, b) => a.row - b.row || a.journey - b.journey);
  const rows = [...new Set(sorted.map(({ row }) => row))];
  let next = 0;
  const { file } = analysis.correlation.input.captures[capture];
  await readFrames(
    file,
    rows,
    (row, bytes, linkType, wireLength) => {
      for (; next < sorted.length && sorted[next].row <= row; next += 1) {
        const { journey, position } = sorted[next];
        if (sorted[next].row !== row || matched[journey] === 1) continue;
        reader.place(journey, position);
        reader.takeBytes(bytes, linkType, wireLength);
        if (predicate(reader.subject) !== NO) matched[journey] = 1;
      }
    },
    signal,
  );
}
