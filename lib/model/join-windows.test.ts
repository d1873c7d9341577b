import { describe, expect, it } from 'vitest';
import { buildWindow } from '../testing/window-builder';
import { joinWindows, shiftBetween } from './join-windows';

const windowOf = (connection: string, client: string, start: number) =>
  buildWindow({
    files: ['a.pcap', 'b.pcap'],
    journeys: [0, 7].map((after) => ({
      connection,
      sightings: [0, 1].map((point) => ({
        point,
        time: start + after + point,
        source: client,
        destination: 'srv:80',
      })),
    })),
  });

describe('joined windows', () => {
  it('have the first packets of both at one time, the frames their own, and texts and sightings as they were', () => {
    const [left, right] = [windowOf('one', 'cli:1', 100), windowOf('two', 'cli:2', 900)];
    const joined = joinWindows(left, right, shiftBetween(left, right));
    const { journeys, sightings, strings } = joined;
    expect(joined.connections).toEqual(['one', 'two']);
    expect([...journeys.connection]).toEqual([0, 0, 1, 1]);
    expect([...journeys.firstSighting]).toEqual([0, 2, 4, 6]);
    expect([...sightings.referenceTime]).toEqual([100, 101, 107, 108, 100, 101, 107, 108]);
    expect([...sightings.time.subarray(4)]).toEqual([900, 901, 907, 908]);
    expect(Array.from(sightings.source, (text) => strings[text])).toEqual([
      ...Array(4).fill('cli:1'),
      ...Array(4).fill('cli:2'),
    ]);
    expect(Array.from(sightings.encapsulation, (text) => strings[text])).toEqual(Array(8).fill(''));
  });
});
