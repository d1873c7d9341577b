// Whole numbers of up to 53 bits in seven-bit groups, least first; signed ones zigzagged, so that small distances take one byte.

const GROUP = 128;
/** Zigzag doubles a number: a signed one must stay below this to be exact. */
const SIGNED_LIMIT = 2 ** 52;

export class ByteWriter {
  private bytes = new Uint8Array(4096);
  private length = 0;

  /** A whole number from 0 to 2⁵³ − 1. */
  unsigned(value: number): void {
    this.reserve(8);
    if (value < GROUP) {
      this.bytes[this.length++] = value;
      return;
    }
    let rest = value;
    while (rest >= GROUP) {
      this.bytes[this.length++] = (rest % GROUP) + GROUP;
      rest = Math.floor(rest / GROUP);
    }
    this.bytes[this.length++] = rest;
  }

  /** A whole number of less than 52 bits and a sign. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what ByteWriter wrote. `undefined`: the bytes end, or the number is larger than the program can hold exactly. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  unsigned(): number | undefined {
    // Most numbers are small: a byte past the end is undefined, which is not less.
    const first = this.bytes[this.at];
    if (first < GROUP) {
      this.at++;
      return first;
    }
    let value = 0;
    let weight = 1;
    for (let group = 0; group < 8; group++) {
      if (this.at >= this.bytes.length) return undefined;
      const byte = this.bytes[this.at++];
      value += (byte % GROUP) * weight;
      if (byte < GROUP) return Number.isSafeInteger(value) ? value : undefined;
      weight *= GROUP;
    }
    return undefined;
  }

  signed(): number | undefined {
    const value = this.unsigned();
    if (value === undefined) return undefined;
    if (value <= 0x7fff_ffff) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  raw(count: number): Uint8Array | undefined {
    if (count > this.remaining) return undefined;
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}

/** Whether `signed` can write a number exactly. */
export const fitsSigned = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) < SIGNED_LIMIT;
