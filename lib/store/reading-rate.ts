// How fast captures are read, each and all together: bytes and frames a second from one status to the next, smoothed so that the number can be read.
import type { CaptureKey, EngineStatus } from '../engine/protocol';
import { sumReading } from './reading-sums';

export interface ReadingRate {
  readonly bytesPerSecond: number;
  readonly framesPerSecond: number;
}

export interface ReadingRates {
  /** Of each capture that is being read, once it is known. */
  readonly each: Readonly<Record<CaptureKey, ReadingRate>>;
  /** Of all together, whichever of them is read just now; null: not known. */
  readonly all: ReadingRate | null;
}

export const NO_RATES: ReadingRates = { each: {}, all: null };

interface Mark {
  readonly since: number;
  readonly bytes: number;
  readonly frames: number;
  readonly rate: ReadingRate | null;
}

/** Below this a difference says more about the timer than about the file. */
const LEAST_INTERVAL_MS = 200;
/** Seconds after which what was measured before counts for a third: a time left that jumps is not believed. */
const MEMORY_SECONDS = 2;

export class ReadingRateMeter {
  private readonly marks = new Map<CaptureKey, Mark>();
  private total: Mark | undefined;

  /** Rates after this status; a capture that is not being read has none. `nowMs` is a monotonic clock. */
  update(status: EngineStatus, nowMs: number): ReadingRates {
    const each: Record<CaptureKey, ReadingRate> = {};
    let isReading = false;
    for (const { key, status: state } of status.captures) {
      isReading ||= state.state === 'reading';
      if (state.state !== 'reading' || state.bytesRead === 0) {
        this.marks.delete(key);
        continue;
      }
      const mark = advance(this.marks.get(key), state.bytesRead, state.frames, nowMs);
      this.marks.set(key, mark);
      if (mark.rate !== null) each[key] = mark.rate;
    }
    const { bytesRead, frames } = sumReading(status);
    this.total = isReading ? advance(this.total, bytesRead, frames, nowMs) : undefined;
    return { each, all: this.total?.rate ?? null };
  }
}

function advance(last: Mark | undefined, bytes: number, frames: number, nowMs: number): Mark {
  if (last === undefined) return { since: nowMs, bytes, frames, rate: null };
  // A capture that is cancelled takes what was read of it out of the sum.
  if (bytes < last.bytes) return { since: nowMs, bytes, frames, rate: last.rate };
  if (nowMs - last.since < LEAST_INTERVAL_MS) return last;
  const seconds = (nowMs - last.since) / 1000;
  const measured = {
    bytesPerSecond: (bytes - last.bytes) / seconds,
    framesPerSecond: (frames - last.frames) / seconds,
  };
  return { since: nowMs, bytes, frames, rate: blend(last.rate, measured, seconds) };
}

function blend(old: ReadingRate | null, measured: ReadingRate, seconds: number): ReadingRate {
  if (old === null) return measured;
  const share = 1 - Math.exp(-seconds / MEMORY_SECONDS);
  const mix = (a: number, b: number) => a + (b - a) * share;
  return {
    bytesPerSecond: mix(old.bytesPerSecond, measured.bytesPerSecond),
    framesPerSecond: mix(old.framesPerSecond, measured.framesPerSecond),
  };
}
