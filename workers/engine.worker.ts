// The engine behind its door: questions from the page, blocks from the parse workers, the status back when it changed. No logic of its own.
import { Engine } from '../lib/engine/engine';
import type { ParseMessage } from '../lib/engine/parse-messages';
import type { CaptureKey, QuestionName } from '../lib/engine/protocol';
import { blobSource } from '../lib/read/byte-source';
import { createCaseFile } from '../lib/read/case-files';
import { describeFailure } from '../lib/read/read-failure';
import { collectGarbageSoon } from './collect-garbage';
import { type Endpoint, type Handlers, ownedBuffers, serve } from './rpc';
import type { EngineNotice, EngineWorkerQuestions } from './worker-questions';

/** The page draws the status: more often than this it could not be read. */
const NOTICE_INTERVAL_MS = 50;

/** Of an analysis, bytes: about ten million frames. */
const MOST_KEPT = 1 << 30;

let noticeTimer: ReturnType<typeof setTimeout> | undefined;
const engine = new Engine(
  () => {
    noticeTimer ??= setTimeout(sendStatus, NOTICE_INTERVAL_MS);
  },
  undefined,
  // next.config.ts writes it in; the development server has none.
  process.env.HOPLANE_BUILD || null,
);

function sendStatus(): void {
  clearTimeout(noticeTimer);
  noticeTimer = undefined;
  notify(engine.status());
}

/** The page hears of what it did before it hears that it was done. */
function afterCommand(): null {
  sendStatus();
  return null;
}

const answer =
  <K extends QuestionName>(name: K) =>
  (question: EngineWorkerQuestions[K]['question'], signal: AbortSignal) =>
    engine.ask(name, question, signal);

const handlers: Handlers<EngineWorkerQuestions> = {
  status: answer('status'),
  connections: answer('connections'),
  seekConnection: answer('seekConnection'),
  summaries: answer('summaries'),
  journeys: answer('journeys'),
  matches: answer('matches'),
  overview: answer('overview'),
  frame: answer('frame'),
  stream: answer('stream'),
  hopSeries: answer('hopSeries'),
  hopPoints: answer('hopPoints'),
  clockResiduals: answer('clockResiduals'),
  continuations: answer('continuations'),
  explain: answer('explain'),
  connectionsOfFrames: answer('connectionsOfFrames'),
  diagnosis: answer('diagnosis'),
  compare: answer('compare'),
  snapshot: answer('snapshot'),
  setCorrections(corrections) {
    engine.setCorrections(corrections);
    return afterCommand();
  },
  async offerAnalysis(file) {
    await engine.offerAnalysis(blobSource(file, file.name));
    return null;
  },
  async keepAnalysis(place) {
    const file = await createCaseFile(place).catch(() => null);
    if (file === null) return null;
    let bytes = 0;
    try {
      const kept = await engine.keepAnalysis((piece) => {
        bytes += piece.length;
        if (bytes > MOST_KEPT) throw new Error('The analysis is too large to be kept');
        file.write(piece);
      });
      if (kept === 'written') return { bytes: file.finish() };
      await file.discard();
      return kept === 'kept' ? 'kept' : null;
    } catch {
      await file.discard();
      return null;
    }
  },
  connectParser(port) {
    port.addEventListener('message', ({ data }: MessageEvent<ParseMessage>) => {
      try {
        engine.handle(data);
      } catch (error) {
        const text = describeFailure(error);
        if (text === undefined) throw error;
        engine.failCapture(data.key, { code: 'unreadable', text });
      }
    });
    port.start();
    return null;
  },
  beginCapture({ key, name, bytes, file }) {
    engine.beginCapture(key, name, bytes);
    if (file !== null) engine.attachSource(key, blobSource(file, name));
    return afterCommand();
  },
  attachFile({ key, file }) {
    engine.attachSource(key, blobSource(file, file.name));
    return afterCommand();
  },
  failCapture({ key, warning }) {
    engine.failCapture(key, warning);
    return afterCommand();
  },
  cancelCapture(key: CaptureKey) {
    engine.cancelCapture(key);
    collectGarbageSoon();
    return afterCommand();
  },
  removeCapture(key: CaptureKey) {
    engine.removeCapture(key);
    collectGarbageSoon();
    return afterCommand();
  },
};

const notify = serve<EngineWorkerQuestions, EngineNotice>(
  globalThis as unknown as Endpoint,
  handlers,
  (_name, value) => ownedBuffers(value),
);
