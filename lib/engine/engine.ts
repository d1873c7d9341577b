// The whole product without a face: takes what parsers send, runs the analysis in slices, holds the tables and answers questions.
// The page reaches it through workers/engine.worker.ts; the command line and tests call analyse.ts.
import type { LoadedCapture } from '../correlate/input/loaded-capture';
import type { CaptureWarning } from '../model/capture';
import { ConnectionList } from '../model/connection-list';
import { type Corrections, NO_CORRECTIONS } from '../model/corrections';
import type { Evidence } from '../model/evidence';
import { TupleTable } from '../model/tuple-table';
import { type ByteSource, blobSource } from '../read/byte-source';
import { yieldToEventLoop } from '../read/event-loop';
import { describeMemoryFailure } from '../read/read-failure';
import { analyseSteps, analysisInput, type FinishedAnalysis } from './analysis';
import { ANSWERS, type AnswerContext, type Results } from './answers';
import { CaptureHashes } from './capture-hashes';
import { AnalysisMetrics } from './connection-metrics';
import { FilterCache } from './filter-cache';
import { FrameReader } from './frame-reader';
import { type Held, loadedCapture } from './held-capture';
import { CaptureIntake } from './intake';
import type { ParseMessage } from './parse-messages';
import type {
  CaptureKey,
  CaptureRow,
  CaptureState,
  EngineQuestions,
  EngineStatus,
  QuestionName,
} from './protocol';
import { ReadingEstimate } from './reading-estimate';
import { Scheduler } from './scheduler';
import { StoredAnalysis, writeAnalysis } from './stored-analysis';
import { StreamReader } from './stream';

/** An analysis of fewer frames is computed in less than half a second. */
const LEAST_KEPT_FRAMES = 20_000;

/** Where the rest takes longer to read than this, the captures that are there are analysed meanwhile: less would not be looked at before it is replaced. */
const WORTH_A_LOOK_MS = 2000;

export class Engine {
  private readonly captures = new Map<CaptureKey, Held>();
  private readonly hashes = new CaptureHashes(this.captures);
  private tuples = new TupleTable();
  private readonly scheduler = new Scheduler();
  private results: Results | undefined;
  private readonly estimate = new ReadingEstimate();
  /** What is being analysed while other captures are read; null: nothing is. */
  private ahead: readonly LoadedCapture[] | null = null;
  private revision = 0;
  private phase: EngineStatus['phase'] = 'empty';
  private progress = 0;
  private failureText: string | null = null;
  private corrections = NO_CORRECTIONS;
  /** Taken instead of computing, once the captures are there. */
  private stored: StoredAnalysis | null = null;
  /** What stands in `results` came from a kept analysis. */
  private isRestored = false;

  /** `onChange` is called whenever `status()` would say something new. `build`: whose analyses may be kept and taken; null: none. */
  constructor(
    private readonly onChange: () => void = () => {},
    private readonly nowMs: () => number = () => performance.now(),
    private readonly build: string | null = null,
  ) {}

  /** An analysis that was kept, before its captures are begun. Where it does not fit them it is left. */
  async offerAnalysis(source: ByteSource): Promise<void> {
    if (this.build === null || this.captures.size > 0) return;
    this.stored = await StoredAnalysis.open(source, this.build, this.tuples);
  }

  /**
   * Gives the finished analysis to `write` in pieces, to be offered again. `kept`: it was itself kept; `none`: there is none, or it is so small that
   * computing it is as quick, or another took its place meanwhile: what was written so far is worth nothing.
   */
  async keepAnalysis(
    write: (piece: Uint8Array<ArrayBuffer>) => void,
  ): Promise<'written' | 'kept' | 'none'> {
    const { results, build } = this;
    if (results === undefined || build === null || this.phase !== 'ready') return 'none';
    if (this.isRestored) return 'kept';
    if (results.analysis.correlation.input.totalRows < LEAST_KEPT_FRAMES) return 'none';
    for (const piece of writeAnalysis(results, this.evidence(), build)) {
      write(piece);
      await yieldToEventLoop();
      if (this.results !== results) return 'none';
    }
    return 'written';
  }

  /** Runs the analysis again with these; nothing is read again. */
  setCorrections(corrections: Corrections): void {
    if (JSON.stringify(corrections) === JSON.stringify(this.corrections)) return;
    this.corrections = corrections;
    this.restart();
  }

  beginCapture(key: CaptureKey, file: string, bytes: number): void {
    this.captures.set(key, {
      file,
      bytes,
      status: { state: 'reading', bytesRead: 0, frames: 0 },
      evidence: null,
      intake: new CaptureIntake(this.tuples),
      frames: undefined,
      source: undefined,
      sha256: null,
      hashTried: false,
    });
    this.restart();
  }

