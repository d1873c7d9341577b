// Numbers by keys of a few 32-bit words: open addressing over one typed array, nothing ever removed. What a frame's bytes were once interned as.
import { NO_TUPLE } from '../model/packet-columns';

/** What `find` answers where the key is not there. */
export const NOT_FOUND = -1;

const SMALLEST_SLOTS = 1024;

export class SeenWords {
  /** The key that `find` looks for and `add` adds. */
  readonly key: Int32Array;
  private count = 0;
  private mask = SMALLEST_SLOTS - 1;
  /** Slots of `width` words and the number + 1; 0: free. */
  private slots: Int32Array;
  private readonly stride: number;

  constructor(private readonly width: number) {
    this.key = new Int32Array(width);
    this.stride = width + 1;
    this.slots = new Int32Array(SMALLEST_SLOTS * this.stride);
  }

  find(): number {
    const { key, width, slots, stride, mask } = this;
    for (let slot = hashOf(key, 0, width) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * stride;
      const number = slots[at + width];
      if (number === 0) return NOT_FOUND;
      let word = 0;
      while (word < width && slots[at + word] === key[word]) word += 1;
      if (word === width) return number - 1;
    }
  }

  /** `find` of a table of width 3, by its words: what nearly every frame asks. */
  findThree(first: number, second: number, third: number): number {
    const { key, slots, mask } = this;
    key[0] = first;
    key[1] = second;
    key[2] = third;
    for (let slot = hashOfThree(first, second, third) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      const number = slots[at + 3];
      if (number === 0) return NOT_FOUND;
      if (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third)
        return number - 1;
    }
  }

  /** `find` of a table of width 9, by words that lie in a frame: eight from `addresses` on, one at `ports`. */
  findNine(view: DataView, addresses: number, ports: number): number {
    const { key, slots, mask } = this;
    const a = view.getInt32(addresses);
    const b = view.getInt32(addresses + 4);
    const c = view.getInt32(addresses + 8);
    const d = view.getInt32(addresses + 12);
    const e = view.getInt32(addresses + 16);
    const f = view.getInt32(addresses + 20);
    const g = view.getInt32(addresses + 24);
    const h = view.getInt32(addresses + 28);
    const i = view.getInt32(ports);
    const hash = hashOfNine(a, b, c, d, e, f, g, h, i);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 10;
      const number = slots[at + 9];
      if (number === 0) break;
      // What differs most comes first.
      if (
        slots[at + 8] === i &&
        slots[at + 7] === h &&
        slots[at + 3] === d &&
        slots[at + 2] === c &&
        slots[at + 6] === g &&
        slots[at + 1] === b &&
        slots[at + 5] === f &&
        slots[at] === a &&
        slots[at + 4] === e
      )
        return number - 1;
    }
    key[0] = a;
    key[1] = b;
    key[2] = c;
    key[3] = d;
    key[4] = e;
    key[5] = f;
    key[6] = g;
    key[7] = h;
    key[8] = i;
    return NOT_FOUND;
  }

  /** The key was not there, and has this number from now on. */
  add(number: number): void {
    if (number === NO_TUPLE) return;
    this.count += 1;
    if (this.count * 2 > this.mask) this.grow();
    this.place(this.slots, this.key, 0, number + 1);
  }

  private place(slots: Int32Array, words: Int32Array, from: number, mark: number): void {
    const { width, stride, mask } = this;
    let slot = hashOf(words, from, width) & mask;
    while (slots[slot * stride + width] !== 0) slot = (slot + 1) & mask;
    const at = slot * stride;
    for (let word = 0; word < width; word += 1) slots[at + word] = words[from + word];
    slots[at + width] = mark;
  }

  private grow(): void {
    const { slots: old, stride, width } = this;
    this.mask = this.mask * 2 + 1;
    const slots = new Int32Array((this.mask + 1) * stride);
    for (let at = 0; at < old.length; at += stride)
      if (old[at + width] !== 0) this.place(slots, old, at, old[at + width]);
    this.slots = slots;
  }
}

/**
 * Words are multiplied apart, so that none waits for another, and mixed once. The numbers stand where they are used: from beside the
 * function they would be loaded, and made floats, for every frame.
 */
function hashOf(words: Int32Array, from: number, width: number): number {
  let hash = 0;
  let factor = 0x9e3779b1 | 0;
  for (let at = from; at < from + width; at += 1) {
    hash = (hash + Math.imul(words[at], factor)) | 0;
    factor = (factor + 0x6a09e66a) | 0;
  }
  return mix(hash);
}

/** The same for three words. */
const hashOfThree = (first: number, second: number, third: number): number =>
  mix(Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x0841601b) + Math.imul(third, 0x724b4685));

/** The same for nine. */
const hashOfNine = (
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
): number =>
  mix(
    ((Math.imul(a, 0x9e3779b1) + Math.imul(b, 0x0841601b)) | 0) +
      ((Math.imul(c, 0x724b4685) + Math.imul(d, 0xdc552cef)) | 0) +
      ((Math.imul(e, 0x465f1359) + Math.imul(f, 0xb068f9c3)) | 0) +
      ((Math.imul(g, 0x1a72e02d) + Math.imul(h, 0x847cc697)) | 0) +
      Math.imul(i, 0xee86ad01),
  );

function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
