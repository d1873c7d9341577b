// Values against values: equality, order, containment, patterns.
import type { Value } from './field';

export type ValueTest = (left: Value, right: Value) => boolean;

/** Negative, 0 or positive; bytes and texts by their letters, a shorter beginning first. */
export function compareValues(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    const common = Math.min(left.length, right.length);
    for (let i = 0; i < common; i += 1) if (left[i] !== right[i]) return left[i] - right[i];
    return left.length - right.length;
  }
  const [a, b] = [String(left), String(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `part` stands somewhere in `whole`. */
export function containsValue(whole: Value, part: Value): boolean {
  if (whole instanceof Uint8Array && part instanceof Uint8Array) return findBytes(whole, part) >= 0;
  return String(whole).includes(String(part));
}

function findBytes(whole: Uint8Array, part: Uint8Array): number {
  if (part.length === 0) return 0;
  const last = whole.length - part.length;
  for (
    let at = whole.indexOf(part[0]);
    at >= 0 && at <= last;
    at = whole.indexOf(part[0], at + 1)
  ) {
    let same = 1;
    while (same < part.length && whole[at + same] === part[same]) same += 1;
    if (same === part.length) return at;
  }
  return -1;
}

const latin1 = new TextDecoder('latin1');

/** Bytes as letters one to one, so that a pattern speaks of bytes. */
export const patternText = (value: Value): string =>
  value instanceof Uint8Array ? latin1.decode(value) : String(value);
