import { describe, expect, it } from 'vitest';
import type { LaneSettings } from '../model/snapshot';
import { everyMark, failingHandshake, NODE_HOPS, NODE_POINTS } from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import { buildLanes } from './lanes';
import { describePoint } from './point-name';

const AS_FOUND: LaneSettings = { order: [], hidden: [], names: {} };
const { window, connections } = failingHandshake();
const plan = (settings: Partial<LaneSettings> = {}) =>
  buildLanes(window, NODE_POINTS, connections, NODE_HOPS, { ...AS_FOUND, ...settings });

describe('buildLanes', () => {
  it('makes a lane of each stop of the forward way, a second passage beside the first', () => {
    const { lanes } = plan();
    expect(lanes.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3', 'p3/2', 'p4', 'p5']);
    expect(lanes.map(({ at }) => at)).toEqual([0, 1, 2, 2.6, 3.6, 4.6]);
    expect(lanes.map(({ name }) => name)).toEqual([
      'cpe · eth0',
      'veth5b024d2c',
      'tun0',
      'tun0′',
      'veth91c7e3aa',
      'baw · eth0',
    ]);
  });

  it('has replies pass the same lanes from the other end', () => {
    const twice = buildWindow({
      journeys: [
        {
          direction: 'forward',
          sightings: [
            { time: 0, point: 0, passage: 1, source: 'a:1', destination: 'v:2' },
            { time: 1, passage: 2, destination: 'b:2' },
          ],
        },
        {
          direction: 'reverse',
          sightings: [
            { time: 2, point: 0, passage: 1, source: 'b:2', destination: 'a:1' },
            { time: 3, passage: 2, source: 'v:2' },
          ],
        },
      ],
    });
    const { laneOf, laneOfStop } = buildLanes(twice, NODE_POINTS.slice(0, 1), [], [], AS_FOUND);
    expect([laneOf(0, 0, 1), laneOf(0, 0, 2)]).toEqual([0, 1]);
    expect([laneOf(1, 0, 1), laneOf(1, 0, 2)]).toEqual([1, 0]);
    expect(laneOfStop(1, 'p1/2')).toBe(0);
  });

  it.each([
    ['b:2', 1],
    ['v:2', 0],
  ])('puts a reply that passes once, from %s, where the server has that name', (source, lane) => {
    const once = buildWindow({
      journeys: [
        {
          sightings: [
            { time: 0, point: 0, passage: 1, source: 'a:1', destination: 'v:2' },
            { time: 1, passage: 2, destination: 'b:2' },
          ],
        },
        { direction: 'reverse', sightings: [{ time: 2, point: 0, source, destination: 'a:1' }] },
      ],
    });
    const { laneOf } = buildLanes(once, NODE_POINTS.slice(0, 1), [], [], AS_FOUND);
    expect(laneOf(1, 0, 1)).toBe(lane);
  });

  it('follows order, names and hiding by hand', () => {
    const { lanes, hidden, laneOf } = plan({
      order: ['p5', 'p1'],
      hidden: ['p4'],
      names: { p5: 'server' },
    });
    expect(lanes.map(({ id }) => id)).toEqual(['p5', 'p1', 'p2', 'p3', 'p3/2']);
    expect(lanes[0].name).toBe('server');
    expect(hidden.map(({ id }) => id)).toEqual(['p4']);
    expect(laneOf(0, 3, 1)).toBe(-1);
    expect(laneOf(0, 4, 1)).toBe(0);
  });

  it('keeps a point that saw nothing where other packets pass it', () => {
    const partial = buildWindow({
      journeys: [{ sightings: [{ time: 0, point: 0 }, { point: 1 }] }],
    });
    const { lanes } = buildLanes(partial, NODE_POINTS, [], NODE_HOPS, AS_FOUND);
    expect(lanes.map(({ id, idle }) => [id, idle])).toEqual([
      ['p1', false],
      ['p2', false],
      ['p3', true],
      ['p4', true],
      ['p5', true],
    ]);
  });

  it('leaves idle points out where there are many', () => {
    const many = Array.from({ length: 12 }, (_, i) => ({ ...NODE_POINTS[0], id: `p${i + 1}` }));
    const { lanes } = buildLanes(everyMark().window, many, [], [], AS_FOUND);
    expect(lanes.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3', 'p3/2', 'p4', 'p5']);
  });
});

describe('describePoint', () => {
  const point = (name: string) => ({ ...NODE_POINTS[0], name });
  const node = point('node-veth5b024d2c');

  it.each([
    ['cpe-eth0', 'pod cpe', 'cpe · eth0'],
    ['node-tun0', 'node', 'tun0'],
    ['node1-ens3', 'node1, uplink', 'ens3'],
    ['node-any if4', 'node', 'any if4'],
    ['article-3.1-cpe', '', 'article-3.1-cpe'],
  ])('%s', (name, role, expected) => {
    expect(describePoint(point(name), [point(name), node])).toEqual({ role, name: expected });
  });

  it('calls an eth0 a pod only beside a node', () => {
    expect(describePoint(point('cpe-eth0'), [point('cpe-eth0')]).role).toBe('cpe');
  });
});
