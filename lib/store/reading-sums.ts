// What is read and to be read of all captures together.
import type { EngineStatus } from '../engine/protocol';

export interface ReadingSums {
  readonly bytesRead: number;
  readonly bytes: number;
  readonly frames: number;
}

/** Of all captures of the case; those that failed or were cancelled count neither way. */
export function sumReading(status: EngineStatus | null): ReadingSums {
  const sums = { bytesRead: 0, bytes: 0, frames: 0 };
  for (const { bytes, status: capture } of status?.captures ?? []) {
    if (capture.state !== 'reading' && capture.state !== 'ready') continue;
    const isReading = capture.state === 'reading';
    sums.bytes += bytes;
    sums.bytesRead += isReading ? Math.min(capture.bytesRead, bytes) : bytes;
    sums.frames += isReading ? capture.frames : capture.summary.frames;
  }
  return sums;
}
