// Orders of the connection list: by each column once, kept; what a search leaves is picked out of the order instead of being sorted anew.

import { sortedOrder } from '../base/sort-order';

/** What the list can be sorted by. */
export const CONNECTION_SORTS = [
  'time',
  'client',
  'server',
  'after',
  'protocol',
  'hint',
  'state',
  'findings',
  'points',
  'duration',
  'handshake',
  'close',
  'packets',
  'bytes',
  'lost',
  'retransmissions',
] as const;
export type ConnectionSort = (typeof CONNECTION_SORTS)[number];

/** Texts as numbers of the same order; empty ones come first. */
export function rankTexts(texts: readonly string[]): Float64Array {
  const ranks = new Map<string, number>();
  for (const text of [...new Set(texts)].sort()) ranks.set(text, text === '' ? -1 : ranks.size);
  return Float64Array.from(texts, (text) => ranks.get(text) ?? 0);
}

interface Order {
  readonly keys: Float64Array;
  /** Positions, ascending by key, then by position. */
  readonly rows: Uint32Array;
}

export class OrderCache {
  private readonly orders = new Map<ConnectionSort, Order>();

  /** `keysOf`: by position; NaN stands before all others. */
  constructor(
    private readonly count: number,
    private readonly keysOf: (sort: ConnectionSort) => Float64Array,
  ) {}

  /** Positions of the members (null: all) in this order; those of equal keys stay in order of position either way. */
  rows(sort: ConnectionSort, descending: boolean, members: Uint8Array | null): Uint32Array {
    const { keys, rows } = this.order(sort);
    const picked = new Uint32Array(this.count);
    let count = 0;
    const take = (position: number): void => {
      if (members === null || members[position] !== 0) picked[count++] = position;
    };
    if (!descending) for (const position of rows) take(position);
    else
      for (let end = rows.length; end > 0; ) {
        let start = end - 1;
        while (start > 0 && keys[rows[start - 1]] === keys[rows[start]]) start -= 1;
        for (let at = start; at < end; at += 1) take(rows[at]);
        end = start;
      }
    return picked.subarray(0, count);
  }

  private order(sort: ConnectionSort): Order {
    let order = this.orders.get(sort);
    if (order === undefined) {
      const keys = this.keysOf(sort).map((key) =>
        Number.isNaN(key) ? Number.NEGATIVE_INFINITY : key,
      );
      order = { keys, rows: sortedOrder(keys) };
      this.orders.set(sort, order);
    }
    return order;
  }
}
