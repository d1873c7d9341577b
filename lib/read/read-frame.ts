// One frame's bytes again, from the nearest place in the file that is known: a read of some records, not of the file.
import type { ByteSource } from './byte-source';
import { CONTAINER_HEAD_BYTES, type FrameSink } from './container-reader';
import { findContainerReader } from './containers';
import { RecordSplicer } from './frame-stream';

/** Enough for a checkpoint's 64 records of usual frames; more is read where they are larger. */
const READ_BYTES = 128 << 10;

/** Shorter ones hold no frame. */
const SMALLEST_FILE_BYTES = 24;

/** Captured bytes of the frame that comes `skip` frames after the record at `offset`; undefined where the file is not what it was. */
export async function readFrameBytes(
  source: ByteSource,
  offset: number,
  skip: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const sink = new FramePicker(skip);
  const fileHead = await source.read(0, CONTAINER_HEAD_BYTES);
  const reader = findContainerReader(fileHead, sink);
  if (reader === undefined || fileHead.length < SMALLEST_FILE_BYTES) return undefined;
  const splicer = new RecordSplicer(reader);
  let at = offset;
  while (sink.picked === undefined && reader.damage === null && at < source.size) {
    const piece = await source.read(at, READ_BYTES);
    if (piece.length === 0) break;
    if (at === offset) reader.resume(fileHead, piece);
    splicer.feed(piece, at);
    at += piece.length;
  }
  return sink.picked;
}

class FramePicker implements FrameSink {
  picked: Uint8Array<ArrayBuffer> | undefined;
  time = 0;
  offset = 0;

  constructor(private skip: number) {}

  frame(bytes: Uint8Array, start: number, capturedLength: number): void {
    if (this.skip-- === 0) this.picked = bytes.slice(start, start + capturedLength);
  }
}
