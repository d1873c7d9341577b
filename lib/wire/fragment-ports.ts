// Ports for later IP fragments, which have none of their own: those of the datagram's first fragment at the same point, by addresses, protocol and identification.
import { NO_TUPLE } from '../model/packet-columns';
import type { SparseTable } from '../model/sparse-tables';
import type { DecodedFrame } from './decoded-frame';
import { InternTable } from './intern-table';
import type { TupleInterner } from './tuple-interner';

/** Longest that any receiver waits for the rest of a datagram (RFC 8200 section 4.5; Linux: 30 s for IPv4), ns. */
const LONGEST_WAIT_NS = 60e9;
/** Datagrams remembered; then all are forgotten at once. */
const MOST_DATAGRAMS = 65_536;
/** Fragments of the block that came before their first one, remembered. */
const MOST_WAITING = 1024;
const KEY_WIDTH = 7;

export interface FragmentRow {
  /** Within the block. */
  readonly row: number;
  readonly time: number;
  readonly tuple: number;
  /** What makes the point, with the frame's own ifindex. */
  readonly interfaceIndex: number;
  readonly occurrence: number;
}

export class FragmentPorts {
  private datagrams = new InternTable(KEY_WIDTH);
  private readonly key = new Uint32Array(KEY_WIDTH);
  /** By datagram: directed tuple of its newest first fragment, and when that was seen. */
  private readonly firstTuple = new Uint32Array(MOST_DATAGRAMS);
  private readonly firstTime = new Float64Array(MOST_DATAGRAMS);
  /** Rows of the table that wait for their first fragment, and their datagrams. */
  private waitingRows: number[] = [];
  private waitingDatagrams: number[] = [];

  constructor(private readonly addresses: TupleInterner) {}

  /** The table of the block before is gone. */
  beginBlock(): void {
    this.waitingRows = [];
    this.waitingDatagrams = [];
  }

  /** Adds the frame's fragment to the table. */
  write(
    bytes: Uint8Array,
    frame: DecodedFrame,
    at: FragmentRow,
    table: SparseTable<'fragments'>,
  ): void {
    const datagram = this.internDatagram(bytes, frame, at);
    let { tuple } = at;
    if (frame.fragmentOffset === 0) {
      this.firstTuple[datagram] = tuple;
      this.firstTime[datagram] = at.time;
      this.settle(datagram, tuple, table);
    } else if (
      this.firstTuple[datagram] !== NO_TUPLE &&
      Math.abs(at.time - this.firstTime[datagram]) <= LONGEST_WAIT_NS
    )
      tuple = this.firstTuple[datagram];
    else if (this.waitingRows.length < MOST_WAITING) {
      this.waitingRows.push(table.length);
      this.waitingDatagrams.push(datagram);
    }
    table.push(at.row);
    table.push(tuple);
    table.push(frame.fragmentIdent);
    table.push(frame.fragmentOffset);
    table.push(Math.max(0, frame.fragmentEnd - frame.fragmentStart));
    table.push(frame.fragmentMore);
  }

  private internDatagram(bytes: Uint8Array, frame: DecodedFrame, at: FragmentRow): number {
    const { key, addresses } = this;
    if (this.datagrams.count === MOST_DATAGRAMS) {
      this.datagrams = new InternTable(KEY_WIDTH);
      this.beginBlock();
    }
    key[0] = addresses.internAddress(bytes, frame.fragmentSource, frame.fragmentFamily);
    key[1] = addresses.internAddress(bytes, frame.fragmentDestination, frame.fragmentFamily);
    key[2] = frame.fragmentProtocol;
    key[3] = frame.fragmentIdent;
    key[4] = at.interfaceIndex;
    key[5] = frame.ifindex;
    key[6] = at.occurrence;
    const known = this.datagrams.count;
    const datagram = this.datagrams.intern(key);
    if (datagram === known) this.firstTuple[datagram] = NO_TUPLE;
    return datagram;
  }

  /** Gives what came before its first fragment the first one's tuple. */
  private settle(datagram: number, tuple: number, table: SparseTable<'fragments'>): void {
    for (let i = this.waitingRows.length - 1; i >= 0; i -= 1) {
      if (this.waitingDatagrams[i] !== datagram) continue;
      table.set(this.waitingRows[i], 'tuple', tuple);
      this.waitingRows.splice(i, 1);
      this.waitingDatagrams.splice(i, 1);
    }
  }
}
