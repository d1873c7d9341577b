// The page's one door to its workers: starts the engine and the parse workers, joins them by channels of their own, and hands out files.
// Outside React. Blocks go from parse worker to engine; only questions, answers and the status pass here.

import { RpcClient } from '../../workers/rpc';
import type {
  EngineNotice,
  EngineWorkerQuestions,
  ParseWorkerQuestions,
} from '../../workers/worker-questions';
import { holdLock } from '../base/hold-lock';
import { dropSpoolFolder, spoolLock } from '../base/spool-folder';
import type { CaptureKey, EngineStatus } from '../engine/protocol';
import type { Corrections } from '../model/corrections';
import type { AnswerSource } from './answer-source';
import { CaptureKeeper, type KeptFiles } from './capture-keeper';
import { describeOpen, freeName, renamed } from './capture-names';
import { findHandle, rememberHandle } from './file-handles';
import type { KeptAnalysis } from './kept-case';

interface Parser {
  readonly worker: Worker;
  readonly client: RpcClient<ParseWorkerQuestions>;
  /** The capture it reads now; null: idle. */
  key: CaptureKey | null;
  isStopped: boolean;
}

interface WaitingCapture {
  readonly key: CaptureKey;
  /** null: only its tables are at hand. */
  file: File | null;
  /** As the user has it. */
  readonly bytes: number;
  readonly lastModified: number;
  /** What was kept of it; read instead of the file as long as it can be. */
  readonly tables: File | null;
}

/** A capture of a kept case: its file, its tables, or both. */
export interface KeptSource {
  readonly name: string;
  readonly bytes: number;
  readonly lastModified: number;
  readonly file: File | null;
  readonly tables: File | null;
}

export interface CaptureIntake {
  /** Each resolves when the engine knows; its status says so by then. Of files in folders those are taken that hold captures. */
  addFiles(files: readonly File[], inFolders?: readonly File[]): Promise<void>;
  /** Captures of a kept case, with the analysis that was kept of them. Those of which nothing can be read fail. */
  addKept(captures: readonly KeptSource[], analysis: File | null): Promise<void>;
  cancel(key: CaptureKey): Promise<void>;
  /** null: it is not at hand. */
  fileOf(key: CaptureKey): File | null;
  /** undefined: it is not one of the captures. */
  keyOf(file: File): CaptureKey | undefined;
  remove(key: CaptureKey): Promise<void>;
}

export interface EngineGateway extends AnswerSource, CaptureIntake {
  /** Keeps the analysis as it stands in a file of the case: what was written; `kept`: nothing new; null: it is not kept. */
  keepAnalysis(): Promise<KeptAnalysis | 'kept' | null>;
  /** Resolves when the engine knows; the analysis then runs again. */
  setCorrections(corrections: Corrections): Promise<void>;
  close(): void;
}

export interface EngineEvents {
  /** The engine's status changed. */
  readonly onStatus: (status: EngineStatus) => void;
  /** What is to be said of an archive that was opened, or of files that were there already. */
  readonly onRemark: (text: string) => void;
  /** The engine's worker is gone: nothing will be answered any more. */
  readonly onBroken: (reason: string) => void;
  /** A capture was read and what is kept of it is in its folder. */
  readonly onKept: (files: KeptFiles) => void;
  /** The file of a capture that had only tables is at hand again. */
  readonly onAttached: (key: CaptureKey) => void;
}

