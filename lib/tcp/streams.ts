// TCP streams of a capture as Wireshark counts them: numbered from 0 by their first segment, with the sequence numbers that each direction counts from, the scale of
// its windows, and the times of its segments. Made when a filter asks for them.
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import { NO_TUPLE } from '../model/packet-columns';
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import { MOST_WINDOW_SHIFT, NO_WINDOW_SCALE, type PacketTable } from '../model/packet-table';
import { PROTOCOL_TCP } from '../model/protocols';
import { TCP_ACK, TCP_SYN } from '../model/tcp-flags';
import type { TupleTable } from '../model/tuple-table';
import { findAcknowledgedRows } from './acknowledged-segments';

const NO_STREAM = 0xffffffff;
const FIRST_STREAMS = 1024;
/** No SYN of the direction was seen; it was, and offered no scale. */
const SHIFT_UNSEEN = 0xff;
const SHIFT_REFUSED = 0xfe;

export class TcpStreams {
  /** By row of the table; NO_STREAM: no TCP segment. */
  private readonly stream: Uint32Array;
  /** By stream and direction: what relative numbers are counted from. */
  private initial = new Uint32Array(2 * FIRST_STREAMS);
  private known = new Uint8Array(2 * FIRST_STREAMS);
  /** By stream and direction: what the sender's SYN says of its windows. */
  private shift = new Uint8Array(2 * FIRST_STREAMS).fill(SHIFT_UNSEEN);
  /** By stream: its first row. */
  private firstRow = new Uint32Array(FIRST_STREAMS);
  private count = 0;
  /** By row: the row before it in its stream, its own where there is none. Made when asked for. */
  private previous: Uint32Array | undefined;
  /** By row: the row of its peer that it acknowledges, its own where there is none. Made when asked for. */
  private acknowledged: Uint32Array | undefined;

  constructor(
    private readonly table: PacketTable,
    tuples: TupleTable,
  ) {
    this.stream = new Uint32Array(table.rows).fill(NO_STREAM);
    const streamOfTuple = new Uint32Array(tuples.count).fill(NO_STREAM);
    for (let row = 0; row < table.rows; row++) {
      const columns = table.columnsOf(row);
      const at = table.indexInBlock(row);
      const directed = columns.tuple[at];
      const status = columns.status[at];
      if (directed === NO_TUPLE || !(status & STATUS_TRANSPORT) || status & STATUS_FRAGMENT)
        continue;
      if (tuples.protocol(directed) !== PROTOCOL_TCP) continue;
      const flags = columns.flags[at];
      const sequence = columns.sequence[at];
      const tuple = directed >>> 1;
      const direction = directed & 1;
      let stream = streamOfTuple[tuple];
      const isAnew =
        stream !== NO_STREAM &&
        (flags & (TCP_SYN | TCP_ACK)) === TCP_SYN &&
        this.known[2 * stream + direction] === 1 &&
        this.initial[2 * stream + direction] !== sequence;
      if (stream === NO_STREAM || isAnew) {
        stream = this.begin(row);
        streamOfTuple[tuple] = stream;
      }
      this.stream[row] = stream;
      // Where no SYN was seen, the first byte seen is number 1.
      const base = flags & TCP_SYN ? sequence : sequenceAdd(sequence, -1);
      this.learn(2 * stream + direction, base);
      if (flags & TCP_SYN) {
        const { windowScale } = table.synOptionsOf(row);
        this.shift[2 * stream + direction] =
          windowScale === NO_WINDOW_SCALE
            ? SHIFT_REFUSED
            : Math.min(windowScale, MOST_WINDOW_SHIFT);
      }
      if (flags & TCP_ACK)
        this.learn(2 * stream + (direction ^ 1), sequenceAdd(columns.acknowledgement[at], -1));
    }
  }

  /** undefined: the frame is no TCP segment. */
  streamOf(row: number): number | undefined {
    const stream = this.stream[row];
    return stream === NO_STREAM ? undefined : stream;
  }

  /** Of the row's own sequence numbers, counted from the stream's first. */
  relativeSequence(row: number, sequence: number): number | undefined {
    return this.relative(row, 0, sequence);
  }

  /** Of numbers that the row says of the other direction. */
  relativeAcknowledgement(row: number, acknowledgement: number): number | undefined {
    return this.relative(row, 1, acknowledgement);
  }

  /**
   * By how many bits the row's window is to be shifted; `unknown`: its sender's SYN was not seen; `none`: one of the two did not offer it (RFC 7323, 2.2).
   * A SYN's own window is never shifted.
   */
  windowShift(row: number): number | 'unknown' | 'none' {
    const stream = this.stream[row];
    if (stream === NO_STREAM) return 'unknown';
    const direction = this.table.get('tuple', row) & 1;
    const [own, other] = [
      this.shift[2 * stream + direction],
      this.shift[2 * stream + (direction ^ 1)],
    ];
    if (own === SHIFT_REFUSED || other === SHIFT_REFUSED) return 'none';
    return own === SHIFT_UNSEEN ? 'unknown' : own;
  }

  /** ns since the stream's first segment. */
  timeRelative(row: number): number | undefined {
    const stream = this.stream[row];
    if (stream === NO_STREAM) return undefined;
    return this.table.get('time', row) - this.table.get('time', this.firstRow[stream]);
  }

  /** ns since the segment before it in its stream; 0 for the first. */
  timeDelta(row: number): number | undefined {
    if (this.stream[row] === NO_STREAM) return undefined;
    this.previous ??= this.findPrevious();
    return this.table.get('time', row) - this.table.get('time', this.previous[row]);
  }

  /** The segment of the peer whose end it acknowledges; undefined: it acknowledges none, or no one for the first time. */
  acknowledgedRow(row: number): number | undefined {
    this.acknowledged ??= findAcknowledgedRows(
      this.table,
      (other) => this.streamOf(other),
      this.count,
    );
    return this.acknowledged[row] === row ? undefined : this.acknowledged[row];
  }

  /** ns from that segment to the row. */
  acknowledgementTime(row: number): number | undefined {
    const sent = this.acknowledgedRow(row);
    return sent === undefined
      ? undefined
      : this.table.get('time', row) - this.table.get('time', sent);
  }

  private findPrevious(): Uint32Array {
    const last = this.firstRow.slice(0, this.count);
    return this.stream.map((stream, row) => {
      if (stream === NO_STREAM) return row;
      const before = last[stream];
      last[stream] = row;
      return before;
    });
  }

  private relative(row: number, other: 0 | 1, value: number): number | undefined {
    const stream = this.stream[row];
    if (stream === NO_STREAM) return undefined;
    const direction = (this.table.get('tuple', row) & 1) ^ other;
    return sequenceDifference(value, this.initial[2 * stream + direction]) >>> 0;
  }

  private begin(row: number): number {
    if (this.count === this.firstRow.length) {
      const { initial, known, shift, firstRow } = this;
      this.initial = new Uint32Array(2 * initial.length);
      this.initial.set(initial);
      this.known = new Uint8Array(2 * known.length);
      this.known.set(known);
      this.shift = new Uint8Array(2 * shift.length).fill(SHIFT_UNSEEN);
      this.shift.set(shift);
      this.firstRow = new Uint32Array(2 * firstRow.length);
      this.firstRow.set(firstRow);
    }
    this.firstRow[this.count] = row;
    return this.count++;
  }

  private learn(at: number, initial: number): void {
    if (this.known[at] === 1) return;
    this.known[at] = 1;
    this.initial[at] = initial;
  }
}
