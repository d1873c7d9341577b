// An analysis as rules, exports and tests see it: summaries at hand, journeys of a connection when asked for.
import type { CaptureSummary, Point } from './capture';
import type { ConnectionSummary, HopSummary, HostClock } from './connection';
import type { FitnessFinding } from './fitness';
import type { JourneyWindow } from './journey-window';
import type { Quote } from './quote';

/** A capture that was read, wholly or in part. */
export interface AnalysedCapture {
  /** `c1` …, in order of file name. */
  readonly id: string;
  readonly file: string;
  readonly summary: CaptureSummary;
  /** Index of the first file of the rotated series that it goes on with, whose points its frames belong to; absent where it stands for itself. */
  readonly lead?: number;
}

export interface AnalysisView {
  /** Base of `firstTime` and `lastTime` of connections and of all journey windows: ns since 1970, decimal. */
  readonly baseTime: string;
  readonly captures: readonly AnalysedCapture[];
  readonly points: readonly Point[];
  readonly clocks: readonly HostClock[];
  /** Sorted by time of the first sighting. */
  readonly connections: readonly ConnectionSummary[];
  readonly hops: readonly HopSummary[];
  /** What the captures can't show: to be read before any verdict. */
  readonly fitness: readonly FitnessFinding[];
  /** What ICMP errors quote, in order of capture and frame; a flood of them is cut. */
  readonly quotes: readonly Quote[];
  /** Journeys of the connections at these indices, sorted by time; at most `limit` journeys. */
  journeysOf(connectionIndices: readonly number[], limit?: number): JourneyWindow;
}
