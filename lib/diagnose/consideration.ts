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

/** How every consideration's title begins, and the last sentence of its summary. */
const TITLE = 'Consider: ';
const SENTENCE = / ?Consider .*$/;

/** Evidence took it above what packets alone allow. */
export const isConfirmed = ({ severity, title, confidence }: Finding): boolean =>
  severity === 'note' && title.startsWith(TITLE) && confidence > THRESHOLDS.considerationConfidence;

/** As a verdict, with the story of the findings that it explains. */
export function confirmConsideration(cause: Finding, explained: readonly Finding[]): Finding {
  const title = cause.title.slice(TITLE.length);
  const told = cause.evidence.filter(({ speaks }) => speaks === 'for').map(({ text }) => text);
  return {
    ...cause,
    cause: {
      held: {
        text: `${title[0].toUpperCase()}${title.slice(1)}.`,
        confidence: cause.confidence,
        grounds: cause.grounds,
      },
      open: [],
    },
    severity:
      explained.some(({ severity }) => severity === 'warning') &&
      explained.every(({ severity }) => severity !== 'failure')
        ? 'warning'
        : 'failure',
    title: `${title[0].toUpperCase()}${title.slice(1)}`,
    summary: `${cause.summary.replace(SENTENCE, '')} ${told.join(' ')}`.trim(),
    steps: [...cause.steps, ...explained.flatMap(({ steps }) => steps)],
    alternatives: [
      ...explained.map(({ rule }) => ({
        rule,
        why: 'The packets alone show no more than that; what was collected beside them names the cause.',
      })),
      ...cause.alternatives,
    ],
  };
}
