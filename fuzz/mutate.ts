// Damage to a capture: single bits and bytes, extreme lengths, cuts, pieces of another file, pieces twice. Seeded: the same seed does the same.

export type Random = () => number;

const EXTREMES = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

type Mutation = (bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array;

const within = (random: Random, count: number): number => Math.floor(random() * count);

const MUTATIONS: readonly Mutation[] = [
  (bytes, _, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[within(random, copy.length)] ^= 1 << within(random, 8);
    return copy;
  },
  (bytes, _, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[within(random, copy.length)] = within(random, 256);
    return copy;
  },
  // A length field made extreme, in either byte order, of two or four bytes.
  (bytes, _, random) => {
    if (bytes.length < 4) return bytes;
    const copy = bytes.slice();
    const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
    const at = within(random, copy.length - 3);
    const value = EXTREMES[within(random, EXTREMES.length)];
    const little = random() < 0.5;
    if (random() < 0.5) view.setUint16(at, value & 0xffff, little);
    else view.setUint32(at, value >>> 0, little);
    return copy;
  },
  (bytes, _, random) => bytes.slice(0, within(random, bytes.length + 1)),
  (bytes, other, random) => {
    const from = within(random, other.length + 1);
    const piece = other.subarray(from, from + within(random, 400));
    const at = within(random, bytes.length + 1);
    return Uint8Array.from([...bytes.subarray(0, at), ...piece, ...bytes.subarray(at)]);
  },
  (bytes, _, random) => {
    const from = within(random, bytes.length + 1);
    const piece = bytes.subarray(from, from + within(random, 400));
    return Uint8Array.from([...bytes.subarray(0, from), ...piece, ...bytes.subarray(from)]);
  },
];

/** One to eight mutations, the first of them often within the headers. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  // Most rounds on short captures: many more of them are made in the same time.
  let damaged: Uint8Array =
    random() < 0.8 ? bytes.slice(0, 2000 + within(random, 20_000)) : bytes.slice();
  const count = 1 + within(random, 8);
  for (let i = 0; i < count; i += 1)
    damaged = MUTATIONS[within(random, MUTATIONS.length)](damaged, other, random);
  return damaged;
}
