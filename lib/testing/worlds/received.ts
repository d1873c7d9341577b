// What a receiver has of a stream: all up to a point, and ranges beyond it.

export interface Received {
  /** What the side has of the other's stream, without a gap: the next number it waits for. */
  received: number;
  /** Beyond that: ranges that it has. */
  held: [number, number][];
}

/** The receiver's view after bytes from … to came. */
export function take(side: Received, from: number, to: number): void {
  const ahead = (a: number, b: number): number => (a - b) | 0;
  if (ahead(to, side.received) <= 0) return;
  side.held.push([from, to]);
  side.held.sort((a, b) => ahead(a[0], b[0]));
  const joined: [number, number][] = [];
  for (const [a, b] of side.held) {
    const last = joined[joined.length - 1];
    if (last !== undefined && ahead(a, last[1]) <= 0) {
      if (ahead(b, last[1]) > 0) last[1] = b;
    } else joined.push([a, b]);
  }
  while (joined.length > 0 && ahead(joined[0][0], side.received) <= 0) {
    const [, end] = joined.shift()!;
    if (ahead(end, side.received) > 0) side.received = end;
  }
  side.held = joined;
}

/** What of 0 … length no range covers. */
export function gaps(length: number, ranges: readonly (readonly number[])[]): [number, number][] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const open: [number, number][] = [];
  let at = 0;
  for (const [from, to] of sorted) {
    if (from > at) open.push([at, Math.min(from, length)]);
    at = Math.max(at, to);
  }
  if (at < length) open.push([at, length]);
  return open.filter(([from, to]) => to > from);
}
