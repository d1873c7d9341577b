// How long the captures that are being read will still take, from how fast their bytes came so far.
import type { CaptureState } from './protocol';

interface ReadState {
  readonly bytes: number;
  readonly status: CaptureState;
}

export class ReadingEstimate {
  private startedMs = 0;
  private startedBytes = 0;

  /** Reading begins after a time in which nothing was read. */
  begin(captures: Iterable<ReadState>, nowMs: number): void {
    this.startedMs = nowMs;
    this.startedBytes = countBytes(captures).read;
  }

  /** Milliseconds to go; Infinity while nothing is known. */
  remainingMs(captures: Iterable<ReadState>, nowMs: number): number {
    const { read, all } = countBytes(captures);
    if (read === all) return 0;
    const bytesPerMs = (read - this.startedBytes) / (nowMs - this.startedMs);
    return bytesPerMs > 0 ? (all - read) / bytesPerMs : Number.POSITIVE_INFINITY;
  }
}

/** Bytes of the captures that are, or will be, read; those of others count neither way. */
function countBytes(captures: Iterable<ReadState>): {
  readonly read: number;
  readonly all: number;
} {
  let read = 0;
  let all = 0;
  for (const { bytes, status } of captures) {
    if (status.state === 'reading') read += Math.min(status.bytesRead, bytes);
    else if (status.state === 'ready') read += bytes;
    else continue;
    all += bytes;
  }
  return { read, all };
}
