import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyMark, failingHandshake, forward, NODE_POINTS } from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import { formatTime } from './draw-labels';
import {
  buildLayout,
  placeOfTime,
  rowAtTime,
  rowOfJourney,
  type SceneInput,
  type TimeMode,
  timeAt,
} from './layout';
import { ROW_PX } from './place-rows';
import { ROW_BADGE, ROW_BADGE_FIRST, ROW_FAULT, ROW_FAULT_FIRST, ROW_RESET } from './row-facts';

const LANES = { order: [], hidden: [], names: {} };
const handshake = (more: Partial<SceneInput> = {}) =>
  buildLayout({ ...failingHandshake(), lanes: LANES, timeMode: 'events', ...more });

const rowsAt = (times: readonly number[], timeMode: TimeMode = 'events') =>
  buildLayout({
    window: buildWindow({ journeys: times.map((time) => forward(time, { flags: 0x10 })) }),
    points: NODE_POINTS,
    connections: [],
    hops: [],
    lanes: LANES,
    finding: null,
    notes: [],
    timeMode,
  });

describe('buildLayout', () => {
  it('folds the silences between the attempts, and only those', () => {
    const { gapNs, gapRow, rowCount } = handshake();
    expect(rowCount).toBe(12);
    expect([...gapRow]).toEqual([3, 6, 9]);
    expect([...gapNs].map((ns) => Math.round(ns / 1e6))).toEqual([1012, 1024, 2048]);
  });

  it('folds nothing in an even stream', () => {
    expect(rowsAt([0, 1e6, 2e6, 3e6, 4e6]).gapRow).toHaveLength(0);
  });

  it('marks reset, badge and fault, the first of each in full', () => {
    const { facts } = handshake();
    expect(facts.bits[0] & (ROW_BADGE | ROW_BADGE_FIRST)).toBe(ROW_BADGE | ROW_BADGE_FIRST);
    expect(facts.bits[1] & (ROW_FAULT | ROW_FAULT_FIRST)).toBe(ROW_FAULT | ROW_FAULT_FIRST);
    expect(facts.bits[2] & ROW_RESET).toBe(ROW_RESET);
    expect(facts.bits[3] & (ROW_BADGE | ROW_BADGE_FIRST)).toBe(ROW_BADGE);
    expect(facts.bits[4] & (ROW_FAULT | ROW_FAULT_FIRST)).toBe(ROW_FAULT);
  });

  it('has no fault where replies are the inverse of requests', () => {
    const { facts } = buildLayout({ ...everyMark(), lanes: LANES, timeMode: 'events' });
    expect([...facts.bits].some((bits) => bits & ROW_FAULT)).toBe(false);
  });

  it('counts retries by what is sent again', () => {
    const { facts } = handshake();
    expect([...facts.retry]).toEqual([0, 0, 0, 1, 1, 0, 2, 2, 0, 3, 3, 0]);
  });

  it('folds silences to scale, and knows the time of every place and the place of every time', () => {
    const times = [0, 1e6, 2e6, 4e9, 4.001e9, 9e9];
    const layout = rowsAt(times, 'scale');
    expect([...layout.gapRow]).toEqual([3, 5]);
    expect([...layout.gapNs].map((ns) => Math.round(ns / 1e7))).toEqual([400, 500]);
    expect(layout.length).toBeLessThan(20e6);
    for (const [row, time] of times.entries()) {
      expect(placeOfTime(layout, time)).toBeCloseTo(layout.y[row], 3);
      expect(timeAt(layout, layout.y[row])).toBeCloseTo(time, 0);
    }
    // What lasts as long as before is as long as before.
    expect(layout.y[4] - layout.y[3]).toBeCloseTo(1e6, 3);
    const gap = layout.gapY[0];
    expect(gap).toBeGreaterThan(layout.y[2]);
    expect(gap).toBeLessThan(layout.y[3]);
    expect(rowsAt(times, 'absolute').gapRow).toHaveLength(0);
  });

  it('counts times from the beginning of the connections where rows before are left out', () => {
    const input = failingHandshake();
    const [connection] = input.connections;
    const connections = [{ ...connection, firstTime: -4e9 }];
    const begun = handshake({ connections, window: { ...input.window, omittedBefore: 9 } });
    const [first] = begun.order;
    expect(formatTime(begun, begun.facts.startNs[first])).toBe('4.000000');
    expect(formatTime(handshake({ connections }), begun.facts.startNs[first])).toBe('0.000000');
  });

  it('stands to scale as time says', () => {
    const { y, length, originNs } = rowsAt([1000, 5000, 900_000], 'absolute');
    expect([...y]).toEqual([0, 4000, 899_000]);
    expect(length).toBeGreaterThan(899_000);
    expect(originNs).toBe(1000);
  });

  it('is whole without journeys', () => {
    const empty = rowsAt([]);
    expect([empty.rowCount, empty.originNs]).toEqual([0, 0]);
    expect(timeAt(empty, 10)).toBe(0);
  });

  it('keeps rows apart and in order, and finds them again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5e9 }), { maxLength: 60 }), (times) => {
        const layout = rowsAt(times);
        for (let row = 1; row < layout.rowCount; row++)
          expect(layout.y[row] - layout.y[row - 1]).toBeGreaterThanOrEqual(ROW_PX);
        for (let row = 0; row < layout.rowCount; row++) {
          const journey = layout.order[row];
          expect(rowOfJourney(layout, journey)).toBe(row);
          const first = rowAtTime(layout, layout.facts.startNs[journey]);
          expect(layout.facts.startNs[layout.order[first]]).toBe(layout.facts.startNs[journey]);
        }
        const sorted = [...layout.gapY].every((y, i, all) => i === 0 || y > all[i - 1]);
        expect(sorted).toBe(true);
      }),
    );
  });

  it('sorts by the reference clock where captures stand in another order', () => {
    const window = buildWindow({
      journeys: [
        { sightings: [{ time: 0, referenceTime: 500 }] },
        { sightings: [{ time: 10, referenceTime: 10 }] },
        { sightings: [{ time: 20, referenceTime: 600 }] },
      ],
    });
    const layout = handshake({ window });
    expect([...layout.order]).toEqual([1, 0, 2]);
    expect([0, 1, 2].map((journey) => rowOfJourney(layout, journey))).toEqual([1, 0, 2]);
  });
});
