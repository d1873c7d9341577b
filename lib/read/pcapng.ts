// pcapng (draft-ietf-opsawg-pcapng): both byte orders, several sections and interfaces, enhanced, simple and obsolete packet blocks, names, comments, drop counters.
// Blocks of other types are passed over by their length. Interfaces are numbered through all sections.
import { type AddressName, type CaptureWarning, NO_LINK_TYPE } from '../model/capture';
import {
  type ContainerReader,
  DIRECTION_UNKNOWN,
  type FrameSink,
  MAXIMUM_RECORD_BYTES,
  readUint16,
  readUint32,
} from './container-reader';
import { PcapngInterface, readInterface } from './pcapng-interface';
import { readNames } from './pcapng-names';
import { obsoleteDrops, PacketOptions, PcapngNotes } from './pcapng-notes';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const NAME_RESOLUTION = 4;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const JOURNAL_EXPORT = 9;
/** Custom blocks, that may be copied and that may not. */
const CUSTOM = 0x0bad;
const CUSTOM_NOT_COPIED = 0x40000bad;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type, total length and the total length again. */
const SMALLEST_BLOCK = 12;

export const isPcapng = (head: Uint8Array): boolean =>
  head.length >= 4 && readUint32(head, 0, true) === SECTION_HEADER;

/** Body bytes a block of this type has at least, before options. */
const SMALLEST_BODY: Readonly<Record<number, number>> = {
  [SECTION_HEADER]: 16,
  [INTERFACE_DESCRIPTION]: 8,
  [PACKET]: 20,
  [SIMPLE_PACKET]: 4,
  [INTERFACE_STATISTICS]: 12,
  [ENHANCED_PACKET]: 20,
  [CUSTOM]: 4,
  [CUSTOM_NOT_COPIED]: 4,
};

export class PcapngReader implements ContainerReader {
  readonly format = 'pcapng';
  needed = SMALLEST_BLOCK;
  damage: CaptureWarning | null = null;
  baseTime = 0n;
  readonly interfaces: PcapngInterface[] = [];
  readonly warnings: CaptureWarning[] = [];
  private readonly notes: PcapngNotes;
  frameHasTime = true;
  private littleEndian = true;
  /** Reading began in the middle: interfaces are not known. */
  private resumed = false;
  private firstInterfaceOfSection = 0;
  /** The section's first interface is not described yet. */
  private awaits = false;
  private baseSeconds: bigint | null = null;
  private lastTime = 0;
  private framesWithoutTime = 0;
  /** The bytes that are being consumed. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the packet block at hand. */
  private readonly options = new PacketOptions();

  constructor(private readonly sink: FrameSink) {
    this.notes = new PcapngNotes(sink);
  }

  get dropped(): number | null {
    return this.notes.dropped;
  }

  get comments(): readonly string[] {
    return this.notes.comments;
  }

  get names(): readonly AddressName[] {
    return this.notes.names;
  }

  consume(bytes: Uint8Array, from: number, offset: number): number {
    let at = from;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.view = view;
    while (bytes.length - at >= SMALLEST_BLOCK) {
      const place = offset + at - from;
      const isSection = view.getUint32(at) === SECTION_HEADER;
      if (isSection && !this.readByteOrder(bytes, at, place)) return at;
      const { littleEndian } = this;
      const type = view.getUint32(at, littleEndian);
      const length = view.getUint32(at + 4, littleEndian);
      if (length < SMALLEST_BLOCK || length % 4 !== 0 || length > MAXIMUM_RECORD_BYTES) {
        this.fail(place, `claims a length of ${length} bytes, which no block can have`);
        return at;
      }
      if (at + length > bytes.length) {
        this.needed = length;
        return at;
      }
      if (view.getUint32(at + length - 4, littleEndian) !== length) {
        this.fail(place, 'ends with another length than it begins with');
        return at;
      }
      const body = at + 8;
      const end = at + length - 4;
      if (end - body < (SMALLEST_BODY[type] ?? 0)) {
        this.fail(place, `has type ${type}, but is too short for that`);
        return at;
      }
      const cause = this.readBlock(type, bytes, body, end, place);
      if (cause !== null) {
        this.fail(place, cause);
        return at;
      }
      at += length;
    }
    this.needed = SMALLEST_BLOCK;
    return at;
  }

