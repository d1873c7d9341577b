// Correlation against captures whose truth is known: recall and precision as their README scores them, and the losses that were put in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type AnalysedFiles, analyseSources } from '../engine/analyse';
import { memorySource } from '../read/byte-source';
import { scoreTruth, type Truth } from '../testing/score-truth';

const CAPTURES = join(import.meta.dirname, '../../e2e/captures');
const SCENARIOS = [
  'article-3.1',
  'article-3.2',
  'bridge-healthy',
  'bridge-untranslated',
  'overlay-skew',
  'sdn-any',
  'sdn-asymmetric',
  'sdn-dns',
  'sdn-flood',
  'sdn-healthy',
  'sdn-loss',
  'sdn-nat-untranslated',
  'sdn-tuple-collision',
];

const captureFiles = (scenario: string): string[] =>
  readdirSync(join(CAPTURES, scenario)).filter((name) => name.endsWith('.pcap.gz'));

async function analyse(scenario: string, files = captureFiles(scenario)): Promise<AnalysedFiles> {
  const sources = files.map((name) =>
    memorySource(gunzipSync(readFileSync(join(CAPTURES, scenario, name))), name.slice(0, -3)),
  );
  return analyseSources(sources);
}

function readTruth(scenario: string): Truth {
  const path = join(CAPTURES, scenario, 'truth.json.gz');
  return JSON.parse(gunzipSync(readFileSync(path)).toString());
}

describe('captures with known truth', () => {
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

  it('overlay-skew: the second node is 0.37 s behind and drifts by 120 ppm, within the bound given', async () => {
    const { analysis } = await analyse('overlay-skew');
    const hostOf = (name: string) => analysis.points.find((point) => point.name === name)?.host;
    const other = analysis.clocks.find((clock) => clock.host !== clock.reference);
    expect(other?.state).toBe('solved');
    // The file shifts node2; which of the two hosts is the reference turns the sign.
    const sign = other?.host === hostOf('node2-ens3') ? 1 : -1;
    const [segment] = other?.segments ?? [];
    expect(segment.driftPpm * sign).toBeCloseTo(120, -0.3);
    const start = Number(BigInt(segment.from) - BigInt(segment.epoch));
    const offsetAtStart = segment.offsetNs + segment.driftPpm * 1e-6 * start;
    expect(Math.abs(offsetAtStart * sign + 0.37e9)).toBeLessThan(100_000);
    expect(segment.errorNs).toBeGreaterThan(0);
    expect(segment.errorNs).toBeLessThan(100_000);
  });

  it('gives the same analysis whatever the order of the files', async () => {
    const files = captureFiles('sdn-nat-untranslated');
    const [one, other] = await Promise.all([
      analyse('sdn-nat-untranslated', files),
      analyse('sdn-nat-untranslated', [...files].reverse()),
    ]);
    expect(JSON.stringify(other.analysis.connections)).toBe(
      JSON.stringify(one.analysis.connections),
    );
    expect(other.analysis.hops).toEqual(one.analysis.hops);
    expect(other.diagnosis).toEqual(one.diagnosis);
  });
});
