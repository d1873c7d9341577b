// By how much the sequence numbers and timestamps of two legs differ that someone pinned together: a pin is proof enough of one connection, so one
// payload that both carry tells the distance, or, where they share none, the numbers that their handshakes begin with.
import { STATUS_TIMESTAMPS } from '../../model/packet-status';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_ACK, TCP_SYN } from '../../model/tcp-flags';
import type { CorrelationInput } from '../input/input';
import type { LegPair } from '../legs/leg-corrections';
import { type LegShift, NO_SHIFT, readNumbers, type TcpNumbers } from '../legs/leg-shifts';
import type { LegTable } from '../legs/legs';

/** Segments with payload that are compared, of each leg: from its beginning. */
const SEGMENTS_LOOKED_AT = 2048;
/** Timestamps are shifted where this many payloads agree in the distance; a proxy's own agree in none. */
const LEAST_STAMPS = 2;

interface Segment extends TcpNumbers {
  /** Of the tuple. */
  readonly direction: number;
  readonly stamped: boolean;
  /** Digest and length; 0: no payload, or a short capture. */
  readonly content: number;
}

/** What the first leg's numbers are more than the second's, by the first's tuple direction; in the order of `pairs`. */
export function findPinnedShifts(
  input: CorrelationInput,
  legs: LegTable,
  pairs: readonly LegPair[],
): readonly LegShift[] {
  if (pairs.length === 0) return [];
  const segments = readSegments(
    input,
    legs,
    new Set(pairs.flatMap(({ first, second }) => [first, second])),
  );
  return pairs.map(({ first, second, differs }) => {
    const [a, b] = [segments.get(first) ?? [], segments.get(second) ?? []];
    return shiftOfPayloads(a, b, differs) ?? shiftOfHandshakes(a, b, differs);
  });
}

/** Handshakes, and the first segments that carry something, in order of frames. */
function readSegments(
  input: CorrelationInput,
  legs: LegTable,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, readonly Segment[]> {
  const found = new Map<number, Segment[]>();
  for (const leg of wanted)
    if (input.tuples.protocol(legs.tuple[leg] * 2) === PROTOCOL_TCP) found.set(leg, []);
  input.captures.forEach(({ table }, capture) => {
    for (let row = 0; row < table.rows; row += 1) {
      const list = found.get(legs.legOfRow[input.rowBase[capture] + row]);
      if (list === undefined || list.length >= SEGMENTS_LOOKED_AT) continue;
      const columns = table.columnsOf(row);
      const i = table.indexInBlock(row);
      const digest = columns.payloadDigest[i];
      if (digest === 0 && (columns.flags[i] & TCP_SYN) === 0) continue;
      list.push({
        ...readNumbers(columns, i),
        direction: columns.tuple[i] & 1,
        stamped: (columns.status[i] & STATUS_TIMESTAMPS) !== 0,
        content: digest === 0 ? 0 : digest * 2 ** 20 + (table.payloadLength(row) & 0xfffff),
      });
    }
  });
  return found;
}

/** The distance that most payloads agree in; undefined: they share none. */
function shiftOfPayloads(
  first: readonly Segment[],
  second: readonly Segment[],
  differs: number,
): LegShift | undefined {
  const byContent = new Map<string, Segment>();
  const keyOf = (segment: Segment, flip: number): string =>
    `${segment.direction ^ flip} ${segment.content}`;
  for (const segment of second)
    if (segment.content !== 0 && !byContent.has(keyOf(segment, differs)))
      byContent.set(keyOf(segment, differs), segment);
  const votes = new Map<
    string,
    { readonly shift: LegShift; count: number; readonly stamps: Map<string, number> }
  >();
  for (const a of first) {
    const b = byContent.get(keyOf(a, 0));
    if (a.content === 0 || b === undefined) continue;
    const shift = distance(a, b);
    const key = shift.slice(0, 2).join(' ');
    const vote = votes.get(key) ?? { shift, count: 0, stamps: new Map<string, number>() };
    vote.count += 1;
    const stamps = a.stamped && b.stamped ? shift.slice(2).join(' ') : '';
    vote.stamps.set(stamps, (vote.stamps.get(stamps) ?? 0) + 1);
    votes.set(key, vote);
  }
  const [best] = [...votes.values()].sort((x, y) => y.count - x.count);
  if (best === undefined) return undefined;
  const [stamps, agreeing] = [...best.stamps].sort((x, y) => y[1] - x[1])[0];
  const [stamps0, stamps1] =
    stamps !== '' && agreeing >= LEAST_STAMPS ? stamps.split(' ').map(Number) : [0, 0];
  return [best.shift[0], best.shift[1], stamps0, stamps1];
}

/** What a segment's numbers are more than those of its like in the other leg, by its own leg's tuple direction. */
function distance(a: Segment, b: Segment): LegShift {
  const sequence = (a.sequence - b.sequence) >>> 0;
  const acknowledgement = (a.acknowledgement - b.acknowledgement) >>> 0;
  const value = (a.timestampValue - b.timestampValue) >>> 0;
  const echo = (a.timestampEcho - b.timestampEcho) >>> 0;
  return a.direction === 0
    ? [sequence, acknowledgement, value, echo]
    : [acknowledgement, sequence, echo, value];
}

/** From the SYN-ACKs, which have the numbers of both ends; from the SYNs those of one. */
function shiftOfHandshakes(
  first: readonly Segment[],
  second: readonly Segment[],
  differs: number,
): LegShift {
  for (const flags of [TCP_SYN | TCP_ACK, TCP_SYN]) {
    const isKind = (segment: Segment): boolean => (segment.flags & (TCP_SYN | TCP_ACK)) === flags;
    const a = first.find(isKind);
    const b = second.find(
      (other) => isKind(other) && other.direction === ((a?.direction ?? 0) ^ differs),
    );
    if (a === undefined || b === undefined) continue;
    const [sequence0, sequence1] = distance(a, b);
    return [sequence0, sequence1, 0, 0];
  }
  return NO_SHIFT;
}
