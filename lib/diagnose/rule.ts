// The shape of a rule: one file of rules/ each, a pure function of facts, and the words of its story.
import type { Finding, Lack } from '../model/finding';
import type { CaseFacts } from './facts';

export type RuleAnswer =
  | { readonly result: 'found'; readonly findings: readonly Finding[]; readonly reason: string }
  | { readonly result: 'healthy'; readonly reason: string }
  | NotApplicable;

export interface NotApplicable {
  readonly result: 'notApplicable';
  readonly reason: string;
  /** Captures that would let it judge; none where what it looks for did not happen. */
  readonly lacks?: readonly Lack[];
}

export interface Rule {
  readonly id: string;
  readonly title: string;
  /** What the captures must hold for the rule to say anything. */
  readonly needs: string;
  judge(facts: CaseFacts): RuleAnswer;
}
