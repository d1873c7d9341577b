// Time from one sighting to another, in words: with what the clocks may be off where two took them and the figure would show it.
import { boundText, LatencyErrors } from '../model/latency-error';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import type { SightingFact } from './packet-facts';
import { duration } from './story';

export const errorsOf = onFacts((facts) => new LatencyErrors(facts));

/** A bound of so small a share of the time changes none of its digits. */
const UNSEEN = 1 / 500;

/** `1.01 s`, `38 µs ± 22.5 µs`, `38 µs (no bound)`. */
export function elapsed(facts: CaseFacts, from: SightingFact, to: SightingFact): string {
  const ns = Math.abs(to.referenceTime - from.referenceTime);
  const error = errorsOf(facts).between(from, to, 'forward');
  return error !== null && error <= ns * UNSEEN
    ? duration(ns)
    : `${duration(ns)}${boundText(error)}`;
}
