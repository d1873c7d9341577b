// The page's one door to its workers: starts the engine and the parse workers, joins them by channels of their own, and hands out files.
// Outside React. Blocks go from parse worker to engine; only questions, answers and the status pass here.

import { RpcClient } from '../../workers/rpc';
import type {
  EngineNotice,
  EngineWorkerQuestions,
  ParseWorkerQuestions,
} from '../../workers/worker-questions';
import { dropSpoolFolder, spoolLock } from '../base/spool-folder';
import type { CaptureKey, EngineStatus } from '../engine/protocol';
import type { Corrections } from '../model/corrections';
import type { AnswerSource } from './answer-source';

interface Parser {
  readonly worker: Worker;
  readonly client: RpcClient<ParseWorkerQuestions>;
  /** The capture it reads now; null: idle. */
  key: CaptureKey | null;
}

interface WaitingCapture {
  readonly key: CaptureKey;
  readonly file: File;
}

export interface CaptureIntake {
  /** Each resolves when the engine knows; its status says so by then. */
  addFiles(files: readonly File[]): Promise<void>;
  cancel(key: CaptureKey): Promise<void>;
  remove(key: CaptureKey): Promise<void>;
}

export interface EngineGateway extends AnswerSource, CaptureIntake {
  /** Resolves when the engine knows; the analysis then runs again. */
  setCorrections(corrections: Corrections): Promise<void>;
  close(): void;
}

export interface EngineEvents {
  /** The engine's status changed. */
  readonly onStatus: (status: EngineStatus) => void;
  /** What is to be said of an archive that was opened. */
  readonly onRemark: (text: string) => void;
  /** The engine's worker is gone: nothing will be answered any more. */
  readonly onBroken: (reason: string) => void;
}

/** Starts the engine; parse workers follow as files need them. */
export function openEngineGateway({ onStatus, onRemark, onBroken }: EngineEvents): EngineGateway {
  const engineWorker = new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), {
    type: 'module',
  });
  const engine = new RpcClient<EngineWorkerQuestions, EngineNotice>(engineWorker, onStatus);
  engineWorker.addEventListener('error', (event) => {
    const reason = `The analysis stopped: ${event.message || 'its worker could not be started'}`;
    engine.close(reason);
    onBroken(reason);
  });

  const parserLimit = Math.max(1, (navigator.hardwareConcurrency || 2) - 1);
  const parsers: Parser[] = [];
  const waiting: WaitingCapture[] = [];
  const known = new Map<string, WaitingCapture>();
  let nextKey: CaptureKey = 1;
  const spoolFolder = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
    part.toString(36),
  ).join('');
  const releaseSpool = holdLock(spoolLock(spoolFolder));

  const startParser = (): Parser => {
    const worker = new Worker(new URL('../../workers/parse.worker.ts', import.meta.url), {
      type: 'module',
    });
    const parser: Parser = {
      worker,
      client: new RpcClient<ParseWorkerQuestions>(worker),
      key: null,
    };
    const { port1, port2 } = new MessageChannel();
    void engine.ask('connectParser', port1, { transfer: [port1] });
    void parser.client.ask('connectEngine', { port: port2, spoolFolder }, { transfer: [port2] });
    worker.addEventListener('error', (event) => {
      const reason = event.message || 'the worker that reads it could not be started';
      if (parser.key !== null) failCapture(parser.key, reason);
      stopParser(parser);
      assignWaiting();
    });
    parsers.push(parser);
    return parser;
  };

  const stopParser = (parser: Parser) => {
    parser.worker.terminate();
    parsers.splice(parsers.indexOf(parser), 1);
  };

  const failCapture = (key: CaptureKey, reason: string) =>
    void engine.ask('failCapture', { key, warning: { code: 'unreadable', text: reason } });

  const assignWaiting = () => {
    while (waiting.length > 0) {
      let parser = parsers.find((candidate) => candidate.key === null);
      if (parser === undefined) {
        if (parsers.length >= parserLimit) return;
        parser = startParser();
      }
      const next = waiting.shift();
      if (next !== undefined) void runParser(parser, next);
    }
  };

  const runParser = async (parser: Parser, capture: WaitingCapture) => {
    parser.key = capture.key;
    const unpacked = await parser.client.ask('unpack', capture);
    if (unpacked.ok && unpacked.value !== null) await takeMembers(capture, unpacked.value);
    else {
      const result = unpacked.ok ? await parser.client.ask('parse', capture) : unpacked;
      if (!result.ok) failCapture(capture.key, result.error.message);
    }
    parser.key = null;
    assignWaiting();
  };

  /** The archive's row gives way to those of the captures in it. */
  const takeMembers = async (
    { key }: WaitingCapture,
    { files, nothing, remarks }: NonNullable<ParseWorkerQuestions['unpack']['answer']>,
  ) => {
    if (![...known.values()].some((capture) => capture.key === key)) return;
    if (nothing !== null) {
      await engine.ask('failCapture', { key, warning: nothing });
      return;
    }
    if (remarks.length > 0) onRemark(remarks.map(({ text }) => text).join(' '));
    await begin(files);
    forget(key);
    await engine.ask('removeCapture', key);
  };

  /** Takes the capture out of the queue or from its parser; the parser is replaced when the next file needs one. */
  const stopReading = (key: CaptureKey) => {
    const index = waiting.findIndex((capture) => capture.key === key);
    if (index >= 0) waiting.splice(index, 1);
    const parser = parsers.find((candidate) => candidate.key === key);
    if (parser !== undefined) stopParser(parser);
    assignWaiting();
  };

  const forget = (key: CaptureKey) => {
    for (const [name, capture] of known) if (capture.key === key) known.delete(name);
  };

  const begin = async (files: readonly File[]) => {
    const begun: Promise<unknown>[] = [];
    for (const given of files) {
      const twin = known.get(given.name);
      if (twin !== undefined && isSameFile(twin.file, given)) continue;
      const name = freeName(given.name, known);
      const file = name === given.name ? given : renamed(given, name);
      const capture = { key: nextKey++, file };
      known.set(name, capture);
      begun.push(engine.ask('beginCapture', capture));
      waiting.push(capture);
    }
    assignWaiting();
    await Promise.all(begun);
  };

  return {
    ask: (name, question, signal) => engine.ask(name, question, { signal }),
    addFiles: begin,
    async setCorrections(corrections) {
      await engine.ask('setCorrections', corrections);
    },
    async cancel(key) {
      stopReading(key);
      await engine.ask('cancelCapture', key);
    },
    async remove(key) {
      stopReading(key);
      forget(key);
      await engine.ask('removeCapture', key);
    },
    close() {
      for (const parser of [...parsers]) stopParser(parser);
      waiting.length = 0;
      engine.close('The analysis was closed');
      engineWorker.terminate();
      releaseSpool();
      void dropSpoolFolder(spoolFolder).catch(() => {});
    },
  };
}

/** Holds a lock of the origin until the function it returns is called, or the page is gone. Nothing where the browser has no locks. */
function holdLock(name: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  void navigator.locks?.request(name, () => held);
  return release;
}

const isSameFile = (a: File, b: File): boolean =>
  a.size === b.size && a.lastModified === b.lastModified;

const renamed = (file: File, name: string): File =>
  new File([file], name, { type: file.type, lastModified: file.lastModified });

/** `eth0.pcap`, `eth0 (2).pcap` …: frames are cited by file name, so two captures may not share one. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  const dot = name.indexOf('.');
  const [stem, ending] = dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  for (let copy = 2; ; copy++) {
    const candidate = `${stem} (${copy})${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}
