// Files named on the command line: captures as they are, folders and archives searched for captures and evidence. Names stay as given.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isEvidenceHead, looksLikeEvidence } from '../lib/evidence/read-evidence';
import type { CaptureWarning } from '../lib/model/capture';
import {
  describeEmptyArchive,
  describeLeftAside,
  describeOthers,
  looksLikeCapture,
  unpackArchive,
} from '../lib/read/archives';
import type { ByteSource } from '../lib/read/byte-source';
import { openFileSource } from '../lib/read/node-file-source';
import { nodeStorage } from '../lib/read/node-storage';

export interface UnreadableInput {
  readonly file: string;
  readonly text: string;
}

export interface OpenedInputs {
  readonly sources: readonly ByteSource[];
  /** Found among captures, or named as such. */
  readonly evidence: readonly ByteSource[];
  readonly unreadable: readonly UnreadableInput[];
  /** What is to be said of archives that were read. */
  readonly warnings: readonly CaptureWarning[];
  close(): Promise<void>;
}

/** Opens captures and the evidence beside them. What does not open is listed, and the rest goes on. */
export async function openInputs(
  captures: readonly string[],
  evidence: readonly string[] = [],
): Promise<OpenedInputs> {
  const inputs = await openFiles(captures);
  if (evidence.length === 0) return inputs;
  const beside = await openFiles(evidence, true);
  const known: ByteSource[] = [];
  const warnings = [...inputs.warnings, ...beside.warnings];
  for (const source of [...beside.sources, ...beside.evidence])
    if (await looksLikeEvidence(source)) known.push(source);
    else warnings.push(nothingKnown(source.name));
  return {
    sources: inputs.sources,
    evidence: [...inputs.evidence, ...known],
    unreadable: [...inputs.unreadable, ...beside.unreadable],
    warnings,
    async close() {
      await inputs.close();
      await beside.close();
    },
  };
}

const nothingKnown = (file: string): CaptureWarning => ({
  code: 'not-a-capture',
  text: `${file}: evidence of a kind that is not read yet`,
});

/** All captures, ordered by name, and evidence that lies among them. */
async function openFiles(paths: readonly string[], isEvidence = false): Promise<OpenedInputs> {
  const unreadable: UnreadableInput[] = [];
  const warnings: CaptureWarning[] = [];
  /** Files, and whether they were named themselves. */
  const files = new Map<string, boolean>();
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.set(path, true);
        continue;
      }
      const { captures, leftAside } = await capturesIn(path);
      for (const file of captures) if (!files.has(file)) files.set(file, false);
      const remark = describeLeftAside(leftAside, captures.length);
      // Of evidence not all kinds are read: what there is none of is no fault.
      if (captures.length === 0 && isEvidence) warnings.push(nothingKnown(path));
      else if (captures.length === 0)
        unreadable.push({ file: path, text: 'the folder holds no captures' });
      else if (remark !== null)
        warnings.push({ code: 'not-a-capture', text: `${path}: ${remark}` });
    } catch (error) {
      unreadable.push({ file: path, text: causeOf(error) });
    }
  }
  const opened: ByteSource[] = [];
  const sources: ByteSource[] = [];
  const evidence: ByteSource[] = [];
  for (const file of [...files.keys()].sort()) {
    try {
      const source = await openInput(file);
      opened.push(source);
      const unpacked = await unpackArchive<ByteSource>(source, nodeStorage, {
        wants: isEvidenceHead,
      });
      if (unpacked === null) {
        // A file that was named is taken at its word.
        const isBeside = !files.get(file) && !(await looksLikeCapture(source));
        (isBeside ? evidence : sources).push(source);
        continue;
      }
      const nothing = describeEmptyArchive(file, unpacked);
      if (nothing === null) warnings.push(...unpacked.warnings);
      // An archive without captures is no fault where nobody named it.
      else if (isEvidence) warnings.push(nothingKnown(file));
      else if (files.get(file)) unreadable.push({ file, text: nothing.text });
      else warnings.push(nothing);
      opened.push(...unpacked.held);
      sources.push(...unpacked.captures);
      evidence.push(...unpacked.wanted);
      if (nothing === null && unpacked.others.length > 0)
        warnings.push(describeOthers(file, unpacked.others));
    } catch (error) {
      unreadable.push({ file, text: causeOf(error) });
    }
  }
  return {
    sources,
    evidence,
    unreadable,
    warnings,
    async close() {
      for (const source of new Set([...opened, ...sources, ...evidence])) await source.close?.();
    },
  };
}

/** A file as it lies there; what comes through a pipe (`<(ssh node tcpdump -w -)`) goes to a temporary file first. */
async function openInput(file: string): Promise<ByteSource> {
  if (!(await stat(file)).isFIFO()) return openFileSource(file, file);
  const spool = await nodeStorage.openSpool(file);
  for await (const chunk of createReadStream(file)) await spool.write(chunk as Uint8Array);
  return spool.finish();
}

/** The folder's files, and those of the folders in it, that are captures or archives by their content. */
async function capturesIn(
  folder: string,
): Promise<{ readonly captures: readonly string[]; readonly leftAside: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const captures: string[] = [];
  let leftAside = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (await holdsCaptures(path)) captures.push(path);
    else leftAside += 1;
  }
  return { captures, leftAside };
}

/** What can't be looked at is taken: opening it says why. */
async function holdsCaptures(path: string): Promise<boolean> {
  try {
    const source = await openFileSource(path, path);
    try {
      return (await looksLikeCapture(source)) || (await looksLikeEvidence(source));
    } finally {
      await source.close();
    }
  } catch {
    return true;
  }
}

const causeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'no such file'
    : error instanceof Error
      ? error.message
      : String(error);
