// Rows of 32-bit numbers, each kept once: open addressing over typed arrays. Addresses, tuples, tunnels and link contexts are interned with it.

const SMALLEST = 1024;

export class InternTable {
  count = 0;
  private rows: Uint32Array;
  /** Row number + 1 by hash slot; 0: free. */
  private slots: Int32Array;

  /** Rows have `width` numbers. */
  constructor(private readonly width: number) {
    this.rows = new Uint32Array(SMALLEST * width);
    this.slots = new Int32Array(SMALLEST * 2);
  }

  /** Number of the row equal to key[0, width), added where it is new. */
  intern(key: Uint32Array): number {
    const { width } = this;
    const mask = this.slots.length - 1;
    let slot = hashOf(key, 0, width) & mask;
    for (;;) {
      const found = this.slots[slot];
      if (found === 0) break;
      if (this.equals(found - 1, key)) return found - 1;
      slot = (slot + 1) & mask;
    }
    return this.add(key, slot);
  }

  /** Number `column` of row `row`. */
  get(row: number, column: number): number {
    return this.rows[row * this.width + column];
  }

  /** Rows from `from` on, flat. */
  rowsFrom(from: number): Uint32Array<ArrayBuffer> {
    return this.rows.slice(from * this.width, this.count * this.width) as Uint32Array<ArrayBuffer>;
  }

  private equals(row: number, key: Uint32Array): boolean {
    const base = row * this.width;
    for (let i = 0; i < this.width; i++) if (this.rows[base + i] !== key[i]) return false;
    return true;
  }

  private add(key: Uint32Array, slot: number): number {
    const row = this.count++;
    if ((row + 1) * this.width > this.rows.length) {
      const larger = new Uint32Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    for (let i = 0; i < this.width; i++) this.rows[row * this.width + i] = key[i];
    this.slots[slot] = row + 1;
    if (this.count * 2 > this.slots.length) this.rehash();
    return row;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let row = 0; row < this.count; row++) {
      let slot = hashOf(this.rows, row * this.width, this.width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.slots = slots;
  }
}

function hashOf(values: Uint32Array, from: number, width: number): number {
  let hash = 0;
  for (let i = from; i < from + width; i++) {
    hash = Math.imul(hash ^ values[i], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
