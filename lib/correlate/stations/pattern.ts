// A pattern: what all packets have in common that were seen at the same stations of a route. patterns.ts makes them.
import type { OrderGround } from '../../model/connection';
import type { RouteDirection } from './stations';

export interface Pattern {
  /** Station indices: the way in order, then the copies. */
  readonly order: readonly number[];
  /** How many of `order` are the way. */
  readonly wayLength: number;
  /** By position in `order`. */
  readonly passage: readonly number[];
  readonly branch: readonly number[];
  /** Between each station of the way and the next: how sure their order is. */
  readonly edges: readonly OrderGround[];
}

/** A pattern with the route direction whose stations it numbers. */
export interface PlacedPattern extends Pattern {
  readonly route: number;
  readonly direction: number;
  readonly stations: RouteDirection;
  /** Sent to a group (broadcast, multicast): flooded, not forwarded along a way. */
  readonly toGroup: boolean;
  /** Journeys that have it. */
  readonly uses: number;
}

/** Written out: there may be one for each connection, and spreading objects takes many times as long. */
export const placePattern = (
  { order, wayLength, passage, branch, edges }: Pattern,
  route: number,
  direction: number,
  stations: RouteDirection,
  toGroup: boolean,
  uses: number,
): PlacedPattern => ({
  order,
  wayLength,
  passage,
  branch,
  edges,
  route,
  direction,
  stations,
  toGroup,
  uses,
});
