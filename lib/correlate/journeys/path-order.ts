// Sightings in the order of their packets' patterns: where each goes is found once for all packets of one set of stations.
import type { PieceTable } from '../packets/piece-table';
import type { PlacedPattern } from '../stations/pattern';
import type { StationTable } from '../stations/stations';

/** By station: its position in the pattern. Undefined where a station stands there more than once. */
type Positions = Uint16Array | undefined;

export class PathOrder {
  readonly firstSighting: Uint32Array;
  readonly sightingRow: Uint32Array;
  readonly sightingRung: Uint8Array;
  /** ns after its capture's base by its own clock. */
  readonly ownTime: Float64Array;
  /** By set of stations. */
  private readonly positions: Positions[] = [];
  /** Patterns of one form have one order. */
  private readonly ofOrder = new Map<readonly number[], Positions>();

  constructor(
    private readonly pieces: PieceTable,
    private readonly stations: StationTable,
    private readonly patterns: readonly PlacedPattern[],
  ) {
    const { count, sightingRow } = pieces;
    this.firstSighting = new Uint32Array(count + 1);
    this.sightingRow = new Uint32Array(sightingRow.length);
    this.sightingRung = new Uint8Array(sightingRow.length);
    this.ownTime = new Float64Array(sightingRow.length);
    for (const { order } of patterns) {
      if (!this.ofOrder.has(order)) this.ofOrder.set(order, positionsOf(order));
      this.positions.push(this.ofOrder.get(order));
    }
  }

  /** Reference time of each packet's first sighting, into `times`, for packets `from … to`. */
  readTimes(times: Float64Array, from: number, to: number): void {
    const { pieces, patterns } = this;
    const { setOfPiece, stationOfSighting } = this.stations;
    const { firstSighting, sightingTime } = pieces;
    for (let piece = from; piece < to; piece += 1) {
      const first = patterns[setOfPiece[piece]].order[0];
      let s = firstSighting[piece];
      while (s < firstSighting[piece + 1] && stationOfSighting[s] !== first) s += 1;
      times[piece] = s < firstSighting[piece + 1] ? sightingTime[s] : 0;
    }
  }

  /** Places the sightings of journeys `from … to`, which are packets `order[from] …`; those before have theirs. */
  place(order: Uint32Array, from: number, to: number): void {
    const { pieces, firstSighting: starts, sightingRow, sightingRung, ownTime } = this;
    const { setOfPiece, stationOfSighting } = this.stations;
    for (let journey = from; journey < to; journey += 1) {
      const piece = order[journey];
      const first = pieces.firstSighting[piece];
      const end = pieces.firstSighting[piece + 1];
      const start = starts[journey];
      starts[journey + 1] = start + end - first;
      const positions = this.positions[setOfPiece[piece]];
      for (let s = first; s < end; s += 1) {
        const at =
          start +
          (positions === undefined
            ? this.inTurn(piece, first, s)
            : positions[stationOfSighting[s]]);
        sightingRow[at] = pieces.sightingRow[s];
        sightingRung[at] = pieces.sightingRung[s];
        ownTime[at] = pieces.sightingOwnTime[s];
      }
    }
  }

  /** Sightings that share a station (one look, other ports) take its places in turn. */
  private inTurn(piece: number, first: number, sighting: number): number {
    const { setOfPiece, stationOfSighting } = this.stations;
    const { order } = this.patterns[setOfPiece[piece]];
    const station = stationOfSighting[sighting];
    let position = order.indexOf(station);
    for (let s = first; s < sighting; s += 1)
      if (stationOfSighting[s] === station) position = order.indexOf(station, position + 1);
    return position;
  }
}

function positionsOf(order: readonly number[]): Positions {
  const positions = new Uint16Array(Math.max(0, ...order) + 1);
  for (const [position, station] of order.entries()) positions[station] = position;
  return new Set(order).size === order.length ? positions : undefined;
}