  /** Where the capture's bytes are, as the user has them (compressed or not): frames that are looked at and the file's hash are read from it. */
  attachSource(key: CaptureKey, source: ByteSource): void {
    const held = this.captures.get(key);
    if (held === undefined) return;
    held.source = source;
    held.hashTried = false;
    held.frames = new FrameReader(held.file, source);
    if (this.results !== undefined) void this.hashes.fill();
  }

  handle(message: ParseMessage): void {
    const held = this.captures.get(message.key);
    // A parser may have sent more before it heard that its capture was cancelled or removed.
    if (held === undefined || held.status.state !== 'reading') return;
    switch (message.type) {
      case 'progress':
        held.status = {
          state: 'reading',
          bytesRead: message.bytesRead,
          frames: message.frames,
        };
        this.onChange();
        this.lookAhead();
        break;
      case 'content':
        held.frames = new FrameReader(held.file, blobSource(message.content, held.file));
        break;
      case 'block':
        held.intake.take(message.block);
        break;
      case 'done':
        held.status = { state: 'ready', summary: message.summary };
        this.restart();
        break;
      case 'evidence':
        held.evidence = message.evidence;
        held.status = { state: 'evidence', ...countEvidence(message.evidence) };
        this.restart();
        break;
      case 'failed':
        this.failCapture(message.key, message.warning);
        break;
    }
  }

  failCapture(key: CaptureKey, warning: CaptureWarning): void {
    this.release(key, { state: 'failed', warning });
  }

  cancelCapture(key: CaptureKey): void {
    if (this.captures.get(key)?.status.state === 'reading')
      this.release(key, { state: 'cancelled' });
  }

  removeCapture(key: CaptureKey): void {
    const removed = this.captures.get(key);
    this.captures.delete(key);
    // What was computed from it no longer holds.
    if (removed?.status.state === 'ready') this.dropResults();
    this.forgetTuples();
    this.restart();
  }

  status(): EngineStatus {
    const analysis = this.results?.analysis;
    const correlation = analysis?.correlation;
    return {
      revision: this.revision,
      phase: this.phase,
      progress: this.progress,
      analysed: this.describeAnalysed(),
      captures: [...this.captures].map(
        ([key, { file, bytes, status }]): CaptureRow => ({ key, file, bytes, status }),
      ),
      points: analysis?.points ?? [],
      clocks: analysis?.clocks ?? [],
      hops: analysis?.hops ?? [],
      baseTime: analysis?.baseTime ?? '0',
      connections: analysis?.connections.length ?? 0,
      journeys: correlation?.journeys.count ?? 0,
      problem: this.failureText,
    };
  }