  /** Packet blocks of both kinds have their time 16 bytes before the frame. */
  exactTime(bytes: Uint8Array, start: number, interfaceIndex: number): bigint {
    const high = readUint32(bytes, start - 16, this.littleEndian);
    const low = readUint32(bytes, start - 12, this.littleEndian);
    return this.interfaces[interfaceIndex].nanosecondsOf(high, low);
  }

  resume(_fileHead: Uint8Array, recordHead: Uint8Array): void {
    // The record is a packet block, whose type fits into the byte that comes first in little-endian order.
    this.littleEndian = recordHead[0] !== 0;
    this.resumed = true;
  }

  /** Answers why the block can't be right, or null. */
  private readBlock(
    type: number,
    bytes: Uint8Array,
    body: number,
    end: number,
    place: number,
  ): string | null {
    switch (type) {
      case ENHANCED_PACKET:
        return this.readEnhancedPacket(bytes, body, end, place);
      case SECTION_HEADER:
        this.firstInterfaceOfSection = this.interfaces.length;
        this.awaits = false;
        this.notes.readComments(bytes, body + 16, end, this.littleEndian);
        return null;
      case NAME_RESOLUTION:
        readNames(bytes, body, end, this.littleEndian, this.notes.names);
        return null;
      case INTERFACE_DESCRIPTION:
        return this.readInterface(bytes, body, end);
      case SIMPLE_PACKET:
        return this.readSimplePacket(bytes, body, end, place);
      case PACKET:
        return this.readObsoletePacket(bytes, body, end, place);
      case INTERFACE_STATISTICS:
        this.readStatistics(bytes, body, end);
        return null;
      case CUSTOM:
      case CUSTOM_NOT_COPIED:
        this.countRecord(bytes, body + 4, end, place);
        return null;
      case JOURNAL_EXPORT:
        this.countRecord(bytes, body, end, place);
        return null;
      default:
        return null;
    }
  }

  /** A record that is no packet, but that Wireshark numbers as a frame: numbers must agree. */
  private countRecord(bytes: Uint8Array, start: number, end: number, place: number): void {
    const index = this.firstInterfaceOfSection;
    if (this.interfaces[index] === undefined && !this.resumed) this.standIn();
    const length = end - start;
    this.emitWithoutTime(bytes, start, length, length, index, NO_LINK_TYPE, place);
  }

  /** A section's records before its first interface: what is described next takes the place of this one. */
  private standIn(): void {
    this.interfaces.push(new PcapngInterface(null, null, NO_LINK_TYPE, 0, 1_000_000n, 0n));
    this.awaits = true;
  }

  private emitWithoutTime(
    bytes: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    index: number,
    linkType: number,
    place: number,
  ): void {
    this.frameHasTime = false;
    this.sink.time = this.lastTime;
    this.sink.offset = place;
    this.sink.frame(
      bytes,
      start,
      capturedLength,
      wireLength,
      index,
      linkType,
      DIRECTION_UNKNOWN,
      Math.min(this.interfaces[index]?.details?.checkBytes ?? 0, wireLength),
    );
    this.frameHasTime = true;
  }

  private readByteOrder(bytes: Uint8Array, at: number, place: number): boolean {
    if (readUint32(bytes, at + 8, true) === BYTE_ORDER_MAGIC) this.littleEndian = true;
    else if (readUint32(bytes, at + 8, false) === BYTE_ORDER_MAGIC) this.littleEndian = false;
    else {
      this.fail(place, 'is a section header without a byte-order mark');
      return false;
    }
    return true;
  }

  private readInterface(bytes: Uint8Array, body: number, end: number): string | null {
    const added = readInterface(bytes, body, end, this.littleEndian, (text) => {
      this.notes.addComment(text);
    });
    if (typeof added === 'string') return added;
    if (this.baseSeconds !== null) added.setBase(this.baseSeconds);
    if (this.awaits) this.interfaces.pop();
    this.awaits = false;
    this.interfaces.push(added);
    return null;
  }

  private readEnhancedPacket(
    bytes: Uint8Array,
    body: number,
    end: number,
    place: number,
  ): string | null {
    const { littleEndian, view } = this;
    const index = this.firstInterfaceOfSection + view.getUint32(body, littleEndian);
    const capturedLength = view.getUint32(body + 12, littleEndian);
    const wireLength = view.getUint32(body + 16, littleEndian);
    const start = body + 20;
    if (capturedLength > end - start) return tooLong(capturedLength);
    this.readPacketOptions(bytes, start + ((capturedLength + 3) & ~3), end);
    const high = view.getUint32(body + 4, littleEndian);
    const low = view.getUint32(body + 8, littleEndian);
    return this.emit(bytes, start, capturedLength, wireLength, index, high, low, place);
  }

