// Correlation on simulated worlds (lib/testing/worlds): NAT, tunnels, floods, offloads, loss, reordering, clocks that disagree, captures that miss.
// A world that fails is named by its seed; `npm run soak -- --worlds 1 --seed N` draws it, and thousands of others.
import { expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { NO_EXTRAS } from '../testing/worlds/extras';
import { judgeWorld } from '../testing/worlds/judge';
import { drawPlan, type HostClock, type WorldPlan } from '../testing/worlds/plan';
import { buildWorld, runWorld, type World } from '../testing/worlds/world';

const HEALTHY = 10;
const HARSH = 16;

it('healthy worlds: every pair, every fate, every clock, nothing to report', async () => {
  for (let seed = 0; seed < HEALTHY; seed += 1) {
    const { score, fates, clockFaults, clockChecks, alarms } = await judgeWorld(
      buildWorld(seed, false),
    );
    expect({
      seed,
      missed: score.missed,
      wrong: score.wrong,
      fates: fates.examples,
      clockFaults,
      alarms,
    }).toEqual({ seed, missed: [], wrong: [], fates: [], clockFaults: [], alarms: [] });
    expect(clockChecks).toBeGreaterThan(50);
  }
}, 120_000);

/** Healthy worlds of a kind, found by their plans. */
const WORLDS_OF_A_KIND = 3;

it.each<[string, (plan: WorldPlan) => boolean]>([
  ['IPv6', ({ ipVersion }) => ipVersion === 6],
  ['NAT64', ({ nat }) => nat === 'nat64'],
  ['a firewall that shifts sequence numbers', ({ shifts }) => shifts],
  ['`-i any` without interface numbers', ({ points }) => points.some(({ link }) => link === 'sll')],
  ['a VLAN and its parent', ({ points }) => points.some(({ name }) => name === 'gw-trunk')],
  ['idle connections, kept alive', ({ idle }) => idle > 0],
  ['applications that close by resets', ({ resets }) => resets > 0],
  ['ports used again', ({ reuse }) => reuse > 0],
  ['a clock set back', ({ hosts, kind }) => kind === 'routed' && hosts.some(isSetBack)],
  ['one packet of thousands lost', ({ bulk }) => bulk > 0],
])(
  'healthy worlds with %s',
  async (_, isOfKind) => {
    let seed = 2000;
    for (let found = 0; found < WORLDS_OF_A_KIND; seed += 1) {
      if (!isOfKind(drawPlan(seed, false))) continue;
      found += 1;
      const { score, fates, clockFaults, alarms } = await judgeWorld(buildWorld(seed, false));
      expect({
        seed,
        recall: score.recall >= 0.995,
        precision: score.precision >= 0.999,
        fates: fates.false,
        clockFaults,
        alarms,
      }).toEqual({ seed, recall: true, precision: true, fates: 0, clockFaults: [], alarms: [] });
    }
  },
  120_000,
);

const isSetBack = ({ step }: HostClock): boolean => step !== null && step.by < 0;

it.each([
  ['ahead by an hour', 3600e9],
  ['ahead by 0.7 s', 0.7e9],
  ['back by 20 s', -20e9],
])(
  'a clock set %s while a packet is on its way within its host and to another',
  async (_, by) => {
    let worlds = 0;
    for (let seed = 3000; worlds < 4; seed += 1) {
      const plan = drawPlan(seed, false);
      if (plan.kind !== 'routed' || plan.points.length !== 4 || plan.bulk > 0) continue;
      const steady = plan.hosts.map((host) => ({ ...host, step: null }));
      // Between its two interfaces, or behind the second one.
      const inFlight = timeInFlight(runWorld({ ...plan, hosts: steady }, false), worlds % 2 === 0);
      worlds += 1;
      const hosts = steady.map((host, index) =>
        index === 1 ? { ...host, step: { at: inFlight, by } } : host,
      );
      const { score, fates, clockFaults, alarms } = await judgeWorld(
        runWorld({ ...plan, hosts }, false),
      );
      expect({ seed, missed: score.missed, false: fates.false, clockFaults, alarms }).toEqual({
        seed,
        missed: [],
        false: 0,
        clockFaults: [],
        alarms: [],
      });
    }
  },
  120_000,
);

/** When a packet in the middle of the world's time was on its way between the two interfaces of the gateway, or from there to the server. */
function timeInFlight({ plan, units }: World, within: boolean): number {
  const at = (name: string) => plan.points.findIndex((point) => point.name === name);
  const [from, to] = within ? [at('gw-in'), at('gw-out')] : [at('gw-out'), at('server-eth0')];
  const times = units.flatMap(({ seen, direction }) => {
    const [a, b] = [from, to].map((point) => seen.find(({ record }) => record.point === point));
    return direction === 0 && a !== undefined && b !== undefined
      ? [(a.record.time + b.record.time) / 2]
      : [];
  });
  return times.sort((a, b) => a - b)[times.length >> 1];
}

it.each<[number, boolean, string]>([
  [810_005, true, 'a clock set back on a link that is quiet then'],
  [820_038, false, 'a service whose backend is its own client, and QUIC'],
  [821_026, true, 'a hairpin, QUIC and fragments'],
  [821_030, false, 'a client with two interfaces, and a proxy on the gateway'],
  [821_128, true, 'a proxy whose one address is on two interfaces'],
  [820_001, true, 'single datagrams to closed ports, translated at both ends'],
  [821_038, false, 'a SYN proxy'],
  [821_010, false, 'a GRE tunnel'],
])(
  'world %i: %s',
  async (seed, harsh) => {
    const { score, fates, clockFaults, alarms } = await judgeWorld(buildWorld(seed, harsh));
    expect({
      recall: score.recall >= 0.995,
      precision: score.precision >= 0.999,
      clockFaults,
      alarms: harsh ? [] : alarms,
    }).toEqual({ recall: true, precision: true, clockFaults: [], alarms: [] });
    expect(fates.false / fates.told).toBeLessThan(0.003);
  },
  60_000,
);

it('a packet on its way when a clock may have stepped has the clocks’ bound, not its hop’s', async () => {
  const world = runWorld(drawPlan(150_019, true, NO_EXTRAS), true);
  const { clockFaults, bounds } = await judgeWorld(world);
  expect(clockFaults).toEqual([]);
  expect(bounds.leftOut).toBeGreaterThan(100);
}, 60_000);

it('harsh worlds: pairs still found, fates told as they were, and no clock beyond its bound', async () => {
  const sums = { decidable: 0, right: 0, told: 0, false: 0, lost: 0 };
  for (let seed = 0; seed < HARSH; seed += 1) {
    const { score, fates, clockFaults } = await judgeWorld(buildWorld(seed, true));
    expect({
      seed,
      recall: score.recall >= 0.995,
      precision: score.precision >= 0.999,
      clockFaults,
    }).toEqual({ seed, recall: true, precision: true, clockFaults: [] });
    for (const key of ['decidable', 'right', 'told', 'false', 'lost'] as const)
      sums[key] += fates[key];
  }
  expect(sums.lost).toBeGreaterThan(100);
  expect(sums.right / sums.decidable).toBeGreaterThan(0.99);
  expect(sums.false / sums.told).toBeLessThan(0.003);
}, 120_000);

it('keeps two hosts apart whose clocks agree within 0.4 ms', async () => {
  let worlds = 0;
  for (let seed = 1000; seed < 1040; seed += 1) {
    const plan = drawPlan(seed, false);
    const far = Math.min(...plan.ways.flatMap(({ out }) => out.map(({ delay }) => delay)));
    if (plan.kind !== 'overlay' || far > 300_000) continue;
    worlds += 1;
    const hosts = plan.hosts.map((host, index) => ({
      ...host,
      offset: index === 0 ? 0 : 900_000,
      driftPpm: 0,
      step: null,
    }));
    const { analysis } = await analyseSources(runWorld({ ...plan, hosts }, false).sources);
    const hostOf = (end: string) => analysis.points.find(({ name }) => name.startsWith(end))?.host;
    expect(hostOf('client'), `seed ${seed}`).not.toBe(hostOf('server'));
  }
  expect(worlds).toBeGreaterThan(5);
}, 120_000);
