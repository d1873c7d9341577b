// What a container reader is: it takes a file's bytes piece by piece and hands each frame, in place, to a sink. No object is made per frame.
// pcap.ts and pcapng.ts are the readers, containers.ts the table of them, frame-stream.ts feeds them.
import type { AddressName, CaptureInterface, CaptureWarning } from '../model/capture';
import type { SparseName } from '../model/sparse-tables';

/** Direction that the container itself notes for a frame: 1 in, 2 out, as pcapng's flags have it. */
export const DIRECTION_UNKNOWN = 0;

/** Sparse tables that containers fill. */
export type NoteTable = Extract<
  SparseName,
  'drops' | 'packetIds' | 'packetFlags' | 'verdicts' | 'comments'
>;

export interface FrameSink {
  /** Of the frame that is handed over next, ns after the reader's base. A field, as its place is: of such a number the engine makes an object for each call. */
  time: number;
  /** Place of its record in the file. */
  offset: number;
  /** What stands beside the frame that comes next, or at the file's end: a row of the table without the frame's own number. */
  note?(table: NoteTable, values: readonly number[]): void;
  /**
   * One frame: bytes [start, start + capturedLength) of `bytes`, valid during this call only.
   * The last `checkBytes` (at most `wireLength`) of the frame on the wire are its check sequence.
   */
  frame(
    bytes: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    interfaceIndex: number,
    linkType: number,
    direction: number,
    checkBytes: number,
  ): void;
}

export interface ContainerReader {
  readonly format: string;
  /** Bytes from the place it stopped at that it needs to go on. Bounded: at most MAXIMUM_RECORD_BYTES. */
  readonly needed: number;
  /** Why it can read no further. */
  readonly damage: CaptureWarning | null;
  /** Nanoseconds since 1970 of time 0: the first frame's time, rounded down to the second. */
  readonly baseTime: bigint;
  /** Whether the frame that the sink is being given has a time of its own; else it is the time of the frame before. */
  readonly frameHasTime: boolean;
  /** Nanoseconds since 1970 of the frame that the sink is being given, exact also where its time is too far from the base for a Float64. */
  exactTime(bytes: Uint8Array, start: number, interfaceIndex: number): bigint;
  readonly interfaces: readonly CaptureInterface[];
  readonly comments: readonly string[];
  readonly names: readonly AddressName[];
  readonly warnings: readonly CaptureWarning[];
  /** Packets the file says were dropped; null where it does not say. */
  readonly dropped: number | null;
  /** Takes whole records from bytes[from …], whose first byte is byte `offset` of the file; returns the index where it stopped. */
  consume(bytes: Uint8Array, from: number, offset: number): number;
  /**
   * Instead of starting at the file's beginning, goes on at a frame's record: `fileHead` are the file's first CONTAINER_HEAD_BYTES bytes, `recordHead` the record's first four.
   * Times, interfaces and link types are not told then: frames are handed over for their bytes alone.
   */
  resume(fileHead: Uint8Array, recordHead: Uint8Array): void;
}

/** Of a file, to see what it is and how it is laid out: its header and some records. */
export const CONTAINER_HEAD_BYTES = 16 << 10;

/** libpcap's greatest snapshot length (262,144), and what a frame may be at most where a file declares more. */
export const USUAL_FRAME_BYTES = 262_144;
/** A record or block that claims more is damage: no honest writer makes one. */
export const MAXIMUM_RECORD_BYTES = 16 << 20;

export const readUint32 = (bytes: Uint8Array, at: number, littleEndian: boolean): number =>
  littleEndian
    ? (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
    : ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;

export const readUint16 = (bytes: Uint8Array, at: number, littleEndian: boolean): number =>
  littleEndian ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1];
