// Stops of the journeys that did not arrive: set in any order, told the same before and after all are decided.
import { expect, it } from 'vitest';
import { makeStop, NO_STOP } from '../../model/stop';
import { LossStops } from './loss-stops';

it('tells the stops that were set last, and that others have none', () => {
  const stops = new LossStops();
  stops.set(900, makeStop(1, 1), makeStop(2, 1));
  stops.set(7, makeStop(0, 1), makeStop(1, 2));
  stops.set(900, makeStop(3, 1), makeStop(4, 2));
  const told = () =>
    [6, 7, 8, 900, 901].map((journey) => [stops.fromOf(journey), stops.toOf(journey)]);
  const none = [NO_STOP, NO_STOP];
  const expected = [
    none,
    [makeStop(0, 1), makeStop(1, 2)],
    none,
    [makeStop(3, 1), makeStop(4, 2)],
    none,
  ];
  expect(told()).toEqual(expected);
  stops.finish();
  expect(told()).toEqual(expected);
  expect(() => stops.set(1, 0, 0)).toThrow();
});
