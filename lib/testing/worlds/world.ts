// A simulated world with everything that is true of it: captures as real bytes, the sightings of each packet, what became of it, the clocks.
import type { ByteSource } from '../../read/byte-source';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile } from '../capture-file';
import type { Truth } from '../score-truth';
import { Dice } from '../seeded-random';
import { lookUp, ping } from './datagrams';
import { type CapturedRecord, Network, type UnitTruth } from './network';
import { drawPlan, SPAN_NS, type WorldPlan } from './plan';
import { type Flow, TcpTalk } from './tcp-talk';

export interface World {
  readonly plan: WorldPlan;
  readonly harsh: boolean;
  readonly sources: readonly ByteSource[];
  readonly truth: Truth;
  readonly units: readonly UnitTruth[];
  /** `file#frame` → the units it carries, copies off the way left out. */
  readonly unitsOfFrame: ReadonlyMap<string, readonly number[]>;
  readonly keyOf: ReadonlyMap<CapturedRecord, { readonly file: string; readonly frame: number }>;
  /** True times (ns after the start) at which a host's clock shows `own` (ns since 1970): two where it stepped back over it, none where it stepped ahead over it. */
  timesAt(host: number, own: bigint): readonly number[];
  /** ns that a host's clock is ahead at a true time. */
  offsetAt(host: number, time: number): number;
}

const START_NS = 1_700_000_000_000_000_000n;

export const buildWorld = (seed: number, harsh: boolean): World =>
  runWorld(drawPlan(seed, harsh), harsh);

export function runWorld(plan: WorldPlan, harsh: boolean): World {
  const net = new Network(plan, new Dice(plan.seed ^ 0x5eed));
  runTraffic(net);
  return { ...writeCaptures(net), plan, harsh };
}

function runTraffic(net: Network): void {
  const { plan, dice } = net;
  for (let connection = 0; connection < plan.connections; connection += 1) {
    const start = dice.between(0, SPAN_NS * 0.6);
    const kind = dice.pick(['tcp', 'tcp', 'tcp', 'tcp', 'dns', 'ping']);
    net.begin();
    const flow = drawFlow(net, connection, kind);
    if (kind === 'dns') lookUp(net, flow, start);
    else if (kind === 'ping') ping(net, flow, start);
    else new TcpTalk(net, flow, start).run();
    markAlike(net.truths.filter((unit) => unit.connection === connection));
  }
}

/** Near enough in time that one could be taken for the other. */
const ALIKE_NS = 5e9;

function markAlike(units: readonly UnitTruth[]): void {
  const byContent = new Map<string, UnitTruth>();
  for (const unit of units) {
    const before = byContent.get(unit.content);
    if (before !== undefined && unit.time - before.time < ALIKE_NS)
      before.doubled = unit.doubled = true;
    byContent.set(unit.content, unit);
  }
}

function drawFlow({ plan, dice }: Network, connection: number, kind: string): Flow {
  const backend = dice.between(0, plan.ways.length);
  const port = kind === 'dns' ? 53 : 8443;
  const clientPort = 32_768 + connection * 97 + dice.between(0, 97);
  const dnat = plan.nat === 'dnat' || plan.nat === 'both' || plan.nat === 'masquerade';
  const snat = plan.nat === 'snat' || plan.nat === 'both' || plan.nat === 'masquerade';
  const pod = `10.1.0.${20 + backend}:${port}`;
  const client = `10.1.0.10:${clientPort}`;
  const translatedPort = plan.nat === 'masquerade' ? 1024 + dice.between(0, 60_000) : clientPort;
  return {
    connection,
    ends: [
      [client, dnat ? `172.20.0.7:${kind === 'dns' ? 53 : 443}` : pod],
      [snat ? `10.9.0.1:${translatedPort}` : client, pod],
    ],
    ways: [plan.ways[backend].out, plan.ways[backend].back],
  };
}

function writeCaptures({ plan, records, truths }: Network): Omit<World, 'plan' | 'harsh'> {
  const offsetAt = (host: number, time: number): number => {
    const { offset, driftPpm, step } = plan.hosts[host];
    return offset + time * driftPpm * 1e-6 + (step !== null && time >= step.at ? step.by : 0);
  };
  const keyOf = new Map<CapturedRecord, { file: string; frame: number }>();
  const frames: Record<string, number> = {};
  const files = [...new Set(plan.points.map(({ file }) => file))];
  const sources = files.map((name): ByteSource => {
    const file = `${name}.pcap`;
    const own = records
      .map((record, index) => ({ record, index }))
      .filter(({ record }) => plan.points[record.point].file === name)
      .sort((a, b) => a.record.time - b.record.time || a.index - b.index);
    const point = plan.points.find((one) => one.file === name)!;
    for (const [index, { record }] of own.entries()) keyOf.set(record, { file, frame: index + 1 });
    frames[file] = own.length;
    const captured = own.map(
      ({ record }): CapturedFrame => ({
        timeNs: START_NS + BigInt(Math.round(record.time + offsetAt(point.host, record.time))),
        bytes: record.bytes.subarray(0, point.snaplen),
        wireLength: record.bytes.length,
      }),
    );
    const linkType = point.link === 'sll2' ? 276 : 1;
    return memorySource(
      pcapFile(captured, { nanoseconds: true, snaplen: point.snaplen, linkType }),
      file,
    );
  });
  const unitsOfFrame = new Map<string, readonly number[]>();
  for (const record of records) {
    const { file, frame } = keyOf.get(record)!;
    if (!record.copy) unitsOfFrame.set(`${file}#${frame}`, record.units);
  }
  return {
    sources,
    truth: { frames, pairs: findPairs(truths, keyOf) },
    units: truths,
    unitsOfFrame,
    keyOf,
    offsetAt,
    timesAt(host, own) {
      const shown = Number(own - START_NS);
      const { driftPpm, step, offset } = plan.hosts[host];
      const before = (shown - offset) / (1 + driftPpm * 1e-6);
      if (step === null) return [before];
      const behind = (shown - offset - step.by) / (1 + driftPpm * 1e-6);
      return [...(before < step.at ? [before] : []), ...(behind >= step.at ? [behind] : [])];
    },
  };
}

/** Every two sightings of a packet; those that travelled twice are left out: whose sighting is whose, nobody can tell. */
function findPairs(
  units: readonly UnitTruth[],
  keyOf: ReadonlyMap<CapturedRecord, { readonly file: string; readonly frame: number }>,
): Truth['pairs'] {
  const pairs = new Map<string, Map<string, [number, number]>>();
  for (const { seen, doubled } of units) {
    if (doubled) continue;
    for (const { record: a } of seen)
      for (const { record: b } of seen) {
        if (a === b || a.point > b.point) continue;
        const [x, y] = [keyOf.get(a)!, keyOf.get(b)!];
        if (x.file === y.file && x.frame > y.frame) continue;
        const key = `${x.file}|${y.file}`;
        const of = pairs.get(key) ?? new Map<string, [number, number]>();
        pairs.set(key, of);
        of.set(`${x.frame} ${y.frame}`, [x.frame, y.frame]);
      }
  }
  return Object.fromEntries([...pairs].map(([key, of]) => [key, [...of.values()]]));
}
