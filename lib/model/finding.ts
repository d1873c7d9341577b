// A finding: what went wrong, where, how sure, and the frames that prove it. Shape of the command line's contract.
import type { Direction } from './connection';

export type Severity = 'failure' | 'warning' | 'note';

/** A frame by the file's name as given and its number in it: what a reader types into Wireshark. */
export interface FrameReference {
  readonly file: string;
  readonly frame: number;
}

export interface FindingStep {
  readonly text: string;
  readonly frames: readonly FrameReference[];
}

export interface Finding {
  /** Stable: from the rule and the first frame it cites. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /** 0 … 1 */
  readonly confidence: number;
  readonly title: string;
  readonly summary: string;
  /** Ids of the connections concerned, the one told in `steps` first. */
  readonly connections: readonly string[];
  readonly between: readonly [string, string] | null;
  readonly steps: readonly FindingStep[];
  readonly alternatives: readonly { readonly rule: string; readonly why: string }[];
  readonly confirm: readonly { readonly text: string; readonly command: string }[];
  readonly evidence: readonly {
    readonly file: string;
    readonly line: number;
    readonly text: string;
    readonly speaks: 'for' | 'against';
  }[];
  readonly fix: string | null;
  readonly references: readonly { readonly title: string; readonly url: string }[];
}

export interface RuleResult {
  readonly rule: string;
  readonly result: 'found' | 'healthy' | 'notApplicable';
  readonly reason: string;
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleResult[];
}

export type { Direction };
