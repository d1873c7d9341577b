// A consideration: a cause that the packets allow and do not prove. A note that says "consider …, look at …", of little confidence.
import type { Finding } from '../model/finding';
import { type Weight, weigh } from './confidence';
import { emptyParts, findingId } from './story';
import { THRESHOLDS } from './thresholds';

export interface Consideration
  extends Pick<
    Finding,
    | 'rule'
    | 'title'
    | 'summary'
    | 'connections'
    | 'steps'
    | 'alternatives'
    | 'confirm'
    | 'fix'
    | 'references'
  > {
  readonly between?: Finding['between'];
  /** What of the cause's signature is there, in a sentence, and what that is worth; at most THRESHOLDS.considerationConfidence in all. */
  readonly signature: string;
  readonly worth?: number;
  readonly weights?: readonly Weight[];
}

export function consider({
  signature,
  worth = THRESHOLDS.considerationConfidence,
  weights = [],
  between = null,
  ...parts
}: Consideration): Finding {
  const { confidence, grounds } = weigh(worth, signature, weights);
  return {
    ...emptyParts,
    ...parts,
    id: findingId(parts.rule, parts.connections[0]),
    severity: 'note',
    confidence: Math.min(confidence, THRESHOLDS.considerationConfidence),
    grounds,
    between,
  };
}
