// A simulated world with everything that is true of it: captures as real bytes, the sightings of each packet, what became of it, the clocks.
import type { ByteSource } from '../../read/byte-source';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile, pcapngFile } from '../capture-file';
import type { Truth } from '../score-truth';
import { Dice } from '../seeded-random';
import { lookUp, ping } from './datagrams';
import { runExtras } from './more-traffic';
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
  /** What a host's clock shows (ns since 1970) at a true time, ns after the start. */
  shownAt(host: number, time: number): bigint;
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
    const drawn = dice.pick(['tcp', 'tcp', 'tcp', 'tcp', 'dns', 'ping']);
    // The types of ICMP and ICMPv6 differ, and a world needs traffic to learn its ways from.
    const kind = (drawn === 'ping' && plan.nat === 'nat64') || connection === 0 ? 'tcp' : drawn;
    net.begin();
    const flow = drawFlow(net, connection, kind);
    if (kind === 'dns') lookUp(net, flow, start);
    else if (kind === 'ping') ping(net, flow, start);
    else {
      const talk = new TcpTalk(net, flow, start);
      talk.run(connection === 0 ? plan.bulk : 0);
      if (dice.chance(plan.reuse))
        new TcpTalk(net, flow, talk.now + dice.between(1, 3) * 1e9).run();
    }
    markAlike(net.truths.filter((unit) => unit.connection === connection));
  }
  runExtras(net, (connection, kind) => drawFlow(net, connection, kind));
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
  const { nat, ipVersion } = plan;
  const backend = dice.between(0, plan.ways.length);
  const port = kind === 'dns' ? 53 : 8443;
  const clientPort = 32_768 + connection * 97 + dice.between(0, 97);
  const dnat = nat === 'dnat' || nat === 'both' || nat === 'masquerade';
  const snat = nat === 'snat' || nat === 'both' || nat === 'masquerade';
  const at = (version: 4 | 6, network: number, host: number): string =>
    version === 6 ? `[fd00:${network}::${host}]` : `10.${network}.0.${host}`;
  const client = `${nat === 'nat64' ? at(6, 1, 10) : at(ipVersion, 1, 10)}:${clientPort}`;
  const translatedPort =
    nat === 'masquerade' || nat === 'nat64' ? 1024 + dice.between(0, 60_000) : clientPort;
  const outside = snat || nat === 'nat64' ? `${at(ipVersion, 9, 1)}:${translatedPort}` : client;
  const servicePort = kind === 'dns' ? 53 : 443;
  const shifts = plan.shifts ? [dice.between(1, 2 ** 31), dice.between(1, 2 ** 31)] : [0, 0];
  const to = (server: number): Flow => {
    const pod = `${at(ipVersion, 1, plan.extras.hairpin ? 10 : 20 + server)}:${port}`;
    const named =
      nat === 'nat64'
        ? `[64:ff9b::a01:${(20 + server).toString(16)}]:${port}`
        : dnat
          ? `${at(ipVersion, 172, 7)}:${servicePort}`
          : pod;
    return {
      connection,
      ends: [
        [client, named],
        [outside, pod],
      ],
      ways: [plan.ways[server].out, plan.ways[server].back],
      shifts: [shifts[0], shifts[1]],
    };
  };
  // A service may hand the retry of a SYN to another backend.
  const other = dnat && plan.ways.length > 1 ? to((backend + 1) % plan.ways.length) : undefined;
  return { ...to(backend), ...(other === undefined ? {} : { retry: other }) };
}

function writeCaptures({ plan, records, truths }: Network): Omit<World, 'plan' | 'harsh'> {
  const offsetAt = (host: number, time: number): number => {
    const { offset, driftPpm, step } = plan.hosts[host];
    return offset + time * driftPpm * 1e-6 + (step !== null && time >= step.at ? step.by : 0);
  };
  const shownAt = (host: number, time: number): bigint =>
    START_NS + BigInt(Math.round(time + offsetAt(host, time)));
  const keyOf = new Map<CapturedRecord, { file: string; frame: number }>();
  const frames: Record<string, number> = {};
  const files = [...new Set(plan.points.map(({ file }) => file))];
  const sources = files.map((name): ByteSource => {
    const point = plan.points.find((one) => one.file === name)!;
    const file = `${name}.${point.countsDrops ? 'pcapng' : 'pcap'}`;
    const own = records
      .map((record, index) => ({ record, index }))
      .filter(({ record }) => plan.points[record.point].file === name)
      .sort((a, b) => a.record.time - b.record.time || a.index - b.index);
    for (const [index, { record }] of own.entries()) keyOf.set(record, { file, frame: index + 1 });
    frames[file] = own.length;
    const captured = own.map(
      ({ record }): CapturedFrame => ({
        timeNs: shownAt(point.host, record.time),
        bytes: record.bytes.subarray(0, point.snaplen),
        wireLength: record.bytes.length,
      }),
    );
    const linkType = LINK_TYPES[point.link];
    const bytes = point.countsDrops
      ? countingFile(
          captured,
          own.map(({ record }) => record.missed),
          linkType,
          point.snaplen,
        )
      : pcapFile(captured, { nanoseconds: true, snaplen: point.snaplen, linkType });
    return memorySource(bytes, file);
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
    shownAt,
  };
}

const LINK_TYPES = { ethernet: 1, sll: 113, sll2: 276 } as const;

/** A pcapng that says of each frame how many were missed before it. */
const countingFile = (
  frames: readonly CapturedFrame[],
  missed: readonly number[],
  linkType: number,
  snaplen: number,
): Uint8Array<ArrayBuffer> =>
  pcapngFile([
    {
      blocks: [
        { kind: 'interface', spec: { linkType, snaplen, resolution: 9 } },
        ...frames.map(({ timeNs, bytes, wireLength }, index) => ({
          kind: 'enhanced' as const,
          ticks: timeNs,
          bytes,
          ...(wireLength === undefined ? {} : { wireLength }),
          ...(missed[index] > 0 ? { drops: missed[index] } : {}),
        })),
      ],
    },
  ]);

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
