// Keeps the open case in this browser as it changes, opens kept ones, deletes them, and says what they take. What a page left behind unfinished is swept.
import { createStore } from 'zustand/vanilla';
import {
  caseLock,
  dropCaseFile,
  dropCaseFolder,
  findCaseFile,
  listCaseFiles,
  listCaseFolders,
} from '../base/case-folder';
import { holdLock } from '../base/hold-lock';
import { deleteKeptCase, findKeptCase, listKeptCases, putKeptCase } from './case-database';
import { findHandle, openHandle } from './file-handles';
import { readPersistence } from './keep-choice';
import { type CaptureRecord, isRepeated, type KeptCase, keptNames } from './kept-case';
import { suggestCaseTitle } from './selectors';
import { readViewFragment, writeViewFragment } from './view-fragment';
import type { WorkspaceController } from './workspace-controller';
import type { WorkspaceState } from './workspace-state';

/** Pause after the last change before the record is written. */
const WRITE_DELAY_MS = 400;

interface KeptCases {
  /** null: not looked yet. */
  readonly list: readonly KeptCase[] | null;
  /** Of all that this origin keeps, and what it may; null: the browser does not say. */
  readonly usage: { readonly used: number; readonly most: number } | null;
}

export class CaseKeeper {
  readonly cases = createStore<KeptCases>(() => ({ list: null, usage: null }));
  private record: KeptCase | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private releaseLock = () => {};
  /** Of the analysis that the record speaks of; null: not looked yet. */
  private keptRevision: number | null = null;

  constructor(private readonly controller: WorkspaceController) {}

  /** Follows the workspace; returns the function that stops. */
  start(): () => void {
    const { store } = this.controller;
    const stop = store.subscribe((state, before) => {
      if (state.caseId !== before.caseId) this.changeCase(state.caseId);
      if (state.caseId === null || !hasChanged(state, before)) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.write(), WRITE_DELAY_MS);
    });
    const hide = () => document.visibilityState === 'hidden' && void this.write();
    document.addEventListener('visibilitychange', hide);
    void this.controller.track(this.refresh().then(() => this.sweep()));
    return () => {
      stop();
      clearTimeout(this.timer);
      document.removeEventListener('visibilitychange', hide);
    };
  }

  /** `fragment`: the view that the address asks for; null: the one that was kept. Says whether the case is there. */
  async open(id: string, fragment: string | null): Promise<boolean> {
    const kept = await findKeptCase(id);
    if (kept === null) return false;
    const { captures, analysis, view } = kept;
    const [sources, analysed] = await Promise.all([
      Promise.all(captures.map((capture) => openCapture(id, capture))),
      analysis === null ? null : findCaseFile(id, analysis.name),
    ]);
    this.record = kept;
    this.keptRevision = null;
    this.controller.openKept(kept, readViewFragment(fragment ?? view), sources, analysed);
    return true;
  }

  /** Asks, within a click, for the files that only their handles lead to. */
  async askForFiles(): Promise<void> {
    const captures = this.record?.captures ?? [];
    const files: File[] = [];
    const { status, kept } = this.controller.store.getState();
    const absent = new Set(
      (status?.captures ?? []).flatMap(({ key, file }) => (kept[key]?.isAtHand ? [] : [file])),
    );
    for (const { name, handle, fileBytes, lastModified } of captures) {
      if (handle === null || !absent.has(name)) continue;
      const file = await openHandle(handle, { bytes: fileBytes, lastModified }, true);
      if (file !== null) files.push(file);
    }
    this.controller.attachFiles(files);
  }

  async delete(id: string): Promise<void> {
    if (this.controller.store.getState().caseId === id) this.controller.closeCase();
    await forget(id);
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    const [list, estimate] = await Promise.all([
      listKeptCases(),
      navigator.storage?.estimate?.().catch(() => undefined),
      readPersistence(),
    ]);
    const usage =
      estimate?.usage === undefined || estimate.quota === undefined
        ? null
        : { used: estimate.usage, most: estimate.quota };
    this.cases.setState({ list, usage });
  }

  private changeCase(id: string | null): void {
    clearTimeout(this.timer);
    this.releaseLock();
    this.releaseLock = id === null ? () => {} : holdLock(caseLock(id), 'shared');
    if (this.record?.id !== id) {
      this.record = null;
      this.keptRevision = null;
    }
    if (id === null) void this.controller.track(this.refresh());
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    const state = this.controller.store.getState();
    const { caseId, status, title, preface, notes, view, diagnosis } = state;
    if (caseId === null || status?.phase !== 'ready') return;
    const captures = await recordCaptures(state, this.record);
    if (captures.length === 0) return;
    const now = Date.now();
    const before = this.record?.id === caseId ? this.record : null;
    const record = {
      id: caseId,
      title,
      summary: diagnosis === null ? (before?.summary ?? '') : suggestCaseTitle(state),
      preface,
      notes: [...notes],
      view: writeViewFragment(view),
      begun: before?.begun ?? now,
      changed: now,
      captures,
      analysis: before?.analysis ?? null,
    };
    await this.put(record, before);
    for (const other of this.cases.getState().list ?? [])
      if (isRepeated(other, record)) await forget(other.id);
    if (this.keptRevision !== status.revision) await this.writeAnalysis(record, status.revision);
    await this.refresh();
  }

  /** After the record, which is small and must not wait. */
  private async writeAnalysis(record: KeptCase, revision: number): Promise<void> {
    this.keptRevision = revision;
    const kept = await this.controller.keepAnalysis();
    const now = this.record;
    if (kept === 'kept' || now?.id !== record.id || (kept ?? now.analysis) === null) return;
    if (this.keptRevision === revision) await this.put({ ...now, analysis: kept }, now);
    else if (kept !== null) await dropCaseFile(record.id, kept.name);
  }

  private async put(record: KeptCase, before: KeptCase | null): Promise<void> {
    this.record = record;
    await putKeptCase(record);
    if (before !== null) await dropOthers(record, keptNames(before));
  }

  /** What no record speaks of and no page has open: of a page that was left before its case was read, or written. */
  private async sweep(): Promise<void> {
    if (navigator.locks === undefined) return;
    const { held = [] } = await navigator.locks.query();
    const alive = new Set(held.map(({ name }) => name));
    const known = new Map((this.cases.getState().list ?? []).map((kept) => [kept.id, kept]));
    for (const id of await listCaseFolders()) {
      if (alive.has(caseLock(id))) continue;
      const kept = known.get(id);
      if (kept === undefined) await dropCaseFolder(id);
      else await dropOthers(kept, await listCaseFiles(id));
    }
  }
}

