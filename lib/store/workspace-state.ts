// Everything the page shows, in slices: what was read, what is chosen, how it is looked at, what was noted. Filled by workspace-controller.ts.
import type {
  CaptureKey,
  ConnectionListWindow,
  EngineStatus,
  OverviewWindow,
} from '../engine/protocol';
import type { ConnectionSummary } from '../model/connection';
import type { ConnectionComparison, Diagnosis } from '../model/finding';
import type { JourneyWindow } from '../model/journey-window';
import type { FrameDetail } from '../model/protocol-tree';
import type { Annotation, CaseSnapshot } from '../model/snapshot';
import { type HandHistory, NO_HISTORY } from './hand-history';
import type { KeptCapture } from './kept-case';
import { NO_RATES, type ReadingRates } from './reading-rate';
import { INITIAL_VIEW, type WorkspaceView } from './view-fragment';

export type {
  CaptureRow,
  ClockResiduals,
  ConnectionListWindow,
  HopPoints,
  HopSeries,
  HopSeriesWindow,
  PacketChoice,
  StreamRun,
} from '../engine/protocol';

export interface FrameTarget {
  readonly file: string;
  readonly frame: number;
}

/** Where the page's answers come from. */
export type Session =
  | { readonly kind: 'live' }
  | { readonly kind: 'snapshot'; readonly snapshot: CaseSnapshot }
  | { readonly kind: 'unreadable-link'; readonly reason: string };

/** `place`: where it stood among the notes. */
export type TakenAway =
  | { readonly kind: 'capture'; readonly file: File }
  | { readonly kind: 'note'; readonly note: Annotation; readonly place: number };

export interface CapturesSlice {
  readonly session: Session;
  /** null: nothing was ever opened. */
  readonly status: EngineStatus | null;
  readonly rates: ReadingRates;
  /** Why the last question had no answer: the analysis itself is broken. */
  readonly trouble: string | null;
  /** Said once after files were taken: what was left aside, or a sample that could not be fetched. */
  readonly intakeNote: string | null;
  /** The case that is open, as it is kept in this browser; null: none was begun. */
  readonly caseId: string | null;
  /** Captures that were taken out and can be put back, in that order. */
  readonly takenOut: readonly File[];
  /** What was taken away last, offered back, and the changes by hand at that time; null: nothing is. */
  readonly offered: { readonly what: TakenAway; readonly history: HandHistory } | null;
  /** What was just undone or made again; another object for each time. */
  readonly said: { readonly text: string } | null;
  /** What was kept of each capture, by key. */
  readonly kept: Readonly<Record<CaptureKey, KeptCapture>>;
  /** Questions on their way, and samples being fetched. */
  readonly pending: number;
}

/** Pages of the connection list that were asked for, by page number. All of one revision, search and order. */
export interface ConnectionPages {
  readonly key: string;
  /** Rows, with the heads of groups. */
  readonly total: number;
  /** Connections that the search left. */
  readonly matched: number;
  /** Packets that the filter lets through; null: words were searched. */
  readonly matchedPackets: number | null;
  readonly pages: Readonly<Record<number, ConnectionListWindow>>;
}

/** What the swimlane draws; all parts of one revision. */
export interface Picture {
  readonly revision: number;
  readonly window: JourneyWindow;
  readonly connections: readonly ConnectionSummary[];
  /** Time that the window was asked around, ns after the base; null: from the beginning. Matters where packets are omitted. */
  readonly around: number | null;
}

/** What the display filter lets through of a picture's packets. */
export interface PictureMatches {
  readonly window: JourneyWindow;
  readonly search: string;
  /** 1 for each journey of the window that the filter lets through; null: no display filter. */
  readonly journeys: Uint8Array | null;
}

/** Two connections as they are drawn side by side. */
export interface ComparisonPicture extends ConnectionComparison {
  /** Journeys of the left one (connection 0) and the right one (1), their first packets at one time. */
  readonly window: JourneyWindow;
  readonly summaries: readonly [ConnectionSummary, ConnectionSummary];
  /** Which journeys of the window the filter lets through, 1 each (null: words, or no filter), and which filter that was; null: not asked yet. */
  readonly matches: Omit<PictureMatches, 'window'> | null;
}

export interface AnalysisSlice {
  readonly diagnosis: Diagnosis | null;
  readonly list: ConnectionPages;
  readonly picture: Picture | null;
  /** null: not asked for, or on its way (`view.compare` tells). */
  readonly comparison: ComparisonPicture | null;
  readonly matches: PictureMatches | null;
  readonly overview: OverviewWindow | null;
}

export type FrameState =
  | { readonly state: 'none' }
  | { readonly state: 'asking'; readonly target: FrameTarget }
  | { readonly state: 'known'; readonly detail: FrameDetail }
  /** A snapshot keeps no bytes, or the capture is gone. */
  | { readonly state: 'absent'; readonly target: FrameTarget };

export interface ViewSlice {
  readonly view: WorkspaceView;
  /** Of all that is done by hand. */
  readonly history: HandHistory;
  /** A frame that waits for another, to be matched with it by hand. */
  readonly matching: FrameTarget | null;
  readonly hovered: FrameTarget | null;
  readonly frame: FrameState;
}

export interface NotesSlice {
  readonly title: string;
  /** What its sender says before the report. */
  readonly preface: string;
  readonly notes: readonly Annotation[];
}

export type WorkspaceState = CapturesSlice & AnalysisSlice & ViewSlice & NotesSlice;

export const UNTITLED = 'Untitled case';

export const NO_PAGES: ConnectionPages = {
  key: '',
  total: 0,
  matched: 0,
  matchedPackets: null,
  pages: {},
};

export const INITIAL_STATE: WorkspaceState = {
  session: { kind: 'live' },
  status: null,
  rates: NO_RATES,
  trouble: null,
  intakeNote: null,
  caseId: null,
  takenOut: [],
  offered: null,
  said: null,
  kept: {},
  pending: 0,
  diagnosis: null,
  list: NO_PAGES,
  picture: null,
  comparison: null,
  matches: null,
  overview: null,
  view: INITIAL_VIEW,
  history: NO_HISTORY,
  matching: null,
  hovered: null,
  frame: { state: 'none' },
  title: UNTITLED,
  preface: '',
  notes: [],
};
