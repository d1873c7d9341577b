// Questions to the engine and their answers, as types. The page asks through a worker, the command line and tests directly.
import type { FilterError } from '../filter/tokens';
import type { CaptureSummary, CaptureWarning, Point } from '../model/capture';
import type { ConnectionSummary, Direction, HopSummary, HostClock } from '../model/connection';
import type {
  ConnectionListQuestion,
  ConnectionOrderQuestion,
  ConnectionRows,
} from '../model/connection-list';
import type { Continuation } from '../model/continuation';
import type { Explanation } from '../model/explanation';
import type { ConnectionComparison, Diagnosis, FrameReference } from '../model/finding';
import type { JourneyWindow } from '../model/journey-window';
import type { FrameDetail } from '../model/protocol-tree';
import type { Annotation, CaseSnapshot, ViewState } from '../model/snapshot';
import type { ClockResiduals } from './clock-residuals';

export type { ClockResiduals } from './clock-residuals';
export type CaptureKey = number;

export type CaptureState =
  | {
      readonly state: 'reading';
      readonly bytesRead: number;
      readonly frames: number;
    }
  | { readonly state: 'ready'; readonly summary: CaptureSummary }
  | { readonly state: 'failed'; readonly warning: CaptureWarning }
  | { readonly state: 'cancelled' }
  /** No capture: evidence, which says this much of those that are. */
  | {
      readonly state: 'evidence';
      readonly interfaces: number;
      readonly counters: number;
      readonly entries: number;
    };

/** A capture as the page lists it. `key` is the page's own number for the file. */
export interface CaptureRow {
  readonly key: CaptureKey;
  readonly file: string;
  readonly bytes: number;
  readonly status: CaptureState;
}

export interface EngineStatus {
  /** Rises whenever what questions are answered from changed; every answer carries the revision it speaks of. */
  readonly revision: number;
  readonly phase: 'empty' | 'reading' | 'correlating' | 'ready';
  /** 0 … 1 within the phase. */
  readonly progress: number;
  /** How many captures the answers are about, of how many that are read or will be; null: there is nothing to ask about yet. */
  readonly analysed: { readonly captures: number; readonly of: number } | null;
  readonly captures: readonly CaptureRow[];
  /** Empty until something is analysed. */
  readonly points: readonly Point[];
  readonly clocks: readonly HostClock[];
  readonly hops: readonly HopSummary[];
  /** Base of all relative times of this revision: ns since 1970, decimal. */
  readonly baseTime: string;
  readonly connections: number;
  readonly journeys: number;
  /** Why the analysis stopped, when a fault of the program's own stopped it. */
  readonly problem: string | null;
}

/** A window of the list of connections; what `search` is, the filter or words, says ConnectionOrderQuestion. */
export interface ConnectionListWindow extends ConnectionRows {
  readonly revision: number;
  /** Packets that the filter lets through; null where words were searched. */
  readonly matchedPackets: number | null;
  /** Why the filter could not be read; the window then shows all rows. */
  readonly filterError: FilterError | null;
}

/** A connection's own row, or that of the next one in trouble (ConnectionList.seek). */
export interface SeekQuestion extends ConnectionOrderQuestion {
  readonly id: string | null;
  readonly step: -1 | 0 | 1;
}

/** Counts over equal bins of a span; each array has `bins` elements. */
export interface OverviewWindow {
  readonly revision: number;
  /** ns after the base. */
  readonly from: number;
  readonly to: number;
  readonly packets: Uint32Array;
  readonly losses: Uint32Array;
  readonly retransmissions: Uint32Array;
  readonly resets: Uint32Array;
  /** Packets of the connections asked for. */
  readonly chosen: Uint32Array;
}

/** Which packets count: those of the connections (null: of all) that the display filter lets through (empty, or words: all). */
export interface PacketChoice {
  readonly connections: readonly string[] | null;
  readonly search: string;
}

/** One hop in equal bins; arrays by bin have one element each. */
export interface HopSeries {
  /** Stops, as HopSummary has them. */
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** Packets that took the hop, and that were lost on it. */
  readonly journeys: Uint32Array<ArrayBuffer>;
  readonly lost: Uint32Array<ArrayBuffer>;
  /** Latency in ns: the median and the 99th percentile of the bin, to 5 %; NaN where no packet took the hop, or no clock tells. */
  readonly median: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
  /** Packets by bucket of latency over all bins (lib/base/log-buckets.ts). */
  readonly buckets: Uint32Array<ArrayBuffer>;
}

export interface HopSeriesWindow {
  readonly revision: number;
  /** ns after the base: the span of the bins. */
  readonly from: number;
  readonly to: number;
  /** Packets that left in each bin, seen at one point alone too. */
  readonly packets: Uint32Array<ArrayBuffer>;
  readonly hops: readonly HopSeries[];
}

