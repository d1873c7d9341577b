import { describe, expect, it } from 'vitest';
import { LOG_BUCKETS, logBucket } from '../base/log-buckets';
import { scenarioSources } from '../testing/committed-captures';
import { EnginePage } from '../testing/engine-page';
import type { HopSeries } from './protocol';

const open = async (scenario: string) => {
  const page = new EnginePage();
  await page.open(scenarioSources(scenario));
  return page.engine;
};
const sum = (counts: ArrayLike<number>) => Array.from(counts).reduce((a, b) => a + b, 0);
const ALL = { connections: null, search: '' };
const name = ({ from, to, direction }: HopSeries) => `${from} ${to} ${direction}`;

describe('hop series', () => {
  it('counts each hop as the summary of the hops does, and puts each loss into its bin', async () => {
    const engine = await open('sdn-loss');
    const series = await engine.ask('hopSeries', { ...ALL, bins: 50 });
    const { hops } = engine.status();
    expect(series?.hops.map(name)).toEqual(
      hops.map(({ from, to, direction }) => `${from} ${to} ${direction}`),
    );
    series?.hops.forEach((hop, k) => {
      expect(sum(hop.journeys)).toBe(hops[k].journeys);
      expect(sum(hop.lost)).toBe(hops[k].lost);
      expect(sum(hop.buckets)).toBe(hops[k].journeys);
    });
    const lossy = series?.hops.find((hop) => sum(hop.lost) > 0);
    const overview = await engine.ask('overview', { bins: 50, connections: [] });
    expect(sum(lossy?.lost ?? [])).toBe(28);
    expect(lossy?.lost.findIndex((n) => n > 0)).toBe(overview.losses.findIndex((n) => n > 0));
  });

  it('of a span counts what left within it, bin by bin as the whole does', async () => {
    const engine = await open('sdn-loss');
    const whole = await engine.ask('hopSeries', { ...ALL, bins: 64 });
    if (whole === null) throw new Error('no series');
    const at = (share: number) => whole.from + (whole.to - whole.from) * share;
    const { ids } = await engine.ask('connections', {
      search: '',
      sort: 'time',
      descending: false,
      group: 'none',
      folded: [],
      from: 0,
      count: 10_000,
    });
    const question = { search: '', connections: ids, bins: 16, span: [at(0.25), at(0.5)] } as const;
    const part = await engine.ask('hopSeries', question);
    expect([...(part?.packets ?? [])]).toEqual([...whole.packets.subarray(16, 32)]);
    const named = new Map(whole.hops.map((hop) => [name(hop), hop]));
    expect(part?.hops.length).toBeGreaterThan(4);
    for (const hop of part?.hops ?? []) {
      const all = named.get(name(hop));
      expect([...hop.journeys]).toEqual([...(all?.journeys.subarray(16, 32) ?? [])]);
      expect([...hop.lost]).toEqual([...(all?.lost.subarray(16, 32) ?? [])]);
    }
  });

  it('gives the packets of one hop with the frames behind it, latencies as the buckets have them', async () => {
    const engine = await open('sdn-loss');
    const series = await engine.ask('hopSeries', { ...ALL, bins: 20 });
    const hop = series?.hops.find(({ lost }) => sum(lost) > 0);
    if (hop === undefined) throw new Error('no hop lost a packet');
    const { from, to, direction } = hop;
    const question = { ...ALL, from, to, direction };
    const points = await engine.ask('hopPoints', { ...question, limit: 10_000 });
    if (points === null) throw new Error('no points');
    expect(points.omitted).toBe(0);
    const taken = [...points.latency].filter((ns) => !Number.isNaN(ns));
    expect(points.latency.length - taken.length).toBe(28);
    const buckets = new Uint32Array(LOG_BUCKETS);
    for (const ns of taken) buckets[logBucket(ns)] += 1;
    expect(buckets).toEqual(hop.buckets);
    expect([...points.time]).toEqual([...points.time].sort((a, b) => a - b));
    // Every frame it names is a sighting of a packet, at the end of the hop.
    for (const k of [0, 7, points.time.length - 1]) {
      const frame = { file: points.files[points.capture[k]], frame: points.frame[k] };
      expect(await engine.ask('connectionsOfFrames', [frame])).toHaveLength(1);
    }
    const few = await engine.ask('hopPoints', { ...question, limit: 100 });
    expect(few?.time.length).toBeLessThanOrEqual(100);
    expect(few?.time.length).toBeGreaterThan(70);
    expect([...(few?.latency ?? [])].filter(Number.isNaN)).toHaveLength(28);
    expect(Math.max(...[...(few?.latency ?? [])].filter((ns) => ns > 0))).toBe(Math.max(...taken));
  });

  it('follows the filter and the connections asked for', async () => {
    const engine = await open('sdn-loss');
    const lost = await engine.ask('hopSeries', {
      ...ALL,
      search: 'journey.fate == "lost"',
      bins: 1,
    });
    expect(lost?.hops.reduce((all, hop) => all + sum(hop.lost), 0)).toBe(28);
    const none = await engine.ask('hopSeries', { connections: [], search: '', bins: 1 });
    expect(none?.hops).toEqual([]);
  });
});
