// Ports for later IP fragments, which have none of their own: those of the datagram's first fragment at the same point, by addresses, protocol and identification.
import { NO_TUPLE } from '../model/packet-columns';
import type { SparseTables } from '../model/sparse-tables';
import type { DecodedFrame } from './decoded-frame';
import { InternTable } from './intern-table';
import type { TupleInterner } from './tuple-interner';

/** Longest that any receiver waits for the rest of a datagram (RFC 8200 section 4.5; Linux: 30 s for IPv4), ns. */
const LONGEST_WAIT_NS = 60e9;
/** Datagrams remembered; then all are forgotten at once. */
const MOST_DATAGRAMS = 65_536;
/** Fragments that came before their first one, remembered; the oldest give way. */
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
  /** What waits for its first fragment, oldest first: places in the capture's whole table. */
  private waiting: {
    readonly position: number;
    readonly datagram: number;
    readonly time: number;
  }[] = [];
  /** Place in the capture's whole table of the first row of the block at hand. */
  private base = 0;

  constructor(private readonly addresses: TupleInterner) {}

  /** The block at hand goes out with `rows` rows of the table. */
  finishBlock(rows: number): void {
    this.base += rows;
  }

  /** Adds the frame's fragment to the block's table. */
  write(bytes: Uint8Array, frame: DecodedFrame, at: FragmentRow, tables: SparseTables): void {
    const table = tables.fragments;
    const datagram = this.internDatagram(bytes, frame, at);
    let { tuple } = at;
    if (frame.fragmentOffset === 0) {
      this.firstTuple[datagram] = tuple;
      this.firstTime[datagram] = at.time;
      this.settle(datagram, tuple, at, tables);
    } else if (
      this.firstTuple[datagram] !== NO_TUPLE &&
      Math.abs(at.time - this.firstTime[datagram]) <= LONGEST_WAIT_NS
    )
      tuple = this.firstTuple[datagram];
    else {
      if (this.waiting.length === MOST_WAITING) this.waiting.shift();
      this.waiting.push({ position: this.base + table.length, datagram, time: at.time });
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
      this.waiting = [];
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

  /** Gives what came before its first fragment the first one's tuple: in the block's table, or told to who has the blocks before. */
  private settle(
    datagram: number,
    tuple: number,
    { row, time }: FragmentRow,
    { fragments, settledFragments }: SparseTables,
  ): void {
    this.waiting = this.waiting.filter((one) => {
      if (one.datagram !== datagram) return true;
      if (Math.abs(time - one.time) > LONGEST_WAIT_NS) return false;
      if (one.position >= this.base) fragments.set(one.position - this.base, 'tuple', tuple);
      else {
        settledFragments.push(row);
        settledFragments.push(one.position);
        settledFragments.push(tuple);
      }
      return false;
    });
  }
}
