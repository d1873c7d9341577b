// Small worlds with known truth: seeded topologies with NAT, loss, capture misses, clocks that disagree, and stop-and-wait TCP over them.
// Captures are real pcap bytes, so that everything runs through the true pipeline. A world is its seed: the same seed, the same bytes.
import type { ByteSource } from '../read/byte-source';
import { memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from './capture-file';
import { tcpFrame } from './frame-builder';
import type { Truth } from './score-truth';

/** A place on the path: `look` 0 before the router (and NAT), 1 behind it. */
interface Station {
  readonly point: number;
  readonly look: 0 | 1;
}

export interface WorldPlan {
  readonly seed: number;
  readonly nat: 'none' | 'dnat' | 'dnat-and-port' | 'masquerade';
  /** Stations of the way to the server; the way back is the mirror, without the router's point where replies by-pass it. */
  readonly stations: readonly Station[];
  readonly points: readonly string[];
  readonly bypass: boolean;
  readonly timestamps: boolean;
  readonly ipIds: boolean;
  readonly loss: number;
  readonly captureMiss: number;
  /** ns, and ppm, of the clock of the points behind the router. */
  readonly clockOffset: number;
  readonly clockDrift: number;
  readonly snaplen: number;
}

/** A packet that was sent, as it really went. */
export interface SentPacket {
  /** `file#frame` of each sighting. */
  readonly sightings: readonly string[];
  /** Point names between which the network dropped it; null: it arrived. */
  readonly dropped: readonly [string, string] | null;
  /** Takes sequence space: what became of it can be told from acknowledgements. */
  readonly carriesBytes: boolean;
  /** Every capture on its way saw it, as far as it came. */
  readonly capturedFully: boolean;
}

export interface World {
  readonly plan: WorldPlan;
  readonly sources: readonly ByteSource[];
  readonly truth: Truth;
  readonly packets: readonly SentPacket[];
  /** ns that a point's clock is ahead when it shows `own` (ns since 1970), and the true time then. */
  clockAt(point: string, own: bigint): { readonly offset: number; readonly time: number };
  /** ns that a point's clock is ahead at a true time (ns after the start). */
  offsetAt(point: string, time: number): number;
}

/** mulberry32: small, seeded, good enough to shuffle a test. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CONNECTIONS = 6;
const START_NS = 1_700_000_000_000_000_000n;
const CLIENT = '10.1.0.10';
const SERVICE = '172.20.0.7';
const POD = '10.1.0.20';
const NODE = '10.9.0.1';

/** A plan drawn from a seed. `harsh` worlds lose packets in the network and in the captures. */
export function drawPlan(seed: number, harsh: boolean): WorldPlan {
  const random = seededRandom(seed * 2 + (harsh ? 1 : 0));
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
  const withTun = random() < 0.6;
  const withVeths = random() < 0.8;
  const names = [
    'client-eth0',
    ...(withVeths ? ['node-vethc'] : []),
    ...(withTun ? ['node-tun0'] : []),
    ...(withVeths ? ['node-veths'] : []),
    'server-eth0',
  ];
  const tun = names.indexOf('node-tun0');
  const half = withVeths ? 1 : 0;
  const stations = names.flatMap((_, point): Station[] =>
    point === tun
      ? [
          { point, look: 0 },
          { point, look: 1 },
        ]
      : [{ point, look: point <= half ? 0 : 1 }],
  );
  const remote = random() < 0.3;
  return {
    seed,
    nat: pick(['none', 'dnat', 'dnat-and-port', 'masquerade'] as const),
    stations,
    points: names,
    bypass: withTun && random() < 0.4,
    timestamps: random() < 0.8,
    ipIds: random() < 0.8,
    loss: harsh ? 0.02 + random() * 0.05 : 0,
    captureMiss: harsh && random() < 0.5 ? random() * 0.02 : 0,
    clockOffset: remote ? Math.round((random() - 0.5) * 4e9) : 0,
    clockDrift: remote ? (random() - 0.5) * 100 : 0,
    snaplen: random() < 0.3 ? 96 : 262_144,
  };
}

interface Segment {
  readonly flags: string;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payload: number;
}

interface Capturing {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly packet: number;
}

/** Runs the plan: six connections with requests, answers, retries and closes. */
export function simulateWorld(plan: WorldPlan): World {
  const random = seededRandom(plan.seed ^ 0x5eed);
  const captured: Capturing[][] = plan.points.map(() => []);
  const dropped: SentPacket['dropped'][] = [];
  const carries: boolean[] = [];
  const complete: boolean[] = [];
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));

  for (let c = 0; c < CONNECTIONS; c += 1) simulateConnection(c);
  return finish();

  function simulateConnection(c: number): void {
    const ports = { client: between(32_768, 60_000), translated: between(32_768, 60_000) };
    const ids = [between(1, 30_000), between(1, 30_000)];
    const sequence = [between(0, 2 ** 32), between(0, 2 ** 32)];
    const stamps = [between(0, 2 ** 31), between(0, 2 ** 31)];
    let now = c * 300_000_000 + between(0, 1e8);

    /** Sends one segment; the time it arrived, undefined when the network dropped it. */
    const send = (direction: 0 | 1, segment: Segment): number | undefined => {
      const packet = dropped.length;
      const way = direction === 0 ? plan.stations : wayBack();
      const id = plan.ipIds && segment.flags !== 'S.' ? ids[direction]++ & 0xffff : 0;
      const lostAfter = random() < plan.loss ? between(0, way.length - 1) : way.length;
      let time = now;
      let seenByAll = true;
      let end: SentPacket['dropped'] = null;
      for (let s = 0; s < way.length; s += 1) {
        if (s > lostAfter) {
          end = [plan.points[way[s - 1].point], plan.points[way[s].point]];
          break;
        }
        const frame = frameAt(direction, way[s], segment, id);
        if (random() < plan.captureMiss) seenByAll = false;
        else captured[way[s].point].push({ time: clockOf(way[s], time), bytes: frame, packet });
        time += between(20_000, 80_000);
      }
      dropped.push(end);
      carries.push(segment.payload > 0 || /[SF]/.test(segment.flags));
      complete.push(seenByAll);
      return end === null ? time : undefined;
    };

    const frameAt = (
      direction: 0 | 1,
      station: Station,
      segment: Segment,
      id: number,
    ): Uint8Array => {
      const behind = station.look === 1;
      const server = plan.nat === 'none' || behind ? `${POD}:8443` : `${SERVICE}:443`;
      const clientAddress = behind && plan.nat === 'masquerade' ? NODE : CLIENT;
      const clientPort =
        behind && (plan.nat === 'dnat-and-port' || plan.nat === 'masquerade')
          ? ports.translated
          : ports.client;
      const client = `${clientAddress}:${clientPort}`;
      const [source, destination] = direction === 0 ? [client, server] : [server, client];
      const routed = direction === 0 ? behind : !behind && !plan.bypass;
      const stamp = stamps[direction] + Math.floor(now / 1e6);
      return tcpFrame({
        source,
        destination,
        sourceMac: mac(direction === 0 ? (behind ? 3 : 1) : behind ? 2 : 3),
        destinationMac: mac(direction === 0 ? (behind ? 2 : 3) : behind ? 3 : 1),
        ttl: routed ? 63 : 64,
        ipId: id,
        flags: segment.flags,
        sequence: segment.sequence,
        acknowledgement: segment.acknowledgement,
        payload: segment.payload,
        ...(plan.timestamps
          ? {
              timestamps: [
                stamp >>> 0,
                segment.flags === 'S'
                  ? 0
                  : (stamps[direction ^ 1] + Math.floor((now - 1e6) / 1e6)) >>> 0,
              ] as const,
            }
          : {}),
        ...(segment.flags.includes('S') ? { mss: 1460, windowScale: 7 } : {}),
      });
    };

    /** Sends again after a doubling timer until it arrives and its acknowledgement does; false when given up. */
    const exchange = (
      direction: 0 | 1,
      segment: Segment,
      firstTimer: number,
      answer: Segment | null,
    ): boolean => {
      for (let attempt = 0, timer = firstTimer; attempt < 7; attempt += 1, timer *= 2) {
        const sent = now;
        const arrived = send(direction, segment);
        if (arrived !== undefined) {
          if (answer === null) {
            now = arrived;
            return true;
          }
          now = arrived + between(10_000, 200_000);
          const back = send(direction === 0 ? 1 : 0, answer);
          if (back !== undefined) {
            now = back + between(10_000, 200_000);
            return true;
          }
        }
        now = sent + timer;
      }
      return false;
    };

    const segment = (direction: 0 | 1, flags: string, payload = 0): Segment => ({
      flags,
      sequence: sequence[direction] >>> 0,
      acknowledgement: flags === 'S' ? 0 : sequence[direction ^ 1] >>> 0,
      payload,
    });
    /** One segment with bytes and its acknowledgement. */
    const deliver = (direction: 0 | 1, flags: string, payload: number): boolean => {
      const data = segment(direction, flags, payload);
      sequence[direction] = (sequence[direction] + payload + (flags.includes('F') ? 1 : 0)) >>> 0;
      return exchange(direction, data, 200_000_000, segment(direction === 0 ? 1 : 0, '.'));
    };

    const syn = segment(0, 'S');
    sequence[0] = (sequence[0] + 1) >>> 0;
    const synAck = segment(1, 'S.');
    if (!exchange(0, syn, 1e9, synAck)) return;
    sequence[1] = (sequence[1] + 1) >>> 0;
    exchange(0, segment(0, '.'), 200_000_000, null);
    for (let r = between(2, 8); r > 0; r -= 1) {
      if (!deliver(0, 'P.', between(1, 1400))) return;
      for (let a = between(1, 4); a > 0; a -= 1)
        if (!deliver(1, a === 1 ? 'P.' : '.', between(1, 1448))) return;
      now += between(1e6, 50e6);
    }
    if (deliver(0, 'F.', 0)) deliver(1, 'F.', 0);
  }

  function wayBack(): readonly Station[] {
    const mirrored = [...plan.stations].reverse();
    return plan.bypass
      ? mirrored.filter((station) => plan.points[station.point] !== 'node-tun0')
      : mirrored;
  }

  function clockOf({ point }: Station, time: number): number {
    return time + offsetAt(plan.points[point], time);
  }

  function offsetAt(point: string, time: number): number {
    const behind = plan.stations.findLast((station) => plan.points[station.point] === point);
    const remote = behind?.look === 1 && point !== 'node-tun0';
    return remote ? plan.clockOffset + time * plan.clockDrift * 1e-6 : 0;
  }

  function clockAt(point: string, own: bigint): { offset: number; time: number } {
    const shown = Number(own - START_NS);
    const time =
      (shown - offsetAt(point, 0)) / (1 + (offsetAt(point, 1e9) - offsetAt(point, 0)) / 1e9);
    return { offset: shown - time, time };
  }

  function finish(): World {
    const sightings: { file: string; frame: number; point: number }[][] = dropped.map(() => []);
    const frames: Record<string, number> = {};
    const sources = plan.points.map((name, point): ByteSource => {
      const file = `${name}.pcap`;
      const sorted = captured[point]
        .map((entry, index) => ({ ...entry, index }))
        .sort((a, b) => a.time - b.time || a.index - b.index);
      sorted.forEach(({ packet }, index) => {
        sightings[packet].push({ file, frame: index + 1, point });
      });
      frames[file] = sorted.length;
      const records = sorted.map(
        ({ time, bytes }): CapturedFrame => ({
          timeNs: START_NS + BigInt(Math.round(time)),
          bytes: bytes.subarray(0, plan.snaplen),
          wireLength: bytes.length,
        }),
      );
      return memorySource(pcapFile(records, { nanoseconds: true, snaplen: plan.snaplen }), file);
    });
    const pairs: Record<string, [number, number][]> = {};
    for (const seen of sightings)
      for (let a = 0; a < seen.length; a += 1)
        for (let b = a + 1; b < seen.length; b += 1) {
          const [first, second] =
            seen[a].point < seen[b].point ||
            (seen[a].point === seen[b].point && seen[a].frame < seen[b].frame)
              ? [seen[a], seen[b]]
              : [seen[b], seen[a]];
          const key = `${first.file}|${second.file}`;
          pairs[key] ??= [];
          pairs[key].push([first.frame, second.frame]);
        }
    return {
      plan,
      sources,
      truth: { frames, pairs },
      clockAt,
      offsetAt,
      packets: sightings.map((seen, packet) => ({
        sightings: seen.map(({ file, frame }) => `${file}#${frame}`),
        dropped: dropped[packet],
        carriesBytes: carries[packet],
        capturedFully: complete[packet],
      })),
    };
  }
}

const mac = (host: number): string => `0a:58:0a:01:00:0${host}`;
