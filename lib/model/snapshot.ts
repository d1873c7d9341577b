// CaseSnapshot: the part of an analysis that someone chose to keep. A link, a report and their reader work from it, without the captures.
// Its written form, schema and upgrades live in lib/share.
import type { CaptureWarning, Point } from './capture';
import type { ConnectionSummary, HopSummary, HostClock } from './connection';
import type { Corrections } from './corrections';
import type { Finding, RuleResult } from './finding';
import type { JourneyWindow } from './journey-window';

/** A user's note, fixed to something that stays when the captures are read again. */
export interface Annotation {
  readonly id: string;
  readonly target:
    | { readonly kind: 'frame'; readonly file: string; readonly frame: number }
    | { readonly kind: 'connection'; readonly connection: string }
    | { readonly kind: 'finding'; readonly finding: string };
  readonly text: string;
}

export interface LaneSettings {
  /** Ids of points in the order of lanes, left to right; points not named follow in their own order. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  /** Names given by hand, by point id. */
  readonly names: Readonly<Record<string, string>>;
}

/** What is shown: enough to come back to the same picture. */
export interface ViewState {
  readonly connections: readonly string[];
  readonly finding: string | null;
  readonly selected: { readonly file: string; readonly frame: number } | null;
  /** Span of time in view, ns after the base; null: all. */
  readonly span: readonly [number, number] | null;
  readonly lanes: LaneSettings;
}

export interface SnapshotCapture {
  readonly id: string;
  readonly file: string;
  readonly sha256: string | null;
  readonly fingerprint: string;
  readonly format: string;
  readonly frames: number;
  /** Nanoseconds since 1970, decimal; null without frames. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly warnings: readonly CaptureWarning[];
}

export interface CaseSnapshot {
  readonly title: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly captures: readonly SnapshotCapture[];
  readonly points: readonly Point[];
  readonly clocks: readonly HostClock[];
  readonly connections: readonly ConnectionSummary[];
  readonly hops: readonly HopSummary[];
  readonly journeys: JourneyWindow;
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleResult[];
  readonly notes: readonly Annotation[];
  /** What was corrected by hand before this analysis; absent where nothing was. */
  readonly corrections?: Corrections;
  readonly view: ViewState;
}