  /** Answers one question about the tables as they stand. */
  async ask<Q extends QuestionName>(
    name: Q,
    question: EngineQuestions[Q]['question'],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<EngineQuestions[Q]['answer']> {
    return ANSWERS[name](this.context(), question, signal);
  }

  private context(): AnswerContext {
    return {
      results: this.results ?? this.emptyResults(),
      revision: this.revision,
      status: () => this.status(),
      held: (file) => this.heldFile(file),
    };
  }

  private release(key: CaptureKey, status: CaptureState): void {
    const held = this.captures.get(key);
    if (held === undefined) return;
    held.status = status;
    this.forgetTuples();
    held.intake = new CaptureIntake(this.tuples);
    held.frames = undefined;
    held.source = undefined;
    this.restart();
  }

  /** Where no capture is there or being read, nothing refers to the numbers of the tables. */
  private forgetTuples(): void {
    const inUse = [...this.captures.values()].some(
      ({ status }) => status.state === 'reading' || status.state === 'ready',
    );
    if (inUse) return;
    this.tuples = new TupleTable();
    this.stored = null;
  }

  private dropResults(): void {
    this.scheduler.cancel();
    this.results = undefined;
    this.revision += 1;
  }

  private describeAnalysed(): EngineStatus['analysed'] {
    if (this.results === undefined && this.phase !== 'ready') return null;
    const expected = [...this.captures.values()].filter(
      ({ status }) => status.state === 'reading' || status.state === 'ready',
    );
    return { captures: this.results?.analysis.captures.length ?? 0, of: expected.length };
  }

  /** The set of captures changed: what was computed of some of them stays until it is computed anew. */
  private restart(): void {
    const wasReading = this.phase === 'reading';
    this.failureText = null;
    const all = [...this.captures.values()];
    const reading = all.some((held) => held.status.state === 'reading');
    const loaded = all.flatMap(loadedCapture);
    this.progress = 0;
    this.phase = reading ? 'reading' : loaded.length > 0 ? 'correlating' : 'empty';
    if (reading && !wasReading) this.estimate.begin(all, this.nowMs());
    // A first picture that is on its way is there sooner than one of all captures.
    const isFirstAhead = this.results === undefined && this.isStillAhead(loaded);
    if (!reading && !isFirstAhead) this.scheduler.cancel();
    if (this.phase === 'empty' && this.results !== undefined) this.dropResults();
    this.onChange();
    if (this.phase === 'reading') this.lookAhead();
    else if (this.phase === 'correlating' && !isFirstAhead) void this.analyse(loaded);
  }

  /** Whether what is analysed ahead consists of captures that are still there. */
  private isStillAhead(loaded: readonly LoadedCapture[]): boolean {
    return this.ahead?.every(({ table }) => loaded.some((one) => one.table === table)) ?? false;
  }

  /** Analyses the captures that are there while others are still read, if that is worth it. */
  private lookAhead(): void {
    if (this.phase !== 'reading' || this.ahead !== null || this.stored !== null) return;
    const all = [...this.captures.values()];
    const loaded = all.flatMap(loadedCapture);
    if (loaded.length === (this.results?.analysis.captures.length ?? 0)) return;
    if (this.estimate.remainingMs(all, this.nowMs()) < WORTH_A_LOOK_MS) return;
    this.ahead = loaded;
    void this.analyse(loaded).then((outcome) => {
      this.ahead = null;
      if (this.phase === 'reading' && outcome !== 'failed') this.lookAhead();
      else if (this.phase === 'correlating' && outcome !== 'dropped') this.restart();
    });
  }

  private evidence(): readonly Evidence[] {
    return [...this.captures.values()].flatMap(({ evidence }) => evidence ?? []);
  }

  /** `dropped`: something else took its place. */
  private async analyse(loaded: readonly LoadedCapture[]): Promise<'done' | 'failed' | 'dropped'> {
    try {
      const onProgress = (progress: number) => {
        if (this.phase !== 'correlating') return;
        this.progress = progress;
        this.onChange();
      };
      const isWanted = this.scheduler.claim();
      const restored = await this.restore(loaded, onProgress, isWanted);
      if (!isWanted()) return 'dropped';
      const steps = () => analyseSteps(loaded, this.tuples, this.corrections, this.evidence());
      const finished = restored ?? (await this.scheduler.start(steps(), onProgress));
      if (finished === undefined) return 'dropped';
      this.isRestored = restored !== null;
      this.results = this.withLists(finished);
      this.revision += 1;
      this.end(loaded);
      if (this.phase === 'ready') await this.hashes.fill();
      return 'done';
    } catch (error) {
      // What fails with some of the captures is tried again with all of them.
      if (loaded !== this.ahead) this.end(loaded, describeStop(error));
      return 'failed';
    }
  }

  /** An analysis came to its end. */
  private end(loaded: readonly LoadedCapture[], failureText: string | null = null): void {
    if (this.phase === 'correlating' && loaded !== this.ahead) {
      this.failureText = failureText;
      this.phase = 'ready';
      this.progress = 1;
    }
    this.onChange();
  }

  /** What was kept is tried once. */
  private async restore(
    loaded: readonly LoadedCapture[],
    onProgress: (progress: number) => void,
    isWanted: () => boolean,
  ): Promise<FinishedAnalysis | null> {
    const { stored } = this;
    this.stored = null;
    if (stored === null) return null;
    const input = analysisInput(loaded, this.tuples, this.corrections, this.evidence());
    return stored.restore(input, this.evidence(), onProgress, isWanted);
  }

  private withLists(finished: FinishedAnalysis): Results {
    const { analysis, diagnosis } = finished;
    return {
      ...finished,
      list: new ConnectionList(
        analysis.connections,
        diagnosis.findings,
        new AnalysisMetrics(analysis.correlation),
      ),
      filter: new FilterCache(analysis, diagnosis, async (file, rows, take, signal) => {
        const held = this.heldFile(file);
        if (held?.status.state !== 'ready' || held.frames === undefined) return;
        await held.frames.readMany(rows, held.status.summary.interfaces, take, signal);
      }),
      stream: new StreamReader(analysis, async (file, row) => {
        const held = this.heldFile(file);
        if (held?.status.state !== 'ready' || held.frames === undefined) return null;
        const { table, links } = held.intake;
        return held.frames.readPayload({ table, links, summary: held.status.summary }, row);
      }),
    };
  }

  private heldFile(file: string): Held | undefined {
    return [...this.captures.values()].find((capture) => capture.file === file);
  }

  private emptyResults(): Results {
    const steps = analyseSteps([], this.tuples);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return this.withLists(step.value);
  }
}

const describeStop = (error: unknown): string =>
  describeMemoryFailure(error) === undefined
    ? `The analysis stopped: ${error instanceof Error ? error.message : String(error)}. This is a fault in Hoplane; load the page anew to go on.`
    : 'The analysis stopped: there is not enough memory for these captures together. Remove one of them, or close other tabs and load the page anew.';

const countEvidence = (
  evidence: Evidence,
): { interfaces: number; counters: number; entries: number } => ({
  entries: evidence.kind === 'tracking' ? evidence.entries.length : 0,
  interfaces: evidence.kind === 'interfaces' ? evidence.lists.flat().length : 0,
  counters: evidence.kind === 'counters' ? evidence.series.length : 0,
});
