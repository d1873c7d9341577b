// Clocks set by hand, laid over what was solved from the packets.

import type { CorrelationInput } from '../input/input';
import type { ClockModel } from './clocks';

/** The model with each corrected host's clock moved; the reference stays, and corrections of captures that are not here are left out. */
export function correctClocks(input: CorrelationInput, clocks: ClockModel): ClockModel {
  const nudges = new Map<number, number>();
  for (const { capture, nudgeNs } of input.corrections.clocks) {
    const index = input.captures.findIndex(({ summary }) => summary.fingerprint === capture);
    if (index < 0) continue;
    const host = clocks.hostOf(index);
    if (clocks.hosts[host].state !== 'reference')
      nudges.set(host, (nudges.get(host) ?? 0) + nudgeNs);
  }
  return nudges.size === 0 ? clocks : clocks.nudged(nudges);
}
