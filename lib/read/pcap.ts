// pcap (draft-ietf-opsawg-pcap) in all its variants (pcap-variants.ts).
import type { AddressName, CaptureInterface, CaptureWarning } from '../model/capture';
import {
  type ContainerReader,
  DIRECTION_UNKNOWN,
  type FrameSink,
  MAXIMUM_RECORD_BYTES,
  readUint32,
  USUAL_FRAME_BYTES,
} from './container-reader';
import {
  byteOrderOf,
  FILE_HEADER_BYTES,
  findVariant,
  inOrder,
  type PcapVariant,
} from './pcap-variants';

export const isPcap = (head: Uint8Array): boolean => byteOrderOf(head) !== undefined;

/** A frame without a byte, of 1970, after others of this century is none. Seconds since 1970 of the year 2000. */
const THIS_CENTURY = 946_684_800;

export class PcapReader implements ContainerReader {
  readonly format: string;
  needed = FILE_HEADER_BYTES;
  damage: CaptureWarning | null = null;
  baseTime = 0n;
  readonly frameHasTime = true;
  readonly interfaces: CaptureInterface[] = [];
  readonly comments: readonly string[] = [];
  readonly names: readonly AddressName[] = [];
  readonly warnings: readonly CaptureWarning[] = [];
  readonly dropped = null;
  private readonly littleEndian: boolean;
  private readonly variant: PcapVariant;
  private maximumFrameBytes = USUAL_FRAME_BYTES;
  private linkType = 0;
  private checkBytes = 0;
  /** Seconds of the base time; -1 until the first frame. */
  private baseSeconds = -1;

  constructor(
    head: Uint8Array,
    private readonly sink: FrameSink,
  ) {
    this.littleEndian = byteOrderOf(head) === 'little';
    this.variant = findVariant(head, this.littleEndian);
    this.format = this.variant.format;
  }

  consume(bytes: Uint8Array, from: number, offset: number): number {
    let at = from;
    if (this.interfaces.length === 0) {
      if (bytes.length - at < FILE_HEADER_BYTES) return at;
      this.readFileHeader(bytes, at);
      at += FILE_HEADER_BYTES;
    }
    const { littleEndian, linkType, checkBytes, sink } = this;
    const { recordHeaderBytes, nanosecondsPerUnit, swapsLengths } = this.variant;
    const end = bytes.length;
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    while (end - at >= recordHeaderBytes) {
      let capturedLength = view.getUint32(at + 8, littleEndian);
      let wireLength = view.getUint32(at + 12, littleEndian);
      if (swapsLengths !== 'never')
        [capturedLength, wireLength] = inOrder(swapsLengths, capturedLength, wireLength);
      // Of none or of too many bytes, by one comparison.
      if ((capturedLength - 1) >>> 0 >= this.maximumFrameBytes) {
        this.damage = this.doubt(bytes, at, capturedLength, offset + at - from);
        if (this.damage !== null) return at;
      }
      const next = at + recordHeaderBytes + capturedLength;
      if (next > end) {
        this.needed = recordHeaderBytes + capturedLength;
        return at;
      }
      const seconds = view.getUint32(at, littleEndian);
      if (this.baseSeconds < 0) this.setBase(seconds);
      // The first factor is no whole number in the engine's eyes: else a whole product would be expected, and the loop compiled again when it grows too large.
      sink.time =
        (seconds - this.baseSeconds) * 0.5 * 2e9 +
        view.getUint32(at + 4, littleEndian) * nanosecondsPerUnit;
      sink.offset = offset + at - from;
      sink.frame(
        bytes,
        at + recordHeaderBytes,
        capturedLength,
        wireLength,
        0,
        linkType,
        DIRECTION_UNKNOWN,
        Math.min(checkBytes, wireLength),
      );
      at = next;
    }
    this.needed = recordHeaderBytes;
    return at;
  }

  /** What is wrong with a record of no bytes, or of too many; null: nothing. */
  private doubt(
    bytes: Uint8Array,
    at: number,
    capturedLength: number,
    place: number,
  ): CaptureWarning | null {
    const header = bytes.subarray(at, at + this.variant.recordHeaderBytes);
    // A machine that went down leaves a file longer than what was written into it.
    const cause =
      capturedLength > 0
        ? `claims ${capturedLength} captured bytes, more than the ${this.maximumFrameBytes} that a frame of this file can have`
        : (this.baseSeconds < 0 || this.baseSeconds >= THIS_CENTURY) &&
            header.every((byte) => byte === 0)
          ? 'is nothing but zeros: the file was not written to its end'
          : null;
    return cause === null
      ? null
      : {
          code: 'damaged',
          text: `the record at byte ${place} ${cause}; nothing after it was read`,
          offset: place,
        };
  }

  exactTime(bytes: Uint8Array, start: number): bigint {
    const at = start - this.variant.recordHeaderBytes;
    return (
      BigInt(readUint32(bytes, at, this.littleEndian)) * 1_000_000_000n +
      BigInt(readUint32(bytes, at + 4, this.littleEndian) * this.variant.nanosecondsPerUnit)
    );
  }

  resume(fileHead: Uint8Array): void {
    this.readFileHeader(fileHead, 0);
  }

  private setBase(seconds: number): void {
    this.baseSeconds = seconds;
    this.baseTime = BigInt(seconds) * 1_000_000_000n;
  }

  private readFileHeader(bytes: Uint8Array, at: number): void {
    const snaplen = readUint32(bytes, at + 16, this.littleEndian);
    const network = readUint32(bytes, at + 20, this.littleEndian);
    this.linkType = this.variant.linkTypeOf(network & 0xffff);
    // Bit 26: bits 28 … 31 count the 16-bit words of a frame check sequence.
    if ((network & 0x0400_0000) !== 0) this.checkBytes = (network >>> 28) * 2;
    this.interfaces.push({
      name: null,
      description: null,
      linkType: this.linkType,
      snaplen,
      ...(this.checkBytes > 0 ? { details: { checkBytes: this.checkBytes } } : {}),
    });
    // The declared length is no promise (some tools write 0 or too little), but a declared larger one is believed within reason.
    this.maximumFrameBytes = Math.min(
      Math.max(USUAL_FRAME_BYTES, snaplen),
      MAXIMUM_RECORD_BYTES - this.variant.recordHeaderBytes,
    );
  }
}
