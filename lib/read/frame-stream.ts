// Feeds a container reader from a byte source: slices of some megabytes, parsed in place, only the record that a slice cut is copied.
import type { CaptureWarning } from '../model/capture';
import type { ByteSource } from './byte-source';
import type { ContainerReader } from './container-reader';
import { yieldToEventLoop } from './event-loop';

/** Where the source has no wish of its own: slices under 4 MiB are slow in browsers. */
const SLICE_BYTES = 8 << 20;
/** A piece that is parsed without looking at the signal: some ten milliseconds. */
const PIECE_BYTES = 1 << 20;

const EMPTY = new Uint8Array(0);

export class RecordSplicer {
  private carry: Uint8Array = EMPTY;
  private carryOffset = 0;

  constructor(private readonly reader: ContainerReader) {}

  /** Bytes that wait for the rest of their record, and where they lie in the file. */
  get pending(): { readonly bytes: number; readonly offset: number } {
    return { bytes: this.carry.length, offset: this.carryOffset };
  }

  /** Takes the next bytes of the file, the first of which lies at `offset`. */
  feed(bytes: Uint8Array, offset: number): void {
    let at = 0;
    while (this.carry.length > 0 && this.reader.damage === null) {
      const taken = bytes.subarray(at, at + this.reader.needed - this.carry.length);
      if (taken.length === 0 && at === bytes.length) return;
      this.carry = concatenate(this.carry, taken);
      at += taken.length;
      if (this.carry.length < this.reader.needed) return;
      const stopped = this.reader.consume(this.carry, 0, this.carryOffset);
      this.carry = this.carry.subarray(stopped);
      this.carryOffset += stopped;
    }
    if (this.reader.damage !== null) return;
    const stopped = this.reader.consume(bytes, at, offset + at);
    this.carry = bytes.slice(stopped);
    this.carryOffset = offset + stopped;
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

interface Slices {
  /** The bytes that follow those answered before, which are not needed any more; none at the end. */
  next(): Promise<Uint8Array>;
  stop(): void;
}

/** Slices that are read while one is parsed: the copy of one, and the wait for the next, have a core each then. */
const AHEAD = 2;

/** By offset. */
function readAhead(source: ByteSource): Slices {
  const sliceBytes = Math.max(1, Math.min(source.sliceBytes ?? SLICE_BYTES, source.size));
  const makeBuffers = () => Array.from({ length: AHEAD + 1 }, () => new Uint8Array(sliceBytes));
  let buffers = makeBuffers();
  let turn = 0;
  /** Where the next slice is asked for, and where the next one that is answered begins. */
  let place = 0;
  let offset = 0;
  let ahead: Promise<Uint8Array>[] = [];
  const fill = (): void => {
    for (; ahead.length < AHEAD && place < source.size; place += sliceBytes) {
      const slice = source.read(place, sliceBytes, buffers[turn]);
      turn = (turn + 1) % buffers.length;
      // It may fail while one before it is parsed: its error is met when it is awaited.
      slice.catch(() => {});
      ahead.push(slice);
    }
  };
  return {
    async next() {
      fill();
      const slice = (await ahead.shift()) ?? EMPTY;
      offset += slice.length;
      if (slice.length < sliceBytes && slice.length > 0 && offset < source.size) {
        // What is on its way lies behind a gap, and still writes into its buffers.
        ahead = [];
        buffers = makeBuffers();
        place = offset;
      }
      fill();
      return slice;
    },
    stop() {},
  };
}

/** What a stream of bytes is asked to fill at once. */
const FILL_BYTES = 512 << 10;

/** A stream that gives nothing for so long is doubted. */
export const STILL_MS = 3000;

/** A stream of bytes fills one buffer over and over, which stays in the cache; other streams make a new one for each piece, which takes half as long again. */
function readStream(source: ByteSource, stream: ReadableStream<Uint8Array>): Slices {
  const filling = findFillingReader(stream);
  if (filling === undefined) {
    const reader = stream.getReader();
    return {
      next: async () => (await orLost(source, reader.read())).value ?? EMPTY,
      stop: () => void reader.cancel().catch(() => {}),
    };
  }
  let buffer = new ArrayBuffer(FILL_BYTES);
  return {
    async next() {
      const { value } = await orLost(source, filling.read(new Uint8Array(buffer)));
      if (value === undefined) return EMPTY;
      buffer = value.buffer;
      return value;
    },
    stop: () => void filling.cancel().catch(() => {}),
  };
}

/** The stream of a file that was cut meanwhile may never answer (Chromium); asked for a byte by its place, the file says that it was changed. */
async function orLost<T>(source: ByteSource, read: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const lost = new Promise<never>((_, reject) => {
    const doubt = (): void => {
      if (!isOver) timer = setTimeout(() => source.read(0, 1).then(doubt, reject), STILL_MS);
    };
    doubt();
  });
  try {
    return await Promise.race([read, lost]);
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}

/** undefined: the stream is none of bytes, or the browser has no such reader. */
function findFillingReader(
  stream: ReadableStream<Uint8Array>,
): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

/**
 * Feeds all of `source` to `reader`. After each piece `afterPiece` may take what was made of it; it is awaited.
 * Answers why the file could not be read to its end, or null. Rejects with AbortError when `signal` says so, and with the source's own errors.
 */
export async function streamFrames(
  source: ByteSource,
  reader: ContainerReader,
  afterPiece: (bytesRead: number) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<CaptureWarning | null> {
  const splicer = new RecordSplicer(reader);
  const slices =
    source.stream === undefined ? readAhead(source) : readStream(source, source.stream());
  let offset = 0;
  let sinceYield = 0;
  try {
    while (offset < source.size) {
      const slice = await slices.next();
      signal?.throwIfAborted();
      if (slice.length === 0) break;
      for (let at = 0; at < slice.length; at += PIECE_BYTES) {
        const piece = slice.subarray(at, at + PIECE_BYTES);
        splicer.feed(piece, offset + at);
        sinceYield += piece.length;
        if (sinceYield < PIECE_BYTES && reader.damage === null) continue;
        await afterPiece(offset + at + piece.length);
        if (reader.damage !== null) return reader.damage;
        sinceYield = 0;
        await yieldToEventLoop();
        signal?.throwIfAborted();
      }
      offset += slice.length;
    }
  } finally {
    slices.stop();
  }
  await afterPiece(offset);
  if (offset < source.size)
    return {
      code: 'cut-short',
      text: `the file could be read up to byte ${offset} only, of ${source.size}: it was changed while it was read`,
      offset,
    };
  const { pending } = splicer;
  if (pending.bytes > 0)
    return {
      code: 'cut-short',
      text:
        pending.offset === 0
          ? `the file ends within its header at byte 0: ${pending.bytes} of its bytes are there`
          : `the file ends within the record at byte ${pending.offset}: ${pending.bytes} of its bytes are there`,
      offset: pending.offset,
    };
  return null;
}
