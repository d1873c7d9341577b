import { expect, it } from 'vitest';
import type { CaptureState, EngineStatus } from '../engine/protocol';
import { sumReading } from './reading-sums';

it('adds up what is read and to be read, without what was cancelled', () => {
  const READY = { state: 'ready', summary: { frames: 7 } } as unknown as CaptureState;
  const reading = (bytesRead: number): CaptureState => ({ state: 'reading', bytesRead, frames: 1 });
  const states: CaptureState[] = [READY, { state: 'cancelled' }, reading(40), reading(0)];
  const captures = states.map((status) => ({ bytes: 100, status }));
  expect(sumReading({ captures } as unknown as EngineStatus)).toEqual({
    bytesRead: 140,
    bytes: 300,
    frames: 9,
  });
});
