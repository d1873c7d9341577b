// The CRC32 that stands behind each gzip member (RFC 1952 section 2.3.1), held against what came out of it: the decoder does not look.
import type { IHasher } from 'hash-wasm';
import { readUint32 } from './container-reader';

/** CRC32 and length. */
const TRAILER_BYTES = 8;
/** A member is known to have ended only when the next one's header is whole: so much of the input is kept. */
const KEPT_BYTES = 4096;

export class MemberCheck {
  /** End of the first member whose check is wrong, in the compressed file; null: none was. */
  wrongAt: number | null = null;
  private input: Uint8Array = new Uint8Array(0);
  private inputEnd = 0;

  constructor(private readonly crc: IHasher) {
    crc.init();
  }

  /** The next compressed bytes, before they are decompressed. */
  takeInput(piece: Uint8Array): void {
    const kept = this.input.subarray(Math.max(0, this.input.length - KEPT_BYTES));
    const joined = new Uint8Array(kept.length + piece.length);
    joined.set(kept);
    joined.set(piece, kept.length);
    this.input = joined;
    this.inputEnd += piece.length;
  }

  /** What came of the member at hand. */
  takeOutput(bytes: Uint8Array): void {
    this.crc.update(bytes);
  }

  /** A member ended before byte `end`. Where its trailer is not at hand any more, it passes. */
  endMember(end: number): void {
    const at = this.input.length - (this.inputEnd - end) - TRAILER_BYTES;
    const computed = Number.parseInt(this.crc.digest('hex'), 16);
    this.crc.init();
    if (at >= 0 && readUint32(this.input, at, true) !== computed) this.wrongAt ??= end;
  }
}
