// Where zstd frames end (RFC 8878 section 3.1.1), and whether what came of each is what its checksum says: the decoder does not look. compressions.ts drives both.
import type { IHasher } from 'hash-wasm';
import { readUint32 } from './container-reader';

const MAGIC = 0xfd2fb528;
/** Of a skippable frame, whose lowest four bits are free. */
const SKIPPABLE = 0x184d2a50;
const CHECKSUM_FLAG = 4;
/** How many bytes the dictionary's number has. */
const DICTIONARY_FLAG = 3;
const SINGLE_SEGMENT = 0x20;
/** What the decoder has to keep of what came out; zstd itself refuses more unless it is told to take it (ZSTD_WINDOWLOG_LIMIT_DEFAULT). */
const LARGEST_WINDOW = 128 << 20;
/** A block of few bytes can become 128 KiB (section 3.1.1.2.4): so many are gone through at a time. */
const MOST_BLOCKS = 64;
const RLE = 1;
const RESERVED = 3;

/** Bytes of a frame header behind its descriptor: window, dictionary, content size. */
const headerBytes = (descriptor: number): number => {
  const isSingle = (descriptor & SINGLE_SEGMENT) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3];
  const content = [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6];
  return (isSingle ? 0 : 1) + dictionary + content;
};

/** The window of a frame by its header behind the descriptor (section 3.1.1.1). No dictionary. */
function windowOf(descriptor: number, header: Uint8Array): number {
  if ((descriptor & SINGLE_SEGMENT) === 0) {
    const base = 2 ** (10 + (header[0] >>> 3));
    return base + (base / 8) * (header[0] & 7);
  }
  let size = 0;
  for (let i = headerBytes(descriptor) - 1; i >= 0; i--) size = size * 256 + header[i];
  return descriptor >>> 6 === 1 ? size + 256 : size;
}

type Part =
  | 'magic'
  | 'skip-size'
  | 'descriptor'
  | 'header'
  | 'block'
  | 'body'
  | 'checksum'
  | 'strange';
/** Bytes of each part that is read whole, a header's are told by its descriptor; the others are passed over. */
const PART_BYTES = { magic: 4, 'skip-size': 4, descriptor: 1, block: 3, checksum: 4 } as const;

export class ZstdFrames {
  /** The frame that `advance` was in last has ended. */
  ended = false;
  /** End of the first frame whose checksum is wrong, in the compressed file; null: none was. */
  wrongAt: number | null = null;
  private part: Part = 'magic';
  /** Bytes that the part at hand still wants. */
  private wanted = 4;
  /** Bytes of the part at hand, where it is read. */
  private whole = 4;
  /** Blocks that `advance` went through. */
  private blocks = 0;
  private descriptor = 0;
  private readonly read = new Uint8Array(16);
  private isChecked = false;
  private isLast = false;
  private at = 0;

  /** `hasher`: XXH64 with seed 0. */
  constructor(private readonly hasher: IHasher) {
    hasher.init();
  }

  /** Takes what came of the frame at hand. */
  takeOutput(bytes: Uint8Array): void {
    if (this.isChecked) this.hasher.update(bytes);
  }

  /** Goes through `bytes` from `from` on, up to the end of the frame that lies there, of `bytes`, or of so many blocks as may be decompressed at once; answers where. */
  advance(bytes: Uint8Array, from: number): number {
    this.ended = false;
    this.blocks = 0;
    let at = from;
    while (at < bytes.length && !this.ended && this.blocks < MOST_BLOCKS) {
      const { part } = this;
      if (part === 'strange') {
        at = bytes.length;
        break;
      }
      const taken = Math.min(this.wanted, bytes.length - at);
      if (part !== 'body') this.read.set(bytes.subarray(at, at + taken), this.whole - this.wanted);
      at += taken;
      this.wanted -= taken;
      if (this.wanted === 0) this.endPart();
    }
    this.at += at - from;
    return at;
  }

  /** The frame at hand was decompressed whole: its checksum is due. */
  check(): void {
    if (!this.isChecked) return;
    const computed = Number.parseInt(this.hasher.digest('hex').slice(-8), 16);
    this.hasher.init();
    this.isChecked = false;
    if (readUint32(this.read, 0, true) !== computed) this.wrongAt ??= this.at;
  }

  private endPart(): void {
    const { read } = this;
    switch (this.part) {
      case 'magic': {
        const magic = readUint32(read, 0, true);
        if (magic === MAGIC) this.begin('descriptor');
        else if ((magic & ~0xf) >>> 0 === SKIPPABLE) this.begin('skip-size');
        else this.begin('strange');
        return;
      }
      case 'skip-size':
        this.isChecked = false;
        this.isLast = true;
        this.pass(readUint32(read, 0, true));
        return;
      case 'descriptor':
        this.isChecked = (read[0] & CHECKSUM_FLAG) !== 0;
        this.isLast = false;
        if ((read[0] & DICTIONARY_FLAG) !== 0)
          throw new Error(
            `it was compressed with a dictionary that is not in the file: decompress it with \`zstd -d -D DICTIONARY\``,
          );
        [this.descriptor] = read;
        this.part = 'header';
        this.wanted = this.whole = headerBytes(read[0]);
        return;
      case 'header': {
        const window = windowOf(this.descriptor, read);
        if (window > LARGEST_WINDOW)
          throw new Error(
            `it asks for ${window} bytes of memory: decompress it with \`zstd -d --long=31\``,
          );
        this.begin('block');
        return;
      }
      case 'block': {
        this.blocks += 1;
        const head = read[0] | (read[1] << 8) | (read[2] << 16);
        const type = (head >>> 1) & 3;
        this.isLast = (head & 1) !== 0;
        if (type === RESERVED) this.begin('strange');
        else this.pass(type === RLE ? 1 : head >>> 3);
        return;
      }
      case 'body':
        if (!this.isLast) this.begin('block');
        else if (this.isChecked) this.begin('checksum');
        else this.end();
        return;
      case 'checksum':
        this.end();
        return;
      case 'strange':
    }
  }

  private begin(part: Exclude<Part, 'body' | 'header'>): void {
    this.part = part;
    this.whole = part === 'strange' ? 0 : PART_BYTES[part];
    this.wanted = this.whole;
  }

  private pass(bytes: number): void {
    this.part = 'body';
    this.wanted = bytes;
    if (bytes === 0) this.endPart();
  }

  private end(): void {
    this.ended = true;
    this.begin('magic');
  }
}
