// TCP analysis of every leg of every capture, per point: the step between reading and correlation.
import type { LoadedCapture } from '../correlate/input/loaded-capture';
import { placeKey } from '../model/capture';
import { NO_TUPLE } from '../model/packet-columns';
import { PROTOCOL_TCP } from '../model/protocols';
import type { TupleTable } from '../model/tuple-table';
import { analyseLeg } from '../tcp/analyse-leg';

/** Frames analysed between two yields. */
const YIELD_ROWS = 16_384;

/** Fills the `analysis` column of all captures. Yields 0 … 1. */
export function* analyseCaptures(
  captures: readonly LoadedCapture[],
  tuples: TupleTable,
): Generator<number> {
  for (const [index, capture] of captures.entries())
    for (const progress of analyseCapture(capture, tuples))
      yield (index + progress) / captures.length;
}

function* analyseCapture(capture: LoadedCapture, tuples: TupleTable): Generator<number> {
  const { table, links } = capture;
  const placeOfLink = numberPlaces(links);
  const places = placeOfLink.reduce((most, place) => Math.max(most, place + 1), 1);
  const groups = tuples.count * places;
  const first = new Uint32Array(groups + 1);
  const groupOf = (row: number): number => {
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    const tuple = columns.tuple[i];
    if (tuple === NO_TUPLE || tuples.protocol(tuple) !== PROTOCOL_TCP) return -1;
    return (tuple >>> 1) * places + placeOfLink[columns.link[i]];
  };
  for (let row = 0; row < table.rows; row += 1) {
    const group = groupOf(row);
    if (group >= 0) first[group + 1] += 1;
    if (row % YIELD_ROWS === YIELD_ROWS - 1) yield (0.3 * row) / table.rows;
  }
  for (let group = 0; group < groups; group += 1) first[group + 1] += first[group];
  const rows = new Uint32Array(first[groups]);
  const next = first.slice();
  for (let row = 0; row < table.rows; row += 1) {
    const group = groupOf(row);
    if (group >= 0) rows[next[group]++] = row;
    if (row % YIELD_ROWS === YIELD_ROWS - 1) yield 0.3 + (0.3 * row) / table.rows;
  }
  for (let group = 0, since = 0; group < groups; group += 1) {
    if (first[group + 1] === first[group]) continue;
    analyseLeg(table, rows.subarray(first[group], first[group + 1]));
    since += first[group + 1] - first[group];
    if (since < YIELD_ROWS) continue;
    since = 0;
    yield 0.6 + (0.4 * first[group]) / rows.length;
  }
}

/** Interfaces and ifindexes of a capture, numbered from 0; by link context. */
function numberPlaces(links: LoadedCapture['links']): number[] {
  const numbers = new Map<string, number>();
  return links.map((link) => {
    const key = placeKey(link);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
