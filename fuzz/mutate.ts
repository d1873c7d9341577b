// Damage to a capture: fields that say lengths and types (structure.ts), single bits and bytes, extreme lengths, cuts, pieces of another file,
// pieces twice. Seeded: the same seed does the same.
import { findFields } from './structure';

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

/** Numbers near a field's own, and those at which readers go wrong. */
function nearOrExtreme(value: number, random: Random): number {
  const kinds = [
    () => value + 1 + within(random, 4),
    () => value - 1 - within(random, 4),
    () => value * 2,
    () => value >>> 1,
    () => value ^ (1 << within(random, 16)),
    () => EXTREMES[within(random, EXTREMES.length)],
    () => within(random, 64),
    () => within(random, 70_000),
  ];
  return kinds[within(random, kinds.length)]();
}

/** One to four fields that say how long something is, what comes next or where it belongs. */
function mutateFields(bytes: Uint8Array, random: Random): Uint8Array {
  const fields = findFields(bytes);
  if (fields.length === 0) return bytes;
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const count = 1 + within(random, 4);
  for (let i = 0; i < count; i += 1) {
    const { at, bytes: size, littleEndian, twin } = fields[within(random, fields.length)];
    if (size === 1) view.setUint8(at, nearOrExtreme(view.getUint8(at), random) & 0xff);
    else if (size === 2)
      view.setUint16(
        at,
        nearOrExtreme(view.getUint16(at, littleEndian), random) & 0xffff,
        littleEndian,
      );
    else {
      const value = nearOrExtreme(view.getUint32(at, littleEndian), random) >>> 0;
      view.setUint32(at, value, littleEndian);
      // A block whose two lengths differ ends the reading: mostly they agree, and the block's end is elsewhere.
      if (twin !== undefined && random() < 0.7) writeTwin(view, at, value, littleEndian);
    }
  }
  return copy;
}

/** The second length of a block that is `length` bytes long now. */
function writeTwin(view: DataView, at: number, length: number, littleEndian: boolean): void {
  const end = at - 4 + length - 4;
  if (length >= 12 && end + 4 <= view.byteLength) view.setUint32(end, length, littleEndian);
}

/** Damage by structure, at random, or both. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  // Most rounds on short captures: many more of them are made in the same time.
  const short = random() < 0.8 ? bytes.slice(0, 2000 + within(random, 20_000)) : bytes.slice();
  const kind = random();
  if (kind < 0.5) return mutateFields(short, random);
  return mutateAnywhere(kind < 0.6 ? mutateFields(short, random) : short, other, random);
}

/** One to eight mutations. */
function mutateAnywhere(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let damaged = bytes;
  const count = 1 + within(random, 8);
  for (let i = 0; i < count; i += 1)
    damaged = MUTATIONS[within(random, MUTATIONS.length)](damaged, other, random);
  return damaged;
}
