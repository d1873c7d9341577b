// Streams of a capture as Wireshark counts them: numbered from 0 by their first segment, with the sequence numbers that each direction counts from. Made when a filter asks for them.
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import { NO_TUPLE } from '../model/packet-columns';
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import type { PacketTable } from '../model/packet-table';
import { PROTOCOL_TCP } from '../model/protocols';
import { TCP_ACK, TCP_SYN } from '../model/tcp-flags';
import type { TupleTable } from '../model/tuple-table';

const NO_STREAM = 0xffffffff;
const FIRST_STREAMS = 1024;

export class TcpStreams {
  /** By row of the table; NO_STREAM: no TCP segment. */
  private readonly stream: Uint32Array;
  /** By stream and direction: what relative numbers are counted from. */
  private initial = new Uint32Array(2 * FIRST_STREAMS);
  private known = new Uint8Array(2 * FIRST_STREAMS);
  private count = 0;

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
        stream = this.begin();
        streamOfTuple[tuple] = stream;
      }
      this.stream[row] = stream;
      // Where no SYN was seen, the first byte seen is number 1.
      const base = flags & TCP_SYN ? sequence : sequenceAdd(sequence, -1);
      this.learn(2 * stream + direction, base);
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

  private relative(row: number, other: 0 | 1, value: number): number | undefined {
    const stream = this.stream[row];
    if (stream === NO_STREAM) return undefined;
    const direction = (this.table.get('tuple', row) & 1) ^ other;
    return sequenceDifference(value, this.initial[2 * stream + direction]) >>> 0;
  }

  private begin(): number {
    if (2 * this.count === this.initial.length) {
      const [initial, known] = [this.initial, this.known];
      this.initial = new Uint32Array(2 * initial.length);
      this.initial.set(initial);
      this.known = new Uint8Array(2 * known.length);
      this.known.set(known);
    }
    return this.count++;
  }

  private learn(at: number, initial: number): void {
    if (this.known[at] === 1) return;
    this.known[at] = 1;
    this.initial[at] = initial;
  }
}
