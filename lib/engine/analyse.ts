// The engine's steps driven to their end in one thread: for the command line and for tests. The page runs the same steps in slices.
import { runToEnd } from '../correlate/correlate';
import type { LoadedCapture } from '../correlate/input/loaded-capture';
import { readEvidence } from '../evidence/read-evidence';
import type { CaptureWarning } from '../model/capture';
import { type Corrections, NO_CORRECTIONS } from '../model/corrections';
import type { Evidence } from '../model/evidence';
import { TupleTable } from '../model/tuple-table';
import type { ByteSource } from '../read/byte-source';
import { joinWarnings, openDecompressedIn } from '../read/decompress';
import { type ByteStorage, memoryStorage } from '../read/storage';
import { analyseSteps, type FinishedAnalysis } from './analysis';
import { CaptureIntake } from './intake';
import { parseCapture } from './parse-capture';

export interface FileFailure {
  readonly file: string;
  readonly warning: CaptureWarning;
}

export interface AnalysedFiles extends FinishedAnalysis {
  /** Captures that could not be read at all. */
  readonly failures: readonly FileFailure[];
}

export interface ReadingProgress {
  readonly file: string;
  readonly bytesRead: number;
  readonly bytes: number;
  readonly frames: number;
}

/** Reads the captures one after the other and analyses what could be read. A source that is no capture, but evidence, is taken as such. */
export async function analyseSources(
  sources: readonly ByteSource[],
  onProgress: (progress: ReadingProgress) => void = () => {},
  corrections: Corrections = NO_CORRECTIONS,
  storage: ByteStorage<ByteSource> = memoryStorage,
): Promise<AnalysedFiles> {
  const tuples = new TupleTable();
  const loaded: LoadedCapture[] = [];
  const failures: FileFailure[] = [];
  const evidence: Evidence[] = [];
  for (const source of sources) {
    const read = await readCapture(source, tuples, onProgress, storage);
    if ('kind' in read) evidence.push(read);
    else if ('warning' in read) failures.push({ file: source.name, warning: read.warning });
    else loaded.push(read);
  }
  return { ...runToEnd(analyseSteps(loaded, tuples, corrections, evidence)), failures };
}

async function readCapture(
  source: ByteSource,
  tuples: TupleTable,
  onProgress: (progress: ReadingProgress) => void,
  storage: ByteStorage<ByteSource>,
): Promise<LoadedCapture | Evidence | { readonly warning: CaptureWarning }> {
  const opened = await openDecompressedIn(source, storage);
  if (!opened.ok) return { warning: opened.error };
  const intake = new CaptureIntake(tuples);
  const { source: content, warnings, decompressed } = opened.value;
  try {
    const parsed = await parseCapture(content, {
      block: (block) => intake.take(block),
      progress: (bytesRead, frames) =>
        onProgress({ file: source.name, bytesRead, bytes: content.size, frames }),
    });
    if (!parsed.ok) return (await readEvidence(content)) ?? { warning: parsed.error };
    const summary = { ...parsed.value, warnings: joinWarnings(warnings, parsed.value.warnings) };
    return { file: source.name, summary, table: intake.table, links: intake.links };
  } finally {
    if (decompressed) await content.close?.();
  }
}
