// What a pcapng file says beside its packets: comments, names, and how many packets were dropped, when.
import type { AddressName } from '../model/capture';
import { type FrameSink, readUint16, readUint32 } from './container-reader';
import type { PcapngInterface } from './pcapng-interface';
import { OPTION_COMMENT, optionText, readUint64, visitOptions } from './pcapng-options';
import { retisPacketId } from './retis-note';

/** More comments than a person reads are not kept. */
const MAXIMUM_COMMENTS = 1000;

const EPB_FLAGS = 2;
const EPB_DROPCOUNT = 4;
const EPB_PACKETID = 5;
const EPB_VERDICT = 7;
const ISB_STARTTIME = 2;
const ISB_ENDTIME = 3;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** Of epb_flags: direction; bytes of the frame check sequence from bit 5 on. */
const FLAG_DIRECTION = 0b11;
const FLAG_CHECK_SHIFT = 5;
const FLAG_CHECK = 0b1111;

/** Bytes of the frame check sequence that epb_flags tell of; 0: they do not. */
export const checkBytesOfFlags = (flags: number): number =>
  (flags >>> FLAG_CHECK_SHIFT) & FLAG_CHECK;

/** Options of the packet block at hand. */
export class PacketOptions {
  direction = 0;
  /** Bytes of the frame check sequence; 0: not said. */
  checkBytes = 0;
  /** Dropped between this packet and the one before on its interface; -1: not said. */
  drops = -1;

  clear(): void {
    this.direction = 0;
    this.checkBytes = 0;
    this.drops = -1;
  }
}

export class PcapngNotes {
  readonly comments: string[] = [];
  readonly names: AddressName[] = [];
  private readonly interfaceDrops = new Map<number, number>();
  /** Sum over packet blocks; null while none says anything. */
  private packetDrops: number | null = null;

  constructor(private readonly sink: FrameSink) {}

  /** Packets dropped, by the interfaces' statistics or by the packet blocks, whichever says more; null where nothing does. */
  get dropped(): number | null {
    if (this.interfaceDrops.size === 0) return this.packetDrops;
    let sum = 0;
    for (const count of this.interfaceDrops.values()) sum += count;
    return Math.max(sum, this.packetDrops ?? 0);
  }

  /** Index of the comment; -1: it is not kept. */
  addComment(text: string): number {
    return this.comments.length < MAXIMUM_COMMENTS ? this.comments.push(text) - 1 : -1;
  }

  readComments(bytes: Uint8Array, at: number, end: number, littleEndian: boolean): void {
    visitOptions(bytes, at, end, littleEndian, (code, start, length) => {
      if (code === OPTION_COMMENT) this.addComment(optionText(bytes, start, length));
    });
  }

  /** Options of a packet block: into `found` what its frame needs, the rest noted for the frame that comes next. */
  readPacketOptions(
    bytes: Uint8Array,
    at: number,
    end: number,
    littleEndian: boolean,
    found: PacketOptions,
  ): void {
    visitOptions(bytes, at, end, littleEndian, (code, start, length) => {
      if (code === EPB_FLAGS && length === 4) {
        const flags = readUint32(bytes, start, littleEndian);
        found.direction = flags & FLAG_DIRECTION;
        found.checkBytes = checkBytesOfFlags(flags);
        if ((flags & ~FLAG_DIRECTION) !== 0) this.sink.note?.('packetFlags', [flags]);
      } else if (code === EPB_DROPCOUNT && length === 8)
        found.drops = Number(readUint64(bytes, start, littleEndian));
      else if (code === EPB_PACKETID && length === 8)
        this.sink.note?.('packetIds', words(readUint64(bytes, start, littleEndian)));
      else if (code === EPB_VERDICT && length === 9)
        this.sink.note?.('verdicts', [
          bytes[start],
          ...words(readUint64(bytes, start + 1, littleEndian)),
        ]);
      else {
        const id = retisPacketId(code, bytes, start, length, littleEndian);
        if (id !== undefined) this.sink.note?.('packetIds', words(id));
      }
      if (code === OPTION_COMMENT) {
        const index = this.addComment(optionText(bytes, start, length));
        if (index >= 0) this.sink.note?.('comments', [index]);
      }
    });
  }

  /** Dropped on the interface between the packet before and the one at `time`. */
  addPacketDrops(count: number, index: number, described: PcapngInterface, time: number): void {
    this.packetDrops = (this.packetDrops ?? 0) + count;
    if (count === 0) return;
    described.dropsOfPackets += count;
    this.sink.note?.('drops', [index, described.lastTime, time, count]);
  }

  /** An interface statistics block. Its counters run from the start of the capture: the last word of an interface is its sum. */
  readStatistics(
    bytes: Uint8Array,
    body: number,
    end: number,
    littleEndian: boolean,
    index: number,
    described: PcapngInterface | undefined,
  ): void {
    let drops: number | null = null;
    const timeAt = (at: number): number =>
      described?.relativeTimeAt(
        readUint32(bytes, at, littleEndian),
        readUint32(bytes, at + 4, littleEndian),
      ) ?? Number.NaN;
    let from = Number.NaN;
    let to = timeAt(body + 4);
    visitOptions(bytes, body + 12, end, littleEndian, (code, start, length) => {
      if ((code === ISB_IFDROP || code === ISB_OSDROP) && length === 8)
        drops = (drops ?? 0) + Number(readUint64(bytes, start, littleEndian));
      else if (code === ISB_STARTTIME && length === 8) from = timeAt(start);
      else if (code === ISB_ENDTIME && length === 8) to = timeAt(start);
      else if (code === OPTION_COMMENT) this.addComment(optionText(bytes, start, length));
    });
    if (drops === null) return;
    this.interfaceDrops.set(index, drops);
    described?.takeStatistics(drops, from, to, (since, until, count) =>
      this.sink.note?.('drops', [index, since, until, count]),
    );
  }
}

/** A drop count of an obsolete packet block; 0xffff: the writer does not know. */
export function obsoleteDrops(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const drops = readUint16(bytes, at, littleEndian);
  return drops === 0xffff ? -1 : drops;
}

const words = (value: bigint): readonly [number, number] => [
  Number(value >> 32n),
  Number(value & 0xffff_ffffn),
];
