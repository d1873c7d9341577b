// Numbers for addresses and tuples of one capture, as lib/model/parsed-block.ts hands them on: new ones go out with each block.
import { NO_TUPLE } from '../model/packet-columns';
import { ADDRESS_STRIDE } from '../model/parsed-block';
import { uint32 } from './bytes';
import type { DecodedFrame } from './decoded-frame';
import { InternTable } from './intern-table';

const ADDRESS_WIDTH = 5;
const TUPLE_WIDTH = 5;
/** Tuples met lately, by their bytes as they stand in the frame; a power of two. */
const RECENT = 4096;
const RECENT_WIDTH = 5;

export class TupleInterner {
  private readonly addresses = new InternTable(ADDRESS_WIDTH);
  private readonly tuples = new InternTable(TUPLE_WIDTH);
  private addressesTaken = 0;
  private tuplesTaken = 0;
  private readonly key = new Uint32Array(ADDRESS_WIDTH);
  private readonly tupleKey = new Uint32Array(TUPLE_WIDTH);
  /** Source, destination, ports, protocol and directed tuple of IPv4 frames: most frames repeat one of these. */
  private readonly recent = new Uint32Array(RECENT * RECENT_WIDTH).fill(NO_TUPLE);

  /** Directed tuple of the frame's innermost packet; NO_TUPLE where it has none. */
  internTuple(bytes: Uint8Array, frame: DecodedFrame): number {
    if (frame.family === 4) return this.internIpv4(bytes, frame);
    return frame.family === 6 ? this.internEnds(bytes, frame) : NO_TUPLE;
  }

  /** Number of the address at bytes[at]. */
  internAddress(bytes: Uint8Array, at: number, family: number): number {
    const { key } = this;
    key[0] = family;
    key[1] = uint32(bytes, at);
    if (family === 4) {
      key[2] = 0;
      key[3] = 0;
      key[4] = 0;
    } else {
      key[2] = uint32(bytes, at + 4);
      key[3] = uint32(bytes, at + 8);
      key[4] = uint32(bytes, at + 12);
    }
    return this.addresses.intern(key);
  }

  /** Addresses interned since the call before. */
  takeAddresses(): Uint8Array<ArrayBuffer> {
    const { addresses, addressesTaken } = this;
    const entries = new Uint8Array((addresses.count - addressesTaken) * ADDRESS_STRIDE);
    for (let row = addressesTaken; row < addresses.count; row++)
      this.writeAddress(entries, (row - addressesTaken) * ADDRESS_STRIDE, row);
    this.addressesTaken = addresses.count;
    return entries;
  }

  /** Tuples interned since the call before, in rows of TUPLE_STRIDE. */
  takeTuples(): Uint32Array<ArrayBuffer> {
    const rows = this.tuples.rowsFrom(this.tuplesTaken);
    this.tuplesTaken = this.tuples.count;
    return rows;
  }

  /** Writes family and 16 bytes of address number `row` to entries[at …]. */
  writeAddress(entries: Uint8Array, at: number, row: number): void {
    entries[at] = this.addresses.get(row, 0);
    for (let word = 0; word < 4; word++) {
      const value = this.addresses.get(row, word + 1);
      const place = at + 1 + word * 4;
      entries[place] = value >>> 24;
      entries[place + 1] = value >>> 16;
      entries[place + 2] = value >>> 8;
      entries[place + 3] = value;
    }
  }

  private internIpv4(bytes: Uint8Array, frame: DecodedFrame): number {
    const { recent } = this;
    const source = uint32(bytes, frame.source);
    const destination = uint32(bytes, frame.destination);
    const ports = ((frame.sourcePort << 16) | frame.destinationPort) >>> 0;
    let hash = Math.imul(source ^ Math.imul(destination, 0x85ebca6b), 0x9e3779b1) ^ ports;
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    const slot = ((hash ^ (hash >>> 15)) & (RECENT - 1)) * RECENT_WIDTH;
    if (
      recent[slot] === source &&
      recent[slot + 1] === destination &&
      recent[slot + 2] === ports &&
      recent[slot + 3] === frame.protocol
    )
      return recent[slot + 4];
    const tuple = this.internEnds(bytes, frame);
    recent[slot] = source;
    recent[slot + 1] = destination;
    recent[slot + 2] = ports;
    recent[slot + 3] = frame.protocol;
    recent[slot + 4] = tuple;
    return tuple;
  }

  private internEnds(bytes: Uint8Array, frame: DecodedFrame): number {
    const { tupleKey, tuples } = this;
    const source = this.internAddress(bytes, frame.source, frame.family);
    const destination = this.internAddress(bytes, frame.destination, frame.family);
    const swapped = isAfter(bytes, frame);
    tupleKey[0] = frame.protocol;
    tupleKey[1] = swapped ? destination : source;
    tupleKey[2] = swapped ? frame.destinationPort : frame.sourcePort;
    tupleKey[3] = swapped ? source : destination;
    tupleKey[4] = swapped ? frame.sourcePort : frame.destinationPort;
    return tuples.intern(tupleKey) * 2 + (swapped ? 1 : 0);
  }
}

/** Whether the frame's source end is ordered after its destination end: by address bytes, then port. */
function isAfter(bytes: Uint8Array, frame: DecodedFrame): boolean {
  const length = frame.family === 4 ? 4 : 16;
  for (let i = 0; i < length; i++) {
    const difference = bytes[frame.source + i] - bytes[frame.destination + i];
    if (difference !== 0) return difference > 0;
  }
  return frame.sourcePort > frame.destinationPort;
}
