// Considerations that evidence confirms become verdicts, and take in the finding that knew only where the packets were lost: one cause, one finding.
import type { Finding } from '../model/finding';
import { confirmConsideration, isConfirmed } from './consideration';
import type { CaseFacts } from './facts';
import { OPEN_CAUSES } from './speaking-counters';

/** Findings with causes settled where evidence settles them; themselves otherwise. */
export function settleCauses(facts: CaseFacts, findings: readonly Finding[]): readonly Finding[] {
  const confirmed = findings.filter(isConfirmed);
  if (confirmed.length === 0) return findings;
  const takenIn = new Set<Finding>();
  const verdicts = new Map<Finding, Finding>();
  for (const cause of confirmed) {
    const ids = new Set(cause.connections);
    const same = findings.filter(
      (one) =>
        OPEN_CAUSES.has(one.rule) &&
        !takenIn.has(one) &&
        one.connections.length > 0 &&
        one.connections.every((id) => ids.has(id)),
    );
    const isFailed = facts.connections.some(
      ({ id, handshake }) => ids.has(id) && handshake === 'failed',
    );
    if (same.length === 0 && !isFailed) continue;
    for (const one of same) takenIn.add(one);
    verdicts.set(cause, confirmConsideration(cause, same));
  }
  return findings.flatMap((one) => (takenIn.has(one) ? [] : [verdicts.get(one) ?? one]));
}
