// The two directions of one TCP connection on different ways: no point shows both, so no packet ties them. The tuple is the same,
// and one side acknowledges just what the other sent (RFC 9293 section 3.4): that is proof, as sequence numbers have 32 bits.
import { sequenceAdd } from '../../base/sequence-number';
import { STATUS_TRANSPORT } from '../../model/packet-status';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { CorrelationInput } from '../input/input';
import { type RowSlice, rowSlices } from '../input/row-slices';
import { type LegTable, NO_LEG } from '../legs/legs';
import { IDENTITY_YIELD_ROWS } from '../limits';

/** Frames of a leg that are looked at: an acknowledgement comes soon after what it is for. */
const LOOKED_AT = 64;
const BOTH_WAYS = 3;

/** Calls `join(a, b)` for legs of one tuple that show one direction each, where `a` acknowledges what `b` sent. */
export function* joinOneWayLegs(
  input: CorrelationInput,
  legs: LegTable,
  join: (a: number, b: number) => void,
): Generator<number> {
  const ways = new Uint8Array(legs.count);
  for (const slice of rowSlices(input)) {
    noteWays(legs, slice, ways);
    yield 0;
  }
  const waysOfTuple = new Uint8Array(input.tuples.count);
  for (let leg = 0; leg < legs.count; leg += 1)
    if (ways[leg] !== BOTH_WAYS && input.tuples.protocol(legs.tuple[leg] * 2) === PROTOCOL_TCP)
      waysOfTuple[legs.tuple[leg]] |= ways[leg];
  for (let leg = 0; leg < legs.count; leg += 1)
    if (waysOfTuple[legs.tuple[leg]] !== BOTH_WAYS) ways[leg] = BOTH_WAYS;
  if (ways.every((way) => way === BOTH_WAYS)) return;
  const answers = new Answers(legs);
  for (let capture = 0; capture < input.captures.length; capture += 1) {
    const { table } = input.captures[capture];
    const base = input.rowBase[capture];
    for (let row = 0; row < table.rows; row += 1) {
      if (row % IDENTITY_YIELD_ROWS === IDENTITY_YIELD_ROWS - 1) yield 0;
      const leg = legs.legOfRow[base + row];
      if (leg === NO_LEG || ways[leg] === BOTH_WAYS) continue;
      const flags = table.get('flags', row);
      if ((table.get('status', row) & STATUS_TRANSPORT) === 0 || (flags & TCP_RST) !== 0) continue;
      const space = table.payloadLength(row) + ((flags & (TCP_SYN | TCP_FIN)) === 0 ? 0 : 1);
      answers.take(
        leg,
        sequenceAdd(table.get('sequence', row), space),
        (flags & TCP_ACK) === 0 ? undefined : table.get('acknowledgement', row),
        ways[leg],
      );
    }
  }
  answers.join(join);
}

function noteWays(
  { legOfRow }: LegTable,
  { columns: { tuple }, from, to, globalBase }: RowSlice,
  ways: Uint8Array,
): void {
  for (let i = from; i < to; i += 1) {
    const leg = legOfRow[globalBase + i];
    if (leg !== NO_LEG) ways[leg] |= 1 << (tuple[i] & 1);
  }
}

/** What one-way legs sent and acknowledged, by tuple. */
class Answers {
  private readonly looked: Uint8Array;
  /** By tuple and way: the number that acknowledges a segment → the leg that sent it. */
  private readonly sent = new Map<number, Map<number, number>>();
  private readonly acknowledged: [leg: number, acknowledgement: number, way: number][] = [];

  constructor(private readonly legs: LegTable) {
    this.looked = new Uint8Array(legs.count);
  }

  take(leg: number, next: number, acknowledgement: number | undefined, way: number): void {
    if (this.looked[leg] === LOOKED_AT) return;
    this.looked[leg] += 1;
    const key = this.legs.tuple[leg] * 4 + way;
    const numbers = this.sent.get(key) ?? new Map<number, number>();
    this.sent.set(key, numbers);
    numbers.set(next, leg);
    if (acknowledgement !== undefined) this.acknowledged.push([leg, acknowledgement, way]);
  }

  join(join: (a: number, b: number) => void): void {
    for (const [leg, acknowledgement, way] of this.acknowledged) {
      const other = this.sent.get(this.legs.tuple[leg] * 4 + (BOTH_WAYS ^ way));
      const sender = other?.get(acknowledgement);
      if (sender !== undefined) join(leg, sender);
    }
  }
}
