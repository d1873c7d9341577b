// Twins: one frame of one interface in two captures that were taken there at the same time, and that someone said are one point. The later file's is an
// echo of the earlier one's. The kernel gives a frame one time for all that listen; what comes between two cards of one mirror port is microseconds.
import { GrowableColumn } from '../../base/growable';
import type { CorrelationCapture, CorrelationInput } from '../input/input';
import { IDENTITY_YIELD_ROWS } from '../limits';

/** Between the times that two captures give one frame. */
const APART_NS = 100_000;
/** Frames are written out of order by as much, where several CPUs take them. */
const DISORDER_NS = 2e6;
const ALIKE = ['ipId', 'tuple', 'ttl', 'payloadDigest'] as const;

export interface Twins {
  /** Global rows, pairwise; `twin` is in the later file. */
  readonly original: Float64Array;
  readonly twin: Float64Array;
}

/** Rows without an identity have no twin. Yields now and then. */
export function* findTwins(
  input: CorrelationInput,
  identities: Uint32Array,
): Generator<number, Twins> {
  const original = new GrowableColumn(Float64Array);
  const twin = new GrowableColumn(Float64Array);
  for (const { members, byHand } of input.captures) {
    if (!byHand) continue;
    /** 1: it has a twin in the file that is looked at, or is one. */
    const isTwin = members.map((member) => new Uint8Array(input.captures[member].table.rows));
    for (let later = 1; later < members.length; later += 1)
      for (let earlier = 0; earlier < later; earlier += 1) {
        const taken = new Uint8Array(isTwin[earlier].length);
        const pair = new FilePair(input, identities, members[earlier], members[later]);
        const isTaken = (row: number): boolean => taken[row] + isTwin[earlier][row] > 0;
        for (let row = 0; row < isTwin[later].length; row += 1) {
          if (row % IDENTITY_YIELD_ROWS === IDENTITY_YIELD_ROWS - 1) yield 1;
          if (isTwin[later][row] === 1) continue;
          const found = pair.twinOf(row, isTaken);
          if (found < 0) continue;
          taken[found] = 1;
          isTwin[later][row] = 1;
          original.push(input.rowBase[members[earlier]] + found);
          twin.push(input.rowBase[members[later]] + row);
        }
      }
  }
  return { original: original.finish(), twin: twin.finish() };
}

/** Looks up frames of the later file in the earlier one, in order. */
class FilePair {
  private readonly first: CorrelationCapture;
  private readonly second: CorrelationCapture;
  private readonly firstBase: number;
  private readonly secondBase: number;
  /** By link context of each file: a number for its point and all that the frame itself says. */
  private readonly firstLooks: Uint32Array;
  private readonly secondLooks: Uint32Array;
  /** Rows before lie too far back. */
  private from = 0;

  constructor(
    input: CorrelationInput,
    private readonly identities: Uint32Array,
    earlier: number,
    later: number,
  ) {
    this.first = input.captures[earlier];
    this.second = input.captures[later];
    this.firstBase = input.rowBase[earlier];
    this.secondBase = input.rowBase[later];
    const numbers = new Map<string, number>();
    const looksOf = ({ links, pointOfLink }: CorrelationCapture): Uint32Array =>
      Uint32Array.from(pointOfLink, (point, index) => {
        const { sourceMac, destinationMac, vlans, tunnels } = links[index];
        const look = JSON.stringify([point, sourceMac, destinationMac, vlans, tunnels]);
        const number = numbers.get(look) ?? numbers.size;
        numbers.set(look, number);
        return number;
      });
    this.firstLooks = looksOf(this.first);
    this.secondLooks = looksOf(this.second);
  }

  /** The first row of the earlier file that is this one's frame and not taken; −1: none is. */
  twinOf(row: number, isTaken: (row: number) => boolean): number {
    const { first, second, identities, firstBase } = this;
    const identity = identities[this.secondBase + row];
    const time = second.table.get('time', row) + second.baseDelta - first.baseDelta;
    const { rows } = first.table;
    while (this.from < rows && first.table.get('time', this.from) < time - DISORDER_NS)
      this.from += 1;
    if (identity === 0) return -1;
    for (let other = this.from; other < rows; other += 1) {
      const apart = first.table.get('time', other) - time;
      if (apart > DISORDER_NS) return -1;
      if (identities[firstBase + other] !== identity || Math.abs(apart) > APART_NS) continue;
      if (!isTaken(other) && this.isAlike(other, row)) return other;
    }
    return -1;
  }

  private isAlike(other: number, row: number): boolean {
    const { first, second } = this;
    return (
      this.firstLooks[first.table.get('link', other)] ===
        this.secondLooks[second.table.get('link', row)] &&
      ALIKE.every((column) => first.table.get(column, other) === second.table.get(column, row))
    );
  }
}