/** Starts the engine; parse workers follow as files need them. */
export function openEngineGateway(
  { onStatus, onRemark, onBroken, onKept, onAttached }: EngineEvents,
  /** Where what is read is kept; null: it is not. */
  caseId: string | null,
): EngineGateway {
  const engineWorker = new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), {
    type: 'module',
  });
  const engine = new RpcClient<EngineWorkerQuestions, EngineNotice>(engineWorker, onStatus);
  engineWorker.addEventListener('error', (event) => {
    const reason = `The analysis stopped: ${event.message || 'its worker could not be started'}`;
    stopAll();
    engine.close(reason);
    // An error that nobody caught does not end a worker: it would go on with what it has.
    engineWorker.terminate();
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
      isStopped: false,
    };
    const { port1, port2 } = new MessageChannel();
    void engine.ask('connectParser', port1, { transfer: [port1] });
    void parser.client.ask('connectEngine', { port: port2, spoolFolder }, { transfer: [port2] });
    worker.addEventListener('error', (event) => {
      const reason = event.message || 'the worker that reads it could not be started';
      const { key } = parser;
      stopParser(parser);
      if (key !== null) failCapture(key, `reading it stopped: ${reason}`);
      assignWaiting();
    });
    parsers.push(parser);
    return parser;
  };

  /** What it was asked is answered, as a failure, after it is known to be stopped. */
  const stopParser = (parser: Parser) => {
    parser.key = null;
    parser.isStopped = true;
    parser.worker.terminate();
    parsers.splice(parsers.indexOf(parser), 1);
    parser.client.close('It was stopped');
  };

  const stopAll = () => {
    waiting.length = 0;
    keeper.copies.close();
    for (const parser of [...parsers]) stopParser(parser);
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
    await (capture.tables === null
      ? readFile(parser, capture, capture.file)
      : restoreTables(parser, capture, capture.tables));
    if (parser.isStopped) {
      if (capture.file !== null) keeper.dropTables(capture.file);
      return;
    }
    parser.key = null;
    assignWaiting();
    void keeper.copies.goOn();
  };

  const readFile = async (
    parser: Parser,
    capture: WaitingCapture,
    file: File | null,
  ): Promise<void> => {
    const { client } = parser;
    const { key } = capture;
    if (file === null) {
      failCapture(key, 'its file is not at hand, and what was kept of it cannot be read');
      return;
    }
    const unpacked = await client.ask('unpack', { key, file });
    if (parser.isStopped) return;
    if (unpacked.ok && unpacked.value !== null) {
      await takeMembers(capture, unpacked.value);
      return;
    }
    const keep = keeper.tablesOf(file);
    const result = unpacked.ok ? await client.ask('parse', { key, file, keep }) : unpacked;
    if (parser.isStopped) return;
    if (!result.ok) failCapture(key, result.error.message);
    else if (result.value !== null)
      await keeper.keep(key, file, result.value.tables, result.value.isFull);
  };

  const keeper: CaptureKeeper = new CaptureKeeper({
    caseId,
    isReading: () => waiting.length > 0 || parsers.some(({ key }) => key !== null),
    async copyFile(file, place) {
      const parser = parsers[0] ?? startParser();
      const copied = await parser.client.ask('copyFile', { file, place });
      return parser.isStopped ? 'stopped' : copied.ok ? copied.value : null;
    },
    onKept,
    onRemark,
  });

  const restoreTables = async (parser: Parser, capture: WaitingCapture, tables: File) => {
    const restored = await parser.client.ask('restore', { key: capture.key, tables });
    if (parser.isStopped) return;
    const reason = restored.ok ? restored.value : restored.error.message;
    if (reason === null) return;
    if (capture.file === null) failCapture(capture.key, reason);
    else {
      // Blocks that were handed over already do not count: the capture begins anew.
      await announce(capture);
      await readFile(parser, capture, capture.file);
    }
  };

  const announce = ({ key, file, bytes }: WaitingCapture, name?: string) =>
    engine.ask('beginCapture', { key, name: name ?? nameOf(key), bytes, file });

  const nameOf = (key: CaptureKey): string =>
    [...known].find(([, capture]) => capture.key === key)?.[0] ?? '';

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
    const open: string[] = [];
    for (const given of files) {
      const twin = findTwin(given, known);
      if (twin !== undefined) {
        if (twin.file === null) begun.push(attach(twin, given));
        else open.push(given.name);
        continue;
      }
      const name = freeName(given.name, known);
      const file = name === given.name ? given : renamed(given, name);
      if (file !== given) rememberHandle(file, findHandle(given));
      const { size, lastModified } = given;
      begun.push(add(name, { file, bytes: size, lastModified, tables: null }));
    }
    if (open.length > 0) onRemark(describeOpen(open));
    assignWaiting();
    await Promise.all(begun);
  };

  const add = (name: string, source: Omit<WaitingCapture, 'key'>): Promise<unknown> => {
    const capture = { key: nextKey++, ...source };
    known.set(name, capture);
    waiting.push(capture);
    return announce(capture, name);
  };

  const attach = async (capture: WaitingCapture, file: File) => {
    capture.file = file;
    await engine.ask('attachFile', { key: capture.key, file });
    onAttached(capture.key);
  };

  /** Files of folders that are captures or archives. Where the worker that looks goes meanwhile, all: reading them will tell. */
  const sift = async (inFolders: readonly File[]): Promise<readonly File[]> => {
    const parser = parsers[0] ?? startParser();
    const sifted = await parser.client.ask('sift', inFolders);
    if (!sifted.ok) return inFolders;
    if (sifted.value.remark !== null) onRemark(sifted.value.remark);
    return sifted.value.files;
  };

  return {
    ask: (name, question, signal) => engine.ask(name, question, { signal }),
    async addFiles(files, inFolders = []) {
      await begin(files);
      if (inFolders.length > 0) await begin(await sift(inFolders));
    },
    async setCorrections(corrections) {
      await engine.ask('setCorrections', corrections);
    },
    async keepAnalysis() {
      if (caseId === null) return null;
      const name = `${crypto.randomUUID()}.analysis`;
      const asked = await engine.ask('keepAnalysis', { folder: caseId, name });
      const kept = asked.ok ? asked.value : null;
      return kept === null || kept === 'kept' ? kept : { name, ...kept };
    },
    async addKept(captures, analysis) {
      if (analysis !== null) await engine.ask('offerAnalysis', analysis);
      const begun = captures.map(({ name, ...source }) => add(name, source));
      assignWaiting();
      await Promise.all(begun);
    },
    async cancel(key) {
      stopReading(key);
      await engine.ask('cancelCapture', key);
    },
    fileOf: (key) => [...known.values()].find((capture) => capture.key === key)?.file ?? null,
    keyOf: (file) => findTwin(file, known)?.key,
    async remove(key) {
      stopReading(key);
      keeper.copies.forget(key);
      forget(key);
      await engine.ask('removeCapture', key);
    },
    close() {
      stopAll();
      engine.close('The analysis was closed');
      engineWorker.terminate();
      releaseSpool();
      void dropSpoolFolder(spoolFolder).catch(() => {});
    },
  };
}

/** The same file by the name it has, or by the one it has within the folder that was opened first. */
function findTwin(
  given: File,
  known: ReadonlyMap<string, WaitingCapture>,
): WaitingCapture | undefined {
  const names = [given.name, given.name.slice(given.name.indexOf('/') + 1)];
  return names.map((name) => known.get(name)).find((one) => one && isSameFile(one, given));
}

const isSameFile = (known: WaitingCapture, given: File): boolean =>
  known.bytes === given.size && known.lastModified === given.lastModified;
