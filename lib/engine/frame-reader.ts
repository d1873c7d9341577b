// Frames of one capture as the inspector shows them: bytes from the source, decoded into layers. A compressed source is inflated once, when
// the first frame is asked for, and kept while the capture is held.
import type { CaptureInterface } from '../model/capture';
import type { FrameDetail } from '../model/protocol-tree';
import type { ByteSource } from '../read/byte-source';
import { CONTAINER_HEAD_BYTES } from '../read/container-reader';
import { findContainerReader } from '../read/containers';
import { openDecompressed } from '../read/decompress';
import { streamFrames } from '../read/frame-stream';
import { decodeFrame } from '../wire/decode-frame';
import { decodeTree } from '../wire/decode-tree';
import { DecodedFrame } from '../wire/decoded-frame';
import { commentsOf, describeNotes, nameAddresses } from './frame-notes';
import { type ReadCapture, readFrame } from './read-frame';

/** A frame's captured bytes, its own to keep. */
type TakeFrame = (row: number, bytes: Uint8Array, linkType: number, wireLength: number) => void;

export class FrameReader {
  private opened: Promise<ByteSource | null> | undefined;
  private readonly decoded = new DecodedFrame();

  /** `source` as the user has it, or decompressed already. */
  constructor(
    private readonly file: string,
    private readonly source: ByteSource,
  ) {}

  /** Decompressed bytes; null where the file can no longer be read. */
  private open(): Promise<ByteSource | null> {
    this.opened ??= openDecompressed(this.source).then(
      (opened) => (opened.ok ? opened.value.source : null),
      () => null,
    );
    return this.opened;
  }

  /** Hands over the frames of `rows` (ascending), reading the file once from front to back. Rejects with AbortError. */
  async readMany(
    rows: readonly number[],
    interfaces: readonly CaptureInterface[],
    take: TakeFrame,
    signal: AbortSignal,
  ): Promise<void> {
    const source = await this.open();
    if (source === null) return;
    let row = -1;
    let next = 0;
    const reader = findContainerReader(await source.read(0, CONTAINER_HEAD_BYTES), {
      time: 0,
      offset: 0,
      frame: (
        bytes,
        start,
        capturedLength,
        wireLength,
        interfaceIndex,
        _linkType,
        _direction,
        checkBytes,
      ) => {
        row += 1;
        if (rows[next] !== row) return;
        next += 1;
        const { linkType } = interfaces[interfaceIndex];
        const length = wireLength - checkBytes;
        const captured = checkBytes === 0 ? capturedLength : Math.min(capturedLength, length);
        take(row, bytes.slice(start, start + captured), linkType, length);
      },
    });
    if (reader !== undefined) await streamFrames(source, reader, () => {}, signal);
  }

  /** The captured payload of the innermost packet of a row; null as `read`. */
  async readPayload(capture: ReadCapture, row: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const source = await this.open();
    const found = source === null ? undefined : await readFrame(source, capture, row);
    if (found === undefined) return null;
    const { bytes, wireLength, linkType, checkBytes } = found;
    const length = wireLength - checkBytes;
    const captured = checkBytes === 0 ? bytes.length : Math.min(bytes.length, length);
    decodeFrame(bytes, 0, captured, length, linkType, this.decoded);
    const { payload, payloadLength, end } = this.decoded;
    return bytes.slice(payload, Math.min(end, payload + payloadLength));
  }

  /** Frame number `frame` (from 1); null where there is none or the file can no longer be read. */
  async read(capture: ReadCapture, frame: number): Promise<FrameDetail | null> {
    const source = await this.open();
    if (source === null) return null;
    const found = await readFrame(source, capture, frame - 1);
    if (found === undefined) return null;
    const { bytes, linkType, wireLength, checkBytes } = found;
    const length = wireLength - checkBytes;
    const decoded = checkBytes === 0 ? bytes : bytes.subarray(0, length);
    const notes = describeNotes(capture, frame - 1, bytes, decoded.length);
    return {
      file: this.file,
      frame,
      time: found.timeNs,
      capturedLength: bytes.length,
      wireLength,
      layers: [
        ...(notes === null ? [] : [notes]),
        ...nameAddresses(decodeTree(decoded, linkType, length), capture.summary.names ?? []),
      ],
      comments: commentsOf(capture, frame - 1),
      bytes,
    };
  }
}
