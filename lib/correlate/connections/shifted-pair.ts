// What is known of two sets of legs that a shift joins: between sequence-shifts.ts, which finds them, and proxy-halves.ts, which asks whose handshake it was.
import type { LegShift } from '../legs/leg-shifts';

/** Two sets of legs that a constant shift makes one connection. */
export interface ShiftedPair {
  /** Roots of the two sets. */
  readonly first: number;
  readonly second: number;
  readonly differs: number;
  readonly shift: LegShift;
  /** Kinds of evidence, and contents: what a rival must fall short of. */
  readonly strength: number;
  readonly vote: Vote;
}

/** Agreement of two sets of legs in one shift. */
export interface Vote {
  readonly shift: LegShift;
  readonly contents: Set<number>;
  readonly ids: Set<number>;
  /** Time at the second minus time at the first, of packets that run in direction 0 of the first root's tuple, and in direction 1. */
  readonly deltas: readonly [number[], number[]];
  /** Legs that `deltas` are of: between others they would mix clocks and hops. */
  readonly firstLeg: number;
  readonly secondLeg: number;
  /** Of the samples: with timestamps, with two IP IDs that differ, with the client's end in common. */
  stamped: number;
  idsApart: number;
  sameEnd: number;
}
