// TCP frames with one identity, wherever they were seen: what legs are joined by. Frames are parted by their identity's lowest bits, so that the
// table in which equal ones meet is small enough for the processor's cache, and joined in order of frames, so that no order of hashing shows.
import { LENGTH_OVERFLOW } from '../../model/packet-columns';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_ACK } from '../../model/tcp-flags';
import { type IdentityFields, identityAt } from '../identities/identity';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import { rowSlices } from '../input/row-slices';
import { type LegTable, NO_LEG } from '../legs/legs';
import { IDENTITY_YIELD_ROWS } from '../limits';

/** Frames of a part: 12 bytes each, and a table of twice as many slots. */
const PART_FRAMES = 16_384;
const MOST_PARTS = 4096;

/** Takes two legs that carry the same segment; `differs`: 1 when their tuples run opposite ways. */
export type EqualLegs = (leg: number, earlier: number, differs: number) => void;

/** Tells of each segment that another leg carried before: `answered` ones, with an acknowledgement, and `unanswered` ones, which have one sequence number alone. */
export function* meetEqualSegments(
  input: CorrelationInput,
  legs: LegTable,
  identities: Uint32Array,
  fields: IdentityFields,
  answered: EqualLegs,
  unanswered: EqualLegs,
): Generator<number> {
  const firstEqual = yield* findFirstEqual(input, legs, identities, fields);
  /** By leg: the leg that it was last told to equal, as frame after frame says the same. */
  const told = new Uint32Array(legs.count).fill(NO_LEG);
  const earlier = new RowCursor(input);
  for (const { columns, from, to, globalBase, done } of rowSlices(input)) {
    for (let i = from; i < to; i += 1) {
      const first = firstEqual[globalBase + i];
      if (first === 0) continue;
      const leg = legs.legOfRow[globalBase + i];
      const other = legs.legOfRow[first - 1];
      if (told[leg] === other) continue;
      const place = earlier.seek(first - 1);
      const differs = (columns.tuple[i] ^ earlier.columns.tuple[place]) & 1;
      if ((columns.flags[i] & TCP_ACK) !== 0) {
        told[leg] = other;
        answered(leg, other, differs);
      } else if (leg !== other) unanswered(leg, other, differs);
    }
    yield 0.8 + 0.2 * done;
  }
}

/** By global row: the first row with the same 64 bits of identity, plus 1; 0 where none is before it. */
function* findFirstEqual(
  input: CorrelationInput,
  legs: LegTable,
  identities: Uint32Array,
  fields: IdentityFields,
): Generator<number, Uint32Array> {
  let parts = 1;
  while (parts < MOST_PARTS && parts * PART_FRAMES < input.totalRows) parts *= 2;
  const isSegment = new Uint8Array(input.totalRows);
  const firstOfPart = new Uint32Array(parts + 1);
  for (const { columns, from, to, globalBase, done } of rowSlices(input)) {
    for (let i = from, at = globalBase + from; i < to; i += 1, at += 1) {
      if (identities[at] === 0 || legs.legOfRow[at] === NO_LEG) continue;
      if (input.tuples.protocol(columns.tuple[i]) !== PROTOCOL_TCP) continue;
      isSegment[at] = 1;
      firstOfPart[(identities[at] & (parts - 1)) + 1] += 1;
    }
    yield 0.2 * done;
  }
  for (let part = 0; part < parts; part += 1) firstOfPart[part + 1] += firstOfPart[part];
  const count = firstOfPart[parts];
  const keys = new Uint32Array(count);
  // A digest with another seed verifies the first: 64 bits in all.
  const proofs = new Uint32Array(count);
  const rows = new Uint32Array(count);
  const next = firstOfPart.slice();
  for (const { source, columns, from, to, globalBase, rowBase, done } of rowSlices(input)) {
    for (let i = from, at = globalBase + from; i < to; i += 1, at += 1) {
      if (isSegment[at] === 0) continue;
      const place = next[identities[at] & (parts - 1)]++;
      const short = columns.payloadLength[i];
      const payload = short === LENGTH_OVERFLOW ? source.table.payloadLength(rowBase + i) : short;
      keys[place] = identities[at];
      proofs[place] = identityAt(columns, i, payload, PROTOCOL_TCP, 1, fields);
      rows[place] = at;
    }
    yield 0.2 + 0.3 * done;
  }
  const firstEqual = new Uint32Array(input.totalRows);
  const shift = Math.log2(parts);
  let slots = new Uint32Array(0);
  for (let part = 0, since = 0; part < parts; part += 1) {
    const [from, to] = [firstOfPart[part], firstOfPart[part + 1]];
    since += to - from;
    if (since >= IDENTITY_YIELD_ROWS) {
      since = 0;
      yield 0.5 + (0.3 * part) / parts;
    }
    // Twice the frames or more, a power of two.
    const size = 2 ** (33 - Math.clz32(to - from));
    if (slots.length < size) slots = new Uint32Array(size);
    else slots.fill(0, 0, size);
    for (let i = from; i < to; i += 1) {
      let slot = (keys[i] >>> shift) & (size - 1);
      while (slots[slot] !== 0) {
        const first = slots[slot] - 1;
        if (keys[first] === keys[i] && proofs[first] === proofs[i]) {
          firstEqual[rows[i]] = rows[first] + 1;
          break;
        }
        slot = (slot + 1) & (size - 1);
      }
      if (slots[slot] === 0) slots[slot] = i + 1;
    }
  }
  return firstEqual;
}
