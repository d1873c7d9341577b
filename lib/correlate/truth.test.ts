// Correlation against captures whose truth is known: recall and precision as their README scores them, and the losses that were put in.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { captureScenarios, scenarioSources } from '../testing/committed-captures';
import { scoreTruth, type Truth } from '../testing/score-truth';
import { asSllV1, spoilCapture } from '../testing/spoil-capture';

const truthUrl = (scenario: string): URL =>
  new URL(`../../e2e/captures/${scenario}/truth.json.gz`, import.meta.url);

const readTruth = (scenario: string): Truth =>
  JSON.parse(gunzipSync(readFileSync(truthUrl(scenario))).toString());

/** Scenarios whose truth is known; others are there for other tests. */
const SCENARIOS = captureScenarios().filter((scenario) => {
  try {
    return readTruth(scenario).pairs !== undefined;
  } catch {
    return false;
  }
});

const analyse = (scenario: string) => analyseSources(scenarioSources(scenario));

describe('captures with known truth', () => {
  it('finds the thirteen of them', () => {
    expect(SCENARIOS).toHaveLength(13);
  });

  it.each(SCENARIOS)('%s: every pair found, none invented', async (scenario) => {
    const { analysis } = await analyse(scenario);
    const score = scoreTruth(analysis, readTruth(scenario));
    expect(score.truePairs).toBeGreaterThan(20);
    expect(score.missed).toEqual([]);
    expect(score.wrong).toEqual([]);
    expect(score.recall).toBe(1);
    expect(score.precision).toBe(1);
  });

  it.each([
    'sdn-healthy',
    'sdn-asymmetric',
    'sdn-flood',
    'sdn-any',
    'bridge-healthy',
    'overlay-skew',
  ])('%s: no packet lost', async (scenario) => {
    const { analysis } = await analyse(scenario);
    expect(analysis.connections.flatMap((connection) => connection.losses)).toEqual([]);
    expect(analysis.connections.map((connection) => connection.lost)).not.toContain(1);
  });

  it('sdn-loss: as many as the drop rule counted, between the two passages of tun0 towards the server', async () => {
    const { analysis } = await analyse('sdn-loss');
    const tun0 = analysis.points.find((point) => point.name === 'node-tun0')?.id;
    const lossy = analysis.hops.filter((hop) => hop.lost > 0);
    expect(lossy.map(({ from, to, direction, lost }) => [from, to, direction, lost])).toEqual([
      [tun0, `${tun0}/2`, 'forward', 28],
    ]);
  });

  it('overlay-skew: the second node is 0.37 s behind and drifts by 120 ppm: at every moment of the file, within the bound given', async () => {
    const { analysis } = await analyse('overlay-skew');
    const { points, captures, clocks } = analysis;
    const hostOf = (name: string) => points.find((point) => point.name === name)?.host;
    const other = clocks.find((clock) => clock.host !== clock.reference);
    expect(other?.state).toBe('solved');
    // The file shifts node2, from its first frame on; which of the two hosts is the reference turns the sign.
    const sign = other?.host === hostOf('node2-ens3') ? 1 : -1;
    const spans = points
      .filter(({ host }) => host === hostOf('node2-ens3'))
      .map(({ capture }) => captures[capture].summary)
      .map(({ baseTime, firstTime, lastTime }) =>
        [firstTime, lastTime].map((time) => Number(BigInt(baseTime) + BigInt(time ?? 0)) / 1e9),
      );
    const [first, last] = [
      Math.min(...spans.map(([from]) => from)),
      Math.max(...spans.map(([, to]) => to)),
    ];
    expect(other?.segments).toHaveLength(1);
    const [{ epoch, offsetNs, driftPpm, errorNs }] = other!.segments;
    expect(Math.abs(driftPpm * sign - 120)).toBeLessThan(1);
    for (let part = 0; part <= 100; part += 1) {
      const since = ((last - first) * part) / 100;
      const estimate = offsetNs + driftPpm * 1e-6 * ((first + since) * 1e9 - Number(BigInt(epoch)));
      const off = Math.abs(estimate * sign - (-0.37e9 + since * 120e3));
      expect(off).toBeLessThan(100_000);
      expect(off).toBeLessThan(errorNs!);
    }
    expect(errorNs).toBeLessThan(100_000);
  });

  it.each([
    ['10 ms ahead', 10_000_000n],
    ['37 ms back', -37_000_000n],
    ['an hour ahead', 3_600_000_000_000n],
  ])('overlay-skew: the second node’s clock steps %s in the middle', async (_, ns) => {
    const plain = await analyse('overlay-skew');
    const { points, clocks, captures } = plain.analysis;
    const other = clocks.find((clock) => clock.host !== clock.reference)?.host;
    const files = new Set(
      points.flatMap((point) => (point.host === other ? [captures[point.capture].file] : [])),
    );
    const { firstTime, lastTime, baseTime } =
      captures[points.find(({ host }) => host === other)!.capture].summary;
    const from = BigInt(baseTime) + BigInt(Math.round((firstTime! + lastTime!) / 2));
    const sources = await Promise.all(
      scenarioSources('overlay-skew').map((source) =>
        files.has(source.name) ? spoilCapture(source, { step: { from, ns } }) : source,
      ),
    );
    const { analysis, diagnosis } = await analyseSources(sources);
    const score = scoreTruth(analysis, readTruth('overlay-skew'));
    expect(score.recall).toBeGreaterThanOrEqual(0.999);
    expect(score.precision).toBe(1);
    const stepped = analysis.clocks.find(({ segments }) => segments.length > 1);
    const [before, after] = [stepped!.segments[0], stepped!.segments.at(-1)!];
    // Between them is the moment of the step, known to the next packet; there the bound holds both.
    for (const { from, to, errorNs } of stepped!.segments.slice(1, -1)) {
      expect(Number(BigInt(to) - BigInt(from))).toBeLessThan(1e9 + Math.abs(Number(ns)) * 1.01);
      expect(errorNs).toBeGreaterThan(Math.abs(Number(ns)) * 0.9);
    }
    for (const { errorNs } of [before, after]) expect(errorNs).toBeLessThan(200_000);
    const jump =
      after.offsetNs -
      before.offsetNs -
      before.driftPpm * 1e-6 * Number(BigInt(after.epoch) - BigInt(before.epoch));
    // Drift over the time that the clock skipped is in it as well.
    const slack = 300_000 + Math.abs(Number(ns)) * 2e-4;
    expect(Math.abs(Math.abs(jump) - Math.abs(Number(ns)))).toBeLessThan(slack);
    expect(analysis.connections.filter(({ lost }) => lost > 0)).toEqual([]);
    expect(diagnosis.findings.map(({ rule }) => rule)).toContain('clock-fault');
    expect(diagnosis.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it('finds every pair when one host believes it is 1970, and prints the other times exactly', async () => {
    const sources = scenarioSources('sdn-nat-untranslated');
    const [baw, cpe] = sources;
    const early = await spoilCapture(baw, { clockNs: -1_750_000_000_000_000_000n });
    const { analysis } = await analyseSources([early, ...sources.slice(1)]);
    const score = scoreTruth(analysis, readTruth('sdn-nat-untranslated'));
    expect([score.recall, score.precision]).toEqual([1, 1]);
    const window = analysis.journeysOf(analysis.connections.map((_, index) => index));
    const file = window.files.indexOf(cpe.name);
    const times = [...window.sightings.capture].flatMap((capture, s) =>
      capture === file ? [window.sightings.time[s]] : [],
    );
    // The capture counts in microseconds.
    expect(times.every((time) => time % 1000 === 0)).toBe(true);
  });

  it('gives the same analysis whatever the order of the files', async () => {
    const sources = scenarioSources('sdn-nat-untranslated');
    const one = await analyseSources(sources);
    const other = await analyseSources([...sources].reverse());
    expect(JSON.stringify(other.analysis.connections)).toBe(
      JSON.stringify(one.analysis.connections),
    );
    expect(other.analysis.hops).toEqual(one.analysis.hops);
    expect(other.diagnosis).toEqual(one.diagnosis);
  });
});

describe('a cooked capture that names no interface (SLL v1)', () => {
  it('shows one packet at several interfaces: no loss, no false alarm', async () => {
    const sources = await Promise.all(
      scenarioSources('sdn-any').map((source) =>
        source.name === 'node-any.pcap' ? asSllV1(source) : source,
      ),
    );
    const { analysis, diagnosis } = await analyseSources(sources);
    const score = scoreTruth(analysis, readTruth('sdn-any'));
    expect(score.recall).toBeGreaterThan(0.999);
    expect(score.precision).toBe(1);
    expect(analysis.connections.flatMap(({ losses }) => losses)).toEqual([]);
    expect(diagnosis.findings).toEqual([]);
    // Forward along the way: no sighting before the one it follows.
    for (const { latencyNs } of analysis.hops) expect(latencyNs?.p50).toBeGreaterThan(-1000);
    const any = analysis.captures.find(({ file }) => file === 'node-any.pcap');
    expect(any?.summary.warnings.map(({ code }) => code)).toContain('interfaces-untold');
  });
});
