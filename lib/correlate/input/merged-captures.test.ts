// Points of different captures that someone said are one: files of one interface, taken one after the other under foreign names, or at the same time.
import { describe, expect, it } from 'vitest';
import { type AnalysedFiles, analyseSources } from '../../engine/analyse';
import { type Corrections, correctPoint, NO_CORRECTIONS } from '../../model/corrections';
import { type ByteSource, memorySource } from '../../read/byte-source';
import { scenarioSources } from '../../testing/committed-captures';
import { rotateCapture } from '../../testing/rotate-capture';
import { type Spoiling, spoilCapture } from '../../testing/spoil-capture';

/** Merges the points of these names into the first one's, as the page does it. */
function mergePoints({ analysis }: AnalysedFiles, names: readonly string[]): Corrections {
  const [into, ...others] = names.map((name) => {
    const place = analysis.points.find((point) => point.name === name)?.place;
    if (place === undefined) throw new Error(`No point is called ${name}`);
    return place;
  });
  return others.reduce(
    (corrections, { capture, key }) =>
      correctPoint(corrections, {
        kind: 'merge',
        capture,
        place: key,
        into: into.key,
        intoCapture: into.capture,
      }),
    NO_CORRECTIONS,
  );
}

/** What is said of the captures, without the names of files. */
const verdict = ({ analysis, diagnosis }: AnalysedFiles) => ({
  points: analysis.points.map(({ name, host }) => [name, host]),
  connections: analysis.connections.map(
    ({ client, server, forwardStops, reverseStops, ...one }) => [
      [client, server, one.handshake, one.close],
      [forwardStops, reverseStops],
      [one.journeys, one.delivered, one.lost, one.missed, one.unknown],
    ],
  ),
  hops: analysis.hops.map(({ from, to, direction, journeys, lost, reordered, duplicated }) => [
    [from, to, direction],
    [journeys, lost, reordered, duplicated],
  ]),
  findings: diagnosis.findings.map(({ rule, severity }) => [rule, severity]),
});

const named = async (source: ByteSource, name: string): Promise<ByteSource> =>
  memorySource(await source.read(0, source.size), name);

describe.each(['sdn-loss', 'article-3.1', 'overlay-skew'])('%s', (scenario) => {
  it('in files one after the other that no rotation names is, merged by hand, what the whole is', async () => {
    const whole = scenarioSources(scenario);
    const names = (source: string, place: number) =>
      place === 0 ? source : `zz-${'part-of-'.repeat(place)}${source}`;
    const cut: ByteSource[] = [];
    const stems: string[][] = [];
    for (const source of whole) {
      const { members } = await rotateCapture(source, names, [1 / 2]);
      cut.push(...members);
      if (members.length > 1) stems.push(members.map(({ name }) => name.replace(/\.pcap$/, '')));
    }
    expect(stems.length).toBeGreaterThan(0);
    const apart = await analyseSources(cut);
    expect(apart.analysis.points).toHaveLength(cut.length);
    const points = stems.flatMap((group) => mergePoints(apart, group).points);
    const corrections = { ...NO_CORRECTIONS, points };
    const one = await analyseSources(cut, undefined, corrections);
    expect(verdict(one)).toEqual(verdict(await analyseSources(whole)));
    const backwards = await analyseSources(cut.toReversed(), undefined, corrections);
    expect(verdict(backwards)).toEqual(verdict(one));
  });
});

describe('two captures of one interface at the same time', () => {
  async function analyseTwice(point: string, first: Spoiling, second: Spoiling) {
    const whole = scenarioSources('sdn-healthy');
    const twice = whole.find(({ name }) => name === `${point}.pcap`)!;
    const sources = [
      ...whole.filter((source) => source !== twice),
      await spoilCapture(twice, first),
      await named(await spoilCapture(twice, second), 'zz-again.pcap'),
    ];
    const apart = await analyseSources(sources);
    const corrections = mergePoints(apart, [point, 'zz-again']);
    return { whole: await analyseSources(whole), apart, sources, corrections };
  }

  it('are one point that saw what either saw, and no packet twice', async () => {
    const { whole, sources, corrections } = await analyseTwice(
      'node-tun0',
      { keeps: (frame) => frame < 300 || frame > 340 },
      { keeps: (frame) => frame % 50 !== 0 || (frame >= 300 && frame <= 340) },
    );
    const merged = await analyseSources(sources, undefined, corrections);
    expect(verdict(merged)).toEqual(verdict(whole));
    const window = merged.analysis.journeysOf(merged.analysis.connections.map((_, at) => at));
    const again = window.files.indexOf('zz-again.pcap');
    const { capture, branch, frame } = window.sightings;
    const rows = [...capture.keys()].filter((row) => capture[row] === again);
    // Each of its frames is told, by itself where the other file lacks it, else as the same frame once more.
    expect(new Set(rows.map((row) => frame[row])).size).toBeGreaterThan(2000);
    expect(rows.filter((row) => branch[row] === 0).length).toBeGreaterThan(30);
    expect(rows.filter((row) => branch[row] > 0).length).toBeGreaterThan(2000);
  });

  it.each(['cpe-eth0', 'node-tun0'])(
    'of %s, one begun late: nothing is lost before',
    async (point) => {
      const { whole, sources, corrections } = await analyseTwice(
        point,
        { keeps: (_, share) => share < 0.6 },
        { keeps: (_, share) => share > 0.4 },
      );
      const merged = await analyseSources(sources, undefined, corrections);
      expect(verdict(merged)).toEqual(verdict(whole));
    },
  );

  it('are two again when the correction is taken back, or names a capture that is not open', async () => {
    const { apart, sources, corrections } = await analyseTwice(
      'baw-eth0',
      {},
      { keeps: (frame) => frame > 10 },
    );
    const merged = await analyseSources(sources, undefined, corrections);
    expect(merged.analysis.points).toHaveLength(5);
    // At the receiver's own interface: seen twice, delivered once.
    expect(merged.diagnosis.findings).toEqual([]);
    const again = await analyseSources(sources, undefined, NO_CORRECTIONS);
    expect(verdict(again)).toEqual(verdict(apart));
    const [correction] = corrections.points;
    const elsewhere = { ...correction, intoCapture: '0123456789abcdef' };
    const waiting = { ...corrections, points: [elsewhere] };
    expect(verdict(await analyseSources(sources, undefined, waiting))).toEqual(verdict(apart));
  });
});
