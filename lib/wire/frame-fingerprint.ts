// Fingerprint of a capture's frames, folded while parsing: times, lengths and the first bytes of each. Independent of the file's name and compression.

/** Ethernet, IPv4 and most of TCP: what is beyond has its say in lengths and times. */
const FOLDED_BYTES = 48;

export class FrameFingerprint {
  private first = 0x243f6a88;
  private second = 0x85a308d3 | 0;

  fold(bytes: DataView, start: number, length: number, wireLength: number, time: number): void {
    let { first, second } = this;
    first = mix(first, time | 0);
    second = mix(second, Math.floor(time / 4_294_967_296));
    first = mix(first, length);
    second = mix(second, wireLength);
    const end = start + ((length < FOLDED_BYTES ? length : FOLDED_BYTES) & ~7);
    for (let at = start; at < end; at += 8) {
      first = mix(first, bytes.getInt32(at, true));
      second = mix(second, bytes.getInt32(at + 4, true));
    }
    this.first = first;
    this.second = second ^ Math.imul(first, 0x85ebca6b);
  }

  /** 16 hex digits, with the base time that the folded times are relative to. */
  finish(baseTime: bigint): string {
    let { first, second } = this;
    for (let shift = 0n; shift < 64n; shift += 32n) {
      const word = Number((baseTime >> shift) & 0xffff_ffffn);
      first = mix(first, word);
      second = mix(second, word ^ first);
    }
    first ^= first >>> 15;
    second ^= second >>> 13;
    return hex(first) + hex(second);
  }
}

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
