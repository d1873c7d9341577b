// How sure a finding is, and why: what its signature alone is worth, and what each fact beside it adds or takes.
import type { Finding, Ground } from '../model/finding';

/** Whether the fact holds here, what it adds to the confidence (0: it is in what the signature is worth already), and the fact in a sentence. */
export type Weight = readonly [holds: boolean, by: number, text: string];

/** The confidence is rounded to hundredths and never certain; facts that take from it speak against the finding. */
export function weigh(
  worth: number,
  signature: string,
  weights: readonly Weight[] = [],
): Pick<Finding, 'confidence' | 'grounds'> {
  const held = weights.filter(([holds]) => holds);
  const sum = held.reduce((total, [, by]) => total + by, worth);
  const grounds: Ground[] = [
    { text: signature, speaks: 'for' },
    ...held.map(([, by, text]): Ground => ({ text, speaks: by < 0 ? 'against' : 'for' })),
  ];
  return { confidence: Math.round(Math.min(0.99, Math.max(0.05, sum)) * 100) / 100, grounds };
}
