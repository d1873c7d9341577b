// How fast each capture is read: bytes and frames a second from one status to the next, smoothed so that the number can be read.
import type { CaptureKey, EngineStatus } from '../engine/protocol';

export interface ReadingRate {
  readonly bytesPerSecond: number;
  readonly framesPerSecond: number;
}

interface Mark {
  readonly since: number;
  readonly bytes: number;
  readonly frames: number;
  readonly rate: ReadingRate | null;
}

/** Below this a difference says more about the timer than about the file. */
const LEAST_INTERVAL_MS = 200;
/** Share of the newest interval in the figure shown. */
const NEW_SHARE = 0.4;

export class ReadingRates {
  private readonly marks = new Map<CaptureKey, Mark>();

  /** Rates after this status; a capture that is not being read has none. `nowMs` is a monotonic clock. */
  update(status: EngineStatus, nowMs: number): Readonly<Record<CaptureKey, ReadingRate>> {
    const rates: Record<CaptureKey, ReadingRate> = {};
    for (const { key, status: state } of status.captures) {
      if (state.state !== 'reading' || state.bytesRead === 0) {
        this.marks.delete(key);
        continue;
      }
      const mark = this.advance(key, state.bytesRead, state.frames, nowMs);
      if (mark.rate !== null) rates[key] = mark.rate;
    }
    return rates;
  }

  private advance(key: CaptureKey, bytes: number, frames: number, nowMs: number): Mark {
    const last = this.marks.get(key);
    if (last !== undefined && nowMs - last.since < LEAST_INTERVAL_MS) return last;
    const seconds = last === undefined ? 0 : (nowMs - last.since) / 1000;
    const measured =
      last === undefined
        ? null
        : {
            bytesPerSecond: (bytes - last.bytes) / seconds,
            framesPerSecond: (frames - last.frames) / seconds,
          };
    const mark: Mark = { since: nowMs, bytes, frames, rate: blend(last?.rate ?? null, measured) };
    this.marks.set(key, mark);
    return mark;
  }
}

function blend(old: ReadingRate | null, measured: ReadingRate | null): ReadingRate | null {
  if (old === null || measured === null) return measured ?? old;
  const mix = (a: number, b: number) => a + (b - a) * NEW_SHARE;
  return {
    bytesPerSecond: mix(old.bytesPerSecond, measured.bytesPerSecond),
    framesPerSecond: mix(old.framesPerSecond, measured.framesPerSecond),
  };
}
