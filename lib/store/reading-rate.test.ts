import { describe, expect, it } from 'vitest';
import type { CaptureState, EngineStatus } from '../engine/protocol';
import { NO_RATES, ReadingRateMeter } from './reading-rate';

const status = (...states: readonly CaptureState[]): EngineStatus =>
  ({
    captures: states.map((state, key) => ({ key, file: `${key}.pcap`, bytes: 1e9, status: state })),
  }) as unknown as EngineStatus;
const READY = { state: 'ready', summary: { frames: 100 } } as unknown as CaptureState;
const reading = (bytesRead: number, frames: number): CaptureState => ({
  state: 'reading',
  bytesRead,
  frames,
});

describe('reading rates', () => {
  it('knows none before two looks at the same capture', () => {
    const rates = new ReadingRateMeter();
    expect(rates.update(status(reading(0, 0)), 0)).toEqual(NO_RATES);
    expect(rates.update(status(reading(100, 1)), 1000).each).toEqual({});
  });

  it('measures from look to look and smooths', () => {
    const rates = new ReadingRateMeter();
    rates.update(status(reading(100, 10)), 1000);
    expect(rates.update(status(reading(1100, 30)), 1500)).toEqual({
      each: { 0: { bytesPerSecond: 2000, framesPerSecond: 40 } },
      all: { bytesPerSecond: 2000, framesPerSecond: 40 },
    });
    expect(rates.update(status(reading(3100, 30)), 2500).each[0]).toEqual({
      bytesPerSecond: 2000,
      framesPerSecond: expect.closeTo(40 * Math.exp(-1 / 2)),
    });
  });

  it('waits for an interval that can be measured', () => {
    const rates = new ReadingRateMeter();
    rates.update(status(reading(100, 10)), 1000);
    expect(rates.update(status(reading(900, 90)), 1001)).toEqual(NO_RATES);
  });

  it('forgets a capture that is read', () => {
    const rates = new ReadingRateMeter();
    rates.update(status(reading(100, 10)), 0);
    rates.update(status(reading(200, 20)), 1000);
    expect(rates.update(status({ state: 'cancelled' }), 2000)).toEqual(NO_RATES);
  });

  it('keeps the rate of all while one capture ends and the next begins', () => {
    const rates = new ReadingRateMeter();
    rates.update(status(reading(0, 0), reading(0, 0)), 0);
    rates.update(status(reading(5e8, 50), reading(0, 0)), 1000);
    const { each, all } = rates.update(status(READY, reading(0, 0)), 2000);
    expect(each).toEqual({});
    expect(all).toEqual({ bytesPerSecond: 5e8, framesPerSecond: 50 });
  });

  it('is not thrown back when what was read of a capture no longer counts', () => {
    const rates = new ReadingRateMeter();
    rates.update(status(reading(0, 0), reading(0, 0)), 0);
    const before = rates.update(status(reading(5e8, 50), reading(0, 0)), 1000);
    expect(rates.update(status({ state: 'cancelled' }, reading(10, 1)), 2000).all).toEqual(
      before.all,
    );
  });
});
