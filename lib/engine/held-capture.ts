// A file as the engine holds it: what it is found to be, and what is read of it so far.
import type { LoadedCapture } from '../correlate/input/loaded-capture';
import type { Evidence } from '../model/evidence';
import type { ByteSource } from '../read/byte-source';
import type { FrameReader } from './frame-reader';
import type { CaptureIntake } from './intake';
import type { CaptureState } from './protocol';

export interface Held {
  readonly file: string;
  readonly bytes: number;
  status: CaptureState;
  /** Where the file is no capture. */
  evidence: Evidence | null;
  intake: CaptureIntake;
  frames: FrameReader | undefined;
  source: ByteSource | undefined;
  sha256: string | null;
  /** The hash was computed, or cannot be. */
  hashTried: boolean;
}

/** The capture that it is, once it is read; nothing where it is none, or not read yet. */
export function loadedCapture(held: Held): LoadedCapture[] {
  const { status, intake, file } = held;
  if (status.state !== 'ready') return [];
  return [{ file, summary: status.summary, table: intake.table, links: intake.links }];
}
