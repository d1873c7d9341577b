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

/** A fact that the confidence rests on: `against` ones lower it. */
export interface Ground {
  readonly text: string;
  readonly speaks: 'for' | 'against';
}

/** A cause that would leave the same packets: what would tell it from the one that is held. */
export interface OpenCause {
  readonly text: string;
  readonly decides: string;
  /** Where a command shows it; else empty. */
  readonly command: string;
}

/** Why it happened, apart from that it happened: packets prove the one and seldom the other. */
export interface FindingCause {
  /** What is held to be the cause, in a sentence, and how sure that is; null: the packets name none. */
  readonly held: {
    readonly text: string;
    /** 0 … 1 */
    readonly confidence: number;
    readonly grounds: readonly Ground[];
  } | null;
  /** What else it could be: the packets leave it open. */
  readonly open: readonly OpenCause[];
}

/** A header field that the same packet of two connections has otherwise at one point. */
export interface FieldDifference {
  /** Wireshark’s name: `ip.ttl`, `eth.src`. */
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Where a failing connection and a healthy one go apart. `way`: by other points; `header`: in what shows who handled the packet. */
export interface Parting {
  readonly kind: 'hop' | 'tuple' | 'flag' | 'timing' | 'way' | 'header';
  readonly text: string;
  /** Of `header`: the fields. */
  readonly fields?: readonly FieldDifference[];
  /** Of the failing connection, and of its sibling. */
  readonly frames: readonly FrameReference[];
  readonly siblingFrames: readonly FrameReference[];
}

/** The nearest healthy connection beside the failing one that `steps` tell, and where the two part. */
export interface FindingSibling {
  readonly connection: string;
  /** Who it is, and what it has in common. */
  readonly text: string;
  /** In the order of the exchange, at least one: the first is where they part, the others follow from it or stand beside it. */
  readonly partings: readonly Parting[];
}

/** Two connections that were laid side by side. */
export interface ConnectionComparison {
  /** Left and right. */
  readonly connections: readonly [string, string];
  /** Whether the right one succeeds and the left one does not. */
  readonly isHealthy: boolean;
  /** What they have in common, and how far apart in time they are. */
  readonly text: string;
  /** As in FindingSibling; empty where nothing parts them. */
  readonly partings: readonly Parting[];
}

/** A part of the time that a request took: the client, a hop there, the server, a hop back. In the order of the way. */
export interface TimeShare {
  readonly part: string;
  readonly ns: number;
  /** What it takes in a healthy sibling; null: there is none. */
  readonly usualNs: number | null;
  /** Bound of the clocks where the part lies between two hosts; 0 on one clock, null where nothing bounds it. */
  readonly errorNs: number | null;
}

export interface Finding {
  /** Stable: from the rule and the first frame it cites. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  /** 0 … 1: that it happened as told, not why; where `cause` is null, that what the title says is so. */
  readonly confidence: number;
  /** What the confidence rests on. */
  readonly grounds: readonly Ground[];
  /** Null: of a consideration, whose title is a cause, and of notes on the captures. */
  readonly cause: FindingCause | null;
  readonly title: string;
  readonly summary: string;
  /** Ids of the connections concerned, the one told in `steps` first. */
  readonly connections: readonly string[];
  readonly between: readonly [string, string] | null;
  /** In which direction packets pass between the two: stops are numbered by it (lib/model/lane-name.ts names them). Null with `between`. */
  readonly direction: Direction | null;
  readonly steps: readonly FindingStep[];
  readonly sibling: FindingSibling | null;
  /** Where the time of the slowest request went; empty where the finding is about none. */
  readonly times: readonly TimeShare[];
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

/** What a rule would have to see to judge, and the command that captures it. */
export interface Lack {
  /** When, or how: `begun before the connections are opened`. */
  readonly text: string;
  /** The point, and where to type the command. */
  readonly where: string;
  readonly command: string;
}

export interface RuleResult {
  readonly rule: string;
  readonly result: 'found' | 'healthy' | 'notApplicable';
  readonly reason: string;
  /** Of rules that could not run, where a capture would mend it. */
  readonly lacks: readonly Lack[];
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleResult[];
}

export type { Direction };
