// The first row of each identity, in a table of slots that grows with how many there are. Rows are asked for in order; what follows a row that is alike to
// an earlier one is nearly always alike to the one behind that, so those who ask look there first, and few rows come here.

/** Two numbers a slot: an identity, and its first row plus 1, twice, with the kind; 0: free. */
const SLOT = 2;
const LEAST_SLOTS = 16;

export class AlikeRows {
  private slots = new Uint32Array(0);
  /** How many slots are in use, a power of two. */
  private size = 0;
  private held = 0;

  /** Forgets all rows. `rows`: how many there will be; about a quarter of them the first of their identity. */
  begin(rows: number): void {
    this.held = 0;
    this.size = LEAST_SLOTS;
    while (this.size < rows / 2) this.size *= 2;
    if (this.slots.length < this.size * SLOT) this.slots = new Uint32Array(this.size * SLOT);
    else this.slots.fill(0, 0, this.size * SLOT);
  }

  /** The first row with this identity and kind (0 or 1); `row` itself, which is noted, where there is none. */
  firstOf(identity: number, row: number, kind: number): number {
    const { slots } = this;
    const mask = this.size - 1;
    let slot = (identity + kind) & mask;
    for (;;) {
      const held = slots[slot * SLOT + 1];
      if (held === 0) break;
      if (slots[slot * SLOT] === identity && (held & 1) === kind) return (held >>> 1) - 1;
      slot = (slot + 1) & mask;
    }
    slots[slot * SLOT] = identity;
    slots[slot * SLOT + 1] = (row + 1) * 2 + kind;
    this.held += 1;
    if (this.held * 2 > this.size) this.grow();
    return row;
  }

  private grow(): void {
    const { slots, size } = this;
    this.size *= 2;
    const mask = this.size - 1;
    const larger = new Uint32Array(this.size * SLOT);
    for (let from = 0; from < size * SLOT; from += SLOT) {
      const held = slots[from + 1];
      if (held === 0) continue;
      let slot = (slots[from] + (held & 1)) & mask;
      while (larger[slot * SLOT + 1] !== 0) slot = (slot + 1) & mask;
      larger[slot * SLOT] = slots[from];
      larger[slot * SLOT + 1] = held;
    }
    this.slots = larger;
  }
}
