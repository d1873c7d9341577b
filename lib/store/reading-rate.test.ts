import { describe, expect, it } from 'vitest';
import type { CaptureState, EngineStatus } from '../engine/protocol';
import { ReadingRates } from './reading-rate';

const status = (...states: readonly CaptureState[]): EngineStatus =>
  ({
    captures: states.map((state, key) => ({ key, file: `${key}.pcap`, bytes: 1e9, status: state })),
  }) as unknown as EngineStatus;
const reading = (bytesRead: number, frames: number): CaptureState => ({
  state: 'reading',
  bytesRead,
  frames,
});

describe('reading rates', () => {
  it('knows none before two looks at the same capture', () => {
    const rates = new ReadingRates();
    expect(rates.update(status(reading(0, 0)), 0)).toEqual({});
    expect(rates.update(status(reading(100, 1)), 1000)).toEqual({});
  });

  it('measures from look to look and smooths', () => {
    const rates = new ReadingRates();
    rates.update(status(reading(100, 10)), 1000);
    expect(rates.update(status(reading(1100, 30)), 1500)).toEqual({
      0: { bytesPerSecond: 2000, framesPerSecond: 40 },
    });
    const [next] = Object.values(rates.update(status(reading(3100, 30)), 2500));
    expect(next).toEqual({ bytesPerSecond: 2000, framesPerSecond: 24 });
  });

  it('waits for an interval that can be measured', () => {
    const rates = new ReadingRates();
    rates.update(status(reading(100, 10)), 1000);
    expect(rates.update(status(reading(900, 90)), 1001)).toEqual({});
  });

  it('forgets a capture that is read', () => {
    const rates = new ReadingRates();
    rates.update(status(reading(100, 10)), 0);
    rates.update(status(reading(200, 20)), 1000);
    expect(rates.update(status({ state: 'cancelled' }), 2000)).toEqual({});
  });
});
