// Correlation on simulated worlds: NAT kinds, points missing, replies that by-pass a point, clocks that disagree, snapshot lengths, loss in the
// network and in the captures. A world that fails is named by its seed: `drawPlan(seed, harsh)`.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { FATES } from '../model/fate';
import { scoreTruth } from '../testing/score-truth';
import { drawPlan, type SentPacket, simulateWorld } from '../testing/simulate-world';

const WORLDS = 40;

async function judge(seed: number, harsh: boolean) {
  const world = simulateWorld(drawPlan(seed, harsh));
  const { analysis, diagnosis } = await analyseSources(world.sources);
  const score = scoreTruth(analysis, world.truth);
  const sent = new Map<string, SentPacket>();
  for (const packet of world.packets)
    for (const sighting of packet.sightings) sent.set(sighting, packet);
  const fates: { readonly told: string; readonly packet: SentPacket }[] = [];
  analysis.connections.forEach((_, index) => {
    const { journeys, journeyCount, sightings, files } = analysis.journeysOf([index]);
    for (let j = 0; j < journeyCount; j += 1) {
      const first = journeys.firstSighting[j];
      const packet = sent.get(`${files[sightings.capture[first]]}#${sightings.frame[first]}`);
      if (packet) fates.push({ told: FATES[journeys.fate[j]], packet });
    }
  });
  return { score, fates, diagnosis, clocks: analysis.clocks, plan: world.plan };
}

describe('simulated worlds', () => {
  it('healthy: every pair, every packet delivered, nothing to report', async () => {
    for (let seed = 0; seed < WORLDS; seed += 1) {
      const { score, fates, diagnosis } = await judge(seed, false);
      expect({ seed, recall: score.recall, precision: score.precision }).toEqual({
        seed,
        recall: 1,
        precision: 1,
      });
      expect({ seed, told: new Set(fates.map(({ told }) => told)) }).toEqual({
        seed,
        told: new Set(['delivered']),
      });
      const alarms = diagnosis.findings.filter((finding) => finding.severity !== 'note');
      expect({ seed, alarms }).toEqual({ seed, alarms: [] });
    }
  }, 60_000);

  it('lossy: pairs still found, and no fate told that is not so', async () => {
    let wrong = 0;
    let told = 0;
    let lost = 0;
    for (let seed = 0; seed < WORLDS; seed += 1) {
      const { score, fates } = await judge(seed, true);
      expect({ seed, good: score.recall >= 0.995 && score.precision >= 0.999 }).toEqual({
        seed,
        good: true,
      });
      for (const fate of fates) {
        if (fate.told === 'unknown') continue;
        told += 1;
        const arrived = fate.packet.dropped === null;
        if (!arrived) lost += 1;
        // Missed by a capture is a way of having arrived.
        if (arrived !== (fate.told !== 'lost')) wrong += 1;
      }
    }
    expect(lost).toBeGreaterThan(100);
    expect(wrong / told).toBeLessThan(0.002);
  }, 60_000);

  it('clocks: at every moment of a file the bound given holds the truth, for offsets and for latencies', async () => {
    let checked = 0;
    for (let seed = 0; seed < WORLDS; seed += 1) {
      const world = simulateWorld(drawPlan(seed, false));
      const { analysis } = await analyseSources(world.sources);
      const { points, clocks, captures } = analysis;
      for (const { host, reference, segments } of clocks) {
        const standing = points.findIndex((point) => point.host === reference);
        for (const point of points) {
          if (point.host !== host) continue;
          const { baseTime, firstTime, lastTime } = captures[point.capture].summary;
          for (let part = 0; part <= 20; part += 1) {
            const own =
              BigInt(baseTime) +
              BigInt(Math.round(firstTime! + ((lastTime! - firstTime!) * part) / 20));
            const segment = segments.find(
              ({ from, to }) => BigInt(from) <= own && own <= BigInt(to),
            );
            if (segment === undefined) continue;
            checked += host === reference ? 0 : 1;
            const { offsetNs, driftPpm, epoch, errorNs } = segment;
            const told = offsetNs + driftPpm * 1e-6 * Number(own - BigInt(epoch));
            const { offset, time } = world.clockAt(point.name, own);
            const truth = offset - world.offsetAt(points[standing].name, time);
            expect({ seed, holds: Math.abs(told - truth) <= (errorNs ?? Infinity) }).toEqual({
              seed,
              holds: true,
            });
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(100);
  }, 60_000);
});

it('keeps two hosts apart whose clocks agree within 0.4 ms', async () => {
  let worlds = 0;
  for (let seed = 1000; seed < 1100; seed += 1) {
    const plan = drawPlan(seed, false);
    if (plan.clockOffset === 0) continue;
    worlds += 1;
    const { sources } = simulateWorld({ ...plan, clockOffset: 400_000, clockDrift: 0 });
    const { analysis } = await analyseSources(sources);
    const hostOf = (end: string) => analysis.points.find(({ name }) => name.startsWith(end))?.host;
    expect(hostOf('client'), `seed ${seed}`).not.toBe(hostOf('server'));
  }
  expect(worlds).toBeGreaterThan(20);
});