/** Packets of one hop, a row each, in order of time. */
export interface HopPoints {
  /** ns after the base at which it left for the hop, by the reference clock. */
  readonly time: Float64Array<ArrayBuffer>;
  /** ns; NaN: lost on the hop. */
  readonly latency: Float64Array<ArrayBuffer>;
  /** By how much that may be off for the clocks, ns; Infinity where nothing bounds it. */
  readonly error: Float64Array<ArrayBuffer>;
  /** The frame behind the hop; the last one before it where the packet was lost. */
  readonly files: readonly string[];
  readonly capture: Uint16Array<ArrayBuffer>;
  readonly frame: Uint32Array<ArrayBuffer>;
  /** Packets left out, the slowest and the lost ones last. */
  readonly omitted: number;
}

export interface StreamQuestion {
  readonly connection: string;
  /** Id of the point whose frames are read. */
  readonly point: string;
  /** 0, or the `next` of the page before. */
  readonly from: number;
}

/** Bytes of one frame that no frame before it had. */
export interface StreamRun {
  /** 0: from the client, 1: from the server. */
  readonly direction: 0 | 1;
  readonly file: string;
  readonly frame: number;
  /** ns after the base, by the reference clock. */
  readonly time: number;
  /** Bytes of this direction before it. */
  readonly offset: number;
  /** Bytes right before it that the capture lacks. */
  readonly gap: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the segment that were not captured (snaplen), or that the file no longer gives. */
  readonly lacking: number;
  /** TLS records that could be named within it. */
  readonly records: readonly {
    readonly offset: number;
    readonly length: number;
    readonly name: string;
  }[];
}

/** A page of what a connection carried, as one point saw it: TCP in order, each byte once; datagrams as they came. */
export interface StreamWindow {
  readonly point: string;
  /** Bytes from the client and from the server, without those lacking. */
  readonly total: readonly [number, number];
  readonly runs: readonly StreamRun[];
  /** Where the next page begins; null: this was the last. */
  readonly next: number | null;
}

/** One typed map of question → answer; workers/rpc.ts carries it. */
export interface EngineQuestions {
  status: { question: null; answer: EngineStatus };
  connections: { question: ConnectionListQuestion; answer: ConnectionListWindow };
  seekConnection: {
    question: SeekQuestion;
    answer: { readonly id: string; readonly row: number } | null;
  };
  /** Full summaries by id; unknown ids are left out. */
  summaries: { question: readonly string[]; answer: readonly ConnectionSummary[] };
  /** The first journeys of the connections, or those around a time (ns after the base), at most `limit`. */
  journeys: {
    question: {
      readonly connections: readonly string[];
      readonly limit: number;
      readonly around?: number | null;
    };
    answer: JourneyWindow;
  };
  /** Which of the journeys of the same question (`journeys`) the display filter lets through, 1 each; null: words, or a filter that cannot be read. */
  matches: {
    question: {
      readonly connections: readonly string[];
      readonly limit: number;
      readonly around?: number | null;
      readonly search: string;
    };
    answer: Uint8Array | null;
  };
  overview: {
    question: { readonly bins: number; readonly connections: readonly string[] };
    answer: OverviewWindow;
  };
  /** Of the whole time, or of a span (ns after the base). null where no captures are at hand. */
  hopSeries: {
    question: PacketChoice & {
      readonly bins: number;
      readonly span?: readonly [number, number] | null;
    };
    answer: HopSeriesWindow | null;
  };
  /** null where no packet took the hop, no clock tells how long it took, or no captures are at hand. */
  hopPoints: {
    question: PacketChoice & {
      readonly from: string;
      readonly to: string;
      readonly direction: Direction;
      readonly limit: number;
    };
    answer: HopPoints | null;
  };
  frame: {
    question: { readonly file: string; readonly frame: number };
    answer: FrameDetail | null;
  };
  /** null where the point did not see the connection, or no captures are at hand. */
  stream: { question: StreamQuestion; answer: StreamWindow | null };
  /** How a host's clock sits with the packets that came to it and left it. */
  clockResiduals: { question: { readonly host: string }; answer: ClockResiduals | null };
  /** Connections that may be the other side of a proxy; empty for an unknown id. */
  continuations: { question: { readonly connection: string }; answer: readonly Continuation[] };
  /** Ids of the connections whose packets these frames carry, each once, in the order of the frames. */
  connectionsOfFrames: { question: readonly FrameReference[]; answer: readonly string[] };
  /** Why two frames are, or are not, one packet; null where their connections are too long to be looked through while one waits, or no captures are at hand. */
  explain: {
    question: { readonly first: FrameReference; readonly second: FrameReference };
    answer: Explanation | null;
  };
  diagnosis: { question: null; answer: Diagnosis };
  /** Two connections side by side, `beside` null: with its nearest healthy sibling. null: one is unknown, or there is no such sibling. */
  compare: {
    question: { readonly connection: string; readonly beside: string | null };
    answer: ConnectionComparison | null;
  };
  snapshot: {
    question: {
      readonly title: string;
      readonly notes: readonly Annotation[];
      readonly view: ViewState;
      readonly journeyLimit: number;
    };
    answer: CaseSnapshot;
  };
}

export type QuestionName = keyof EngineQuestions;
