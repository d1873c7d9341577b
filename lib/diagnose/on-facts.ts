// What several rules ask of the facts is computed once for each case.
import type { CaseFacts } from './facts';

/** `compute`, remembered as long as the case's facts are. */
export function onFacts<T, F extends object = CaseFacts>(
  compute: (facts: F) => T,
): (facts: F) => T {
  const known = new WeakMap<F, { readonly value: T }>();
  return (facts) => {
    const found = known.get(facts);
    if (found !== undefined) return found.value;
    const value = compute(facts);
    known.set(facts, { value });
    return value;
  };
}
