// Stations that some packet of a route's direction showed together: packets of one set have one pattern.

/** A packet that one station shows twice has it there twice. */
export interface StationSet {
  readonly route: number;
  readonly direction: number;
  /** Numbers of the direction's stations, rising. */
  readonly stations: readonly number[];
  /** Packets that have it. */
  uses: number;
}