  private readObsoletePacket(
    bytes: Uint8Array,
    body: number,
    end: number,
    place: number,
  ): string | null {
    const { littleEndian } = this;
    const capturedLength = readUint32(bytes, body + 12, littleEndian);
    if (capturedLength > end - body - 20) return tooLong(capturedLength);
    this.readPacketOptions(bytes, body + 20 + ((capturedLength + 3) & ~3), end);
    this.options.drops = obsoleteDrops(bytes, body + 2, littleEndian);
    return this.emit(
      bytes,
      body + 20,
      capturedLength,
      readUint32(bytes, body + 16, littleEndian),
      this.firstInterfaceOfSection + readUint16(bytes, body, littleEndian),
      readUint32(bytes, body + 4, littleEndian),
      readUint32(bytes, body + 8, littleEndian),
      place,
    );
  }

  /** A frame without a time or an interface of its own: the section's first interface, the time of the frame before. */
  private readSimplePacket(
    bytes: Uint8Array,
    body: number,
    end: number,
    place: number,
  ): string | null {
    const described = this.interfaces[this.firstInterfaceOfSection];
    if ((described === undefined || this.awaits) && !this.resumed) return NO_INTERFACE;
    const { snaplen, linkType } = described ?? UNDESCRIBED;
    const wireLength = readUint32(bytes, body, this.littleEndian);
    const start = body + 4;
    const limit = snaplen === 0 ? wireLength : Math.min(wireLength, snaplen);
    if (this.framesWithoutTime++ === 0)
      this.warnings.push({
        code: 'time-missing',
        text: `frames in simple packet blocks carry no time (the first at byte ${place}); they are shown at the time of the frame before`,
        offset: place,
      });
    const index = this.firstInterfaceOfSection;
    const capturedLength = Math.min(limit, end - start);
    this.emitWithoutTime(bytes, start, capturedLength, wireLength, index, linkType, place);
    return null;
  }

  private emit(
    bytes: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    index: number,
    high: number,
    low: number,
    place: number,
  ): string | null {
    const described = this.resumed ? UNDESCRIBED : this.interfaces[index];
    if (described === undefined || this.awaits) return NO_INTERFACE;
    if (this.baseSeconds === null) this.setBase(described.secondsOf(high, low));
    const time = described.relativeTime(high, low);
    const { options } = this;
    if (options.drops >= 0 && !this.resumed)
      this.notes.addPacketDrops(options.drops, index, described, time);
    this.lastTime = time;
    described.lastTime = time;
    const { linkType } = described;
    this.sink.time = time;
    this.sink.offset = place;
    this.sink.frame(
      bytes,
      start,
      capturedLength,
      wireLength,
      index,
      linkType,
      options.direction,
      Math.min(options.checkBytes || (described.details?.checkBytes ?? 0), wireLength),
    );
    return null;
  }

  private setBase(seconds: bigint): void {
    this.baseSeconds = seconds;
    this.baseTime = seconds * 1_000_000_000n;
    for (const described of this.interfaces) described.setBase(seconds);
  }

  private readPacketOptions(bytes: Uint8Array, at: number, end: number): void {
    this.options.clear();
    if (at + 4 <= end)
      this.notes.readPacketOptions(bytes, at, end, this.littleEndian, this.options);
  }

  private readStatistics(bytes: Uint8Array, body: number, end: number): void {
    const { littleEndian } = this;
    const index = this.firstInterfaceOfSection + readUint32(bytes, body, littleEndian);
    this.notes.readStatistics(bytes, body, end, littleEndian, index, this.interfaces[index]);
  }

  private fail(place: number, cause: string): void {
    this.damage = {
      code: 'damaged',
      text: `the block at byte ${place} ${cause}; nothing after it was read`,
      offset: place,
    };
  }
}

/** Stands for any interface where reading began in the middle. */
const UNDESCRIBED = new PcapngInterface(null, null, 0, 0, 1_000_000n, 0n);

const NO_INTERFACE = 'belongs to an interface that was never described';

const tooLong = (capturedLength: number): string =>
  `claims ${capturedLength} captured bytes, more than it holds`;
