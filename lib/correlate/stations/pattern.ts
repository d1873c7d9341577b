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

/** A pattern with the route direction whose stations it numbers: one object for each set of stations, little more than its form. */
export class PlacedPattern implements Pattern {
  constructor(
    /** Directions of one shape have it in common: what follows of it alone is found once for all of them. */
    readonly form: Pattern,
    readonly route: number,
    readonly direction: number,
    readonly stations: RouteDirection,
    /** Sent to a group (broadcast, multicast): flooded, not forwarded along a way. */
    readonly toGroup: boolean,
    /** Journeys that have it. */
    readonly uses: number,
  ) {}

  get order(): readonly number[] {
    return this.form.order;
  }

  get wayLength(): number {
    return this.form.wayLength;
  }

  get passage(): readonly number[] {
    return this.form.passage;
  }

  get branch(): readonly number[] {
    return this.form.branch;
  }

  get edges(): readonly OrderGround[] {
    return this.form.edges;
  }

  /** The same packets' pattern in another form. */
  as(form: Pattern): PlacedPattern {
    const { route, direction, stations, toGroup, uses } = this;
    return form === this.form
      ? this
      : new PlacedPattern(form, route, direction, stations, toGroup, uses);
  }
}
