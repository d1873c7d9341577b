// Which legs are one connection: a disjoint-set over legs that keeps, beside the set, which way round each leg's tuple runs and how its sequence
// numbers and timestamps are shifted against those of the set's root.
import type { LegPair } from './leg-corrections';
import { type LegShift, NO_SHIFT, SHIFT_NUMBERS } from './leg-shifts';

/** Union-find with parity and shift: `parity(leg)` is 1 when the leg's tuple runs against its root's. */
export class LegSets {
  private readonly parent: Uint32Array;
  private readonly flipped: Uint8Array;
  /** Shift of each leg against its parent, SHIFT_NUMBERS a leg; undefined while all are 0. */
  private shifts: Uint32Array | undefined;

  /** `apart`: legs that no chain of joins may bring into one set. */
  constructor(
    private readonly count: number,
    private readonly apart: readonly LegPair[],
  ) {
    this.parent = Uint32Array.from({ length: count }, (_, index) => index);
    this.flipped = new Uint8Array(count);
  }

  find(leg: number): number {
    let root = leg;
    let parity = 0;
    while (this.parent[root] !== root) {
      parity ^= this.flipped[root];
      root = this.parent[root];
    }
    if (this.shifts !== undefined) this.gatherShift(this.shifts, leg, root);
    let node = leg;
    while (this.parent[node] !== root && node !== root) {
      const up = this.parent[node];
      const own = this.flipped[node];
      this.parent[node] = root;
      this.flipped[node] = parity;
      parity ^= own;
      node = up;
    }
    return root;
  }

  parity(leg: number): number {
    return this.find(leg) === leg ? 0 : this.flipped[leg];
  }

  /** What the leg's numbers are more than its root's, by the leg's own tuple direction. */
  shift(leg: number): LegShift {
    if (this.shifts === undefined || this.find(leg) === leg) return NO_SHIFT;
    const at = leg * SHIFT_NUMBERS;
    return [this.shifts[at], this.shifts[at + 1], this.shifts[at + 2], this.shifts[at + 3]];
  }

  /**
   * One set for both; `differs` is 1 when their tuples run opposite ways, `shift` what a's numbers are more than b's, by a's tuple direction.
   * The lower number stays root.
   */
  join(a: number, b: number, differs: number, shift: LegShift = NO_SHIFT): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA === rootB || this.isForbidden(rootA, rootB)) return;
    const [parityA, parityB] = [this.parity(a), this.parity(b)];
    const [child, root] = rootA < rootB ? [rootB, rootA] : [rootA, rootB];
    if (shift !== NO_SHIFT || this.shifts !== undefined) {
      this.shifts ??= new Uint32Array(this.count * SHIFT_NUMBERS);
      const [ofA, ofB] = [this.shift(a), this.shift(b)];
      for (const first of [0, 2])
        for (const direction of [0, 1]) {
          // What root B's numbers are more than root A's.
          const more =
            ofA[first + direction] - shift[first + direction] - ofB[first + (direction ^ differs)];
          const [own, sign] =
            child === rootB ? [direction ^ differs ^ parityB, 1] : [direction ^ parityA, -1];
          this.shifts[child * SHIFT_NUMBERS + first + own] = sign * more;
        }
    }
    this.parent[child] = root;
    this.flipped[child] = parityA ^ parityB ^ differs;
  }

  /** Sums the shifts from the leg up to its root, for it and all between, before the path is made short. */
  private gatherShift(shifts: Uint32Array, leg: number, root: number): void {
    const path: number[] = [];
    for (let node = leg; node !== root; node = this.parent[node]) path.push(node);
    // The one below the root is right already; each below it adds what the one above has come to.
    for (let i = path.length - 2; i >= 0; i -= 1) {
      const [own, above] = [path[i] * SHIFT_NUMBERS, path[i + 1] * SHIFT_NUMBERS];
      const flip = this.flipped[path[i]];
      for (const first of [0, 2])
        for (const direction of [0, 1])
          shifts[own + first + direction] += shifts[above + first + (direction ^ flip)];
    }
  }

  private isForbidden(rootA: number, rootB: number): boolean {
    return this.apart.some(({ first, second }) => {
      const one = this.find(first);
      const other = this.find(second);
      return (one === rootA && other === rootB) || (one === rootB && other === rootA);
    });
  }
}
