// SYN proxies: whether who shifts the numbers of a connection passed its handshake on, or answered it and then made one of its own. In the second
// case the packets of the two handshakes are not the same packets, though shifted they are alike.
import { sequenceAdd } from '../../base/sequence-number';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { CorrelationInput } from '../input/input';
import type { LegSets } from '../legs/leg-sets';
import type { LegShifts } from '../legs/leg-shifts';
import { type LegTable, NO_LEG } from '../legs/legs';
import type { ShiftedPair } from './shifted-pair';

export type Halves = Pick<LegShifts, 'half' | 'opening' | 'opener'>;

/** When a leg's handshake was, ns after the base by its own clock, and its numbers. */
interface Opening {
  synTime: number;
  synAckTime: number;
  /** IP ID of the SYN; 0: none. */
  synId: number;
  synDirection: number;
  /** Of the first bare acknowledgement in the SYN's direction. */
  endTime: number;
  /** First sequence number behind the SYN, by tuple direction; undefined: none seen. */
  readonly next: SynNumbers;
}

type SynNumbers = [number | undefined, number | undefined];

/** Call before the pairs are joined. */
export function findHalves(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
  pairs: readonly ShiftedPair[],
): Halves {
  const openings = readOpenings(
    input,
    legs,
    sets,
    new Set(pairs.flatMap((p) => [p.first, p.second])),
  );
  const proxied = pairs.filter((pair) => isProxied(pair, openings, sets));
  const roots = new Set(proxied.flatMap(({ first, second }) => [first, second]));
  const half = new Uint32Array(legs.count);
  const opening = new Uint32Array(legs.count * 2);
  const opener = new Uint8Array(legs.count);
  if (roots.size === 0) return { half, opening, opener };
  const numbers = numbersOfSets(sets, openings);
  for (let leg = 0; leg < legs.count; leg += 1) {
    const root = sets.find(leg);
    if (!roots.has(root)) continue;
    half[leg] = root + 1;
    opener[leg] = (numbers.get(root)?.opener ?? 0) ^ sets.parity(leg);
    for (const direction of [0, 1])
      opening[leg * 2 + direction] = numbers.get(root)?.next[direction ^ sets.parity(leg)] ?? 0;
  }
  return { half, opening, opener };
}

/**
 * Whether there were two handshakes. Where the way keeps IP IDs, the SYN's says it. Else times: the SYN-ACK moved against its own direction, or a
 * SYN was sent when the other side's handshake had ended; judged by what the connection's other packets take in both directions.
 */
function isProxied({ vote }: ShiftedPair, openings: ReadonlyMap<number, Opening>, sets: LegSets) {
  const a = openings.get(vote.firstLeg);
  const b = openings.get(vote.secondLeg);
  if (a === undefined || b === undefined) return false;
  if (vote.ids.size > vote.idsApart && a.synId + b.synId !== 0) return a.synId !== b.synId;
  const way = a.synDirection ^ sets.parity(vote.firstLeg);
  const usual = vote.deltas.map((deltas) => [...deltas].sort((x, y) => x - y)[deltas.length >> 1]);
  const [onward, back] = [usual[way], usual[way ^ 1]] as (number | undefined)[];
  const answered = b.synAckTime - a.synAckTime;
  if (onward !== undefined && back !== undefined && onward !== back) {
    if (Math.abs(answered - onward) < Math.abs(answered - back)) return true;
    const offset = (onward + back) / 2;
    return b.synTime - a.endTime > offset || a.synTime - b.endTime > -offset;
  }
  const delay = onward ?? back ?? 0;
  const afterEnd = (from: Opening, to: Opening, usualDelay: number): boolean =>
    Math.abs(to.synTime - from.endTime - usualDelay) <
    Math.abs(to.synTime - from.synTime - usualDelay);
  return afterEnd(a, b, delay) || afterEnd(b, a, -delay);
}

/** By root, the numbers behind the SYNs by the root's tuple direction: from whichever leg of the set showed them first. */
function numbersOfSets(
  sets: LegSets,
  openings: ReadonlyMap<number, Opening>,
): ReadonlyMap<number, { readonly next: SynNumbers; readonly opener: number }> {
  const numbers = new Map<number, { readonly next: SynNumbers; readonly opener: number }>();
  for (const [leg, { next, synDirection }] of openings) {
    const root = sets.find(leg);
    const parity = sets.parity(leg);
    const known = numbers.get(root) ?? {
      next: [undefined, undefined],
      opener: synDirection ^ parity,
    };
    for (const direction of [0, 1]) known.next[direction ^ parity] ??= next[direction];
    numbers.set(root, known);
  }
  return numbers;
}

/** Openings of the legs whose set is among `roots`, in one walk over the frames. */
function readOpenings(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
  roots: ReadonlySet<number>,
): ReadonlyMap<number, Opening> {
  const openings = new Map<number, Opening>();
  const wanted = Uint8Array.from({ length: legs.count }, (_, leg) =>
    roots.has(sets.find(leg)) ? 1 : 0,
  );
  input.captures.forEach(({ table, baseDelta }, capture) => {
    for (let row = 0; row < table.rows; row += 1) {
      const leg = legs.legOfRow[input.rowBase[capture] + row];
      if (leg === NO_LEG || wanted[leg] === 0) continue;
      const flags = table.get('flags', row);
      const direction = table.get('tuple', row) & 1;
      const time = table.get('time', row) + baseDelta;
      let opening = openings.get(leg);
      if (flags & TCP_SYN) {
        if (opening === undefined) {
          opening = {
            synTime: Number.NaN,
            synAckTime: Number.NaN,
            synId: 0,
            synDirection: 0,
            endTime: Number.NaN,
            next: [undefined, undefined],
          };
          openings.set(leg, opening);
        }
        opening.next[direction] ??= sequenceAdd(table.get('sequence', row), 1);
        if (flags & TCP_ACK && Number.isNaN(opening.synAckTime)) opening.synAckTime = time;
        if ((flags & TCP_ACK) === 0 && Number.isNaN(opening.synTime)) {
          opening.synTime = time;
          opening.synId = table.get('ipId', row);
          opening.synDirection = direction;
        }
      } else if (
        opening !== undefined &&
        Number.isNaN(opening.endTime) &&
        direction === opening.synDirection &&
        (flags & (TCP_ACK | TCP_RST | TCP_FIN)) === TCP_ACK
      )
        opening.endTime = time;
    }
  });
  return openings;
}
