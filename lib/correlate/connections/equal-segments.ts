// TCP frames with one identity, wherever they were seen: what legs are joined by, in order of frames. Captures of one path show frames in nearly the same
// order: what follows a frame is compared with what followed the one that it was alike to, and only where that fails a table is asked.
import { LENGTH_OVERFLOW, type PacketColumns } from '../../model/packet-columns';
import type { PacketTable } from '../../model/packet-table';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_ACK, TCP_IDENTITY_FLAGS } from '../../model/tcp-flags';
import { AlikeRows } from '../identities/alike-rows';
import type { IdentityFields } from '../identities/identity';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import { type RowSlice, rowSlices } from '../input/row-slices';
import { type LegTable, NO_LEG } from '../legs/legs';

/** Of so many frames that follow each other at one point one is nearly always alike to the next one of another. */
const EXPECTED = 8;

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
  const meeting = new Meeting(input, legs, identities, fields, answered, unanswered);
  for (const slice of rowSlices(input)) {
    meeting.take(slice);
    yield slice.done;
  }
}

class Meeting {
  private readonly finder: FirstEqual;
  private readonly isTcp: Uint8Array;
  /** By leg: the leg that it was last told to equal, as frame after frame says the same. */
  private readonly told: Uint32Array;
  private readonly legOfRow: Uint32Array;

  constructor(
    input: CorrelationInput,
    legs: LegTable,
    private readonly identities: Uint32Array,
    fields: IdentityFields,
    private readonly answered: EqualLegs,
    private readonly unanswered: EqualLegs,
  ) {
    this.finder = new FirstEqual(input, identities, fields);
    this.isTcp = Uint8Array.from(legs.tuple, (tuple) =>
      input.tuples.protocol(tuple * 2) === PROTOCOL_TCP ? 1 : 0,
    );
    this.told = new Uint32Array(legs.count).fill(NO_LEG);
    this.legOfRow = legs.legOfRow;
  }

  take({ source, columns, from, to, globalBase, rowBase }: RowSlice): void {
    const { finder, isTcp, told, legOfRow, identities } = this;
    for (let i = from, at = globalBase + from; i < to; i += 1, at += 1) {
      const leg = legOfRow[at];
      if (leg === NO_LEG || isTcp[leg] === 0 || identities[at] === 0) continue;
      let first = finder.expect(at);
      // What says the same as the frame before needs no proof.
      if (first === at || told[leg] === legOfRow[first]) continue;
      first = finder.prove(at, first, columns, i, source.table, rowBase + i);
      const other = legOfRow[first];
      if (first === at || told[leg] === other) continue;
      const differs = (columns.tuple[i] ^ finder.tupleOfFirst) & 1;
      if ((columns.flags[i] & TCP_ACK) !== 0) {
        told[leg] = other;
        this.answered(leg, other, differs);
      } else if (leg !== other) this.unanswered(leg, other, differs);
    }
  }
}

/** Finds the first frame that is alike to one. Frames are asked about in order. */
class FirstEqual {
  /** Tuple of the frame that `prove` has found. */
  tupleOfFirst = 0;
  /** By global row: the first one with its identity, where it was asked about, plus 1. */
  private readonly first: Uint32Array;
  private readonly alike = new AlikeRows();
  private readonly earlier: RowCursor;
  /** The row that the next one is alike to, if this capture shows frames in the order of another. */
  private expected = 0;
  /** By identity: frames that have it by chance, and are not alike to the first. */
  private readonly besides = new Map<number, number[]>();

  constructor(
    input: CorrelationInput,
    private readonly identities: Uint32Array,
    private readonly fields: IdentityFields,
  ) {
    this.first = new Uint32Array(input.totalRows);
    this.earlier = new RowCursor(input);
    this.alike.begin(input.totalRows);
  }

  /** The first row with the identity of this one; itself where none is before it. */
  expect(row: number): number {
    const { identities, first } = this;
    const own = identities[row];
    let other = this.expected;
    const last = Math.min(row, other + EXPECTED);
    while (other < last && (identities[other] !== own || first[other] === 0)) other += 1;
    if (other < last) {
      this.expected = other + 1;
      first[row] = first[other];
    } else {
      const found = this.alike.firstOf(own, row, 0);
      if (found !== row) this.expected = found + 1;
      first[row] = found + 1;
    }
    return first[row] - 1;
  }

  /** Of rows with one identity, which 32 bits tell: the first that is alike in its fields, too; the row itself where none is. */
  prove(
    row: number,
    found: number,
    columns: PacketColumns,
    i: number,
    table: PacketTable,
    ownRow: number,
  ): number {
    if (this.isAlike(found, columns, i, table, ownRow)) return found;
    const own = this.identities[row];
    const others = this.besides.get(own) ?? [];
    const other = others.find((one) => this.isAlike(one, columns, i, table, ownRow));
    this.first[row] = (other ?? row) + 1;
    if (other !== undefined) return other;
    this.besides.set(own, [...others, row]);
    return row;
  }

  private isAlike(
    first: number,
    columns: PacketColumns,
    i: number,
    table: PacketTable,
    row: number,
  ): boolean {
    const { earlier, fields } = this;
    const place = earlier.seek(first);
    const other = earlier.columns;
    this.tupleOfFirst = other.tuple[place];
    return (
      other.sequence[place] === columns.sequence[i] &&
      other.acknowledgement[place] === columns.acknowledgement[i] &&
      ((other.flags[place] ^ columns.flags[i]) & TCP_IDENTITY_FLAGS) === 0 &&
      other.payloadLength[place] === columns.payloadLength[i] &&
      (columns.payloadLength[i] !== LENGTH_OVERFLOW ||
        earlier.source.table.payloadLength(earlier.rowAt(place)) === table.payloadLength(row)) &&
      (!fields.timestamps ||
        (other.timestampValue[place] === columns.timestampValue[i] &&
          other.timestampEcho[place] === columns.timestampEcho[i]))
    );
  }
}