async function forget(id: string): Promise<void> {
  await deleteKeptCase(id);
  await dropCaseFolder(id);
}

const hasChanged = (state: WorkspaceState, before: WorkspaceState): boolean =>
  state.title !== before.title ||
  state.preface !== before.preface ||
  state.diagnosis !== before.diagnosis ||
  state.notes !== before.notes ||
  state.view !== before.view ||
  state.kept !== before.kept ||
  state.status?.revision !== before.status?.revision ||
  state.status?.phase !== before.status?.phase;

async function openCapture(id: string, capture: CaptureRecord) {
  const { name, tables, copy, bytes, fileBytes, lastModified, handle } = capture;
  const place = { bytes: fileBytes, lastModified };
  const [tableFile, copied, linked] = await Promise.all([
    tables === null ? null : findCaseFile(id, tables),
    copy === null ? null : findCaseFile(id, copy),
    handle === null ? null : openHandle(handle, place, false),
  ]);
  const found = copied ?? linked;
  const file = found === null ? null : new File([found], name, { lastModified });
  return {
    name,
    ...place,
    tables: tableFile,
    file,
    kept: {
      tables,
      copy,
      bytes,
      fileBytes,
      lastModified,
      file,
      isAtHand: file !== null,
      hasHandle: handle !== null,
    },
  };
}

/** Captures that are read, with what was kept of them; those that failed or were cancelled are no part of the case. */
async function recordCaptures(
  { status, kept }: WorkspaceState,
  before: KeptCase | null,
): Promise<CaptureRecord[]> {
  const records: CaptureRecord[] = [];
  for (const { key, file: name, status: capture } of status?.captures ?? []) {
    const own = kept[key];
    if ((capture.state !== 'ready' && capture.state !== 'evidence') || own === undefined) continue;
    const { tables, copy, bytes, fileBytes, lastModified, file } = own;
    const known = before?.captures.find((one) => one.name === name)?.handle ?? null;
    const handle = (file === null ? null : await findHandle(file)) ?? known;
    records.push({ name, tables, copy, bytes, fileBytes, lastModified, handle });
  }
  return records;
}

/** Of these files of the case, those that it does not speak of. */
async function dropOthers(kept: KeptCase, names: readonly string[]): Promise<void> {
  const used = new Set(keptNames(kept));
  for (const name of names) if (!used.has(name)) await dropCaseFile(kept.id, name);
}
