// Packets through a simulated network: each way stop by stop, cut and put together by offloads, lost, overtaken, doubled, copied; and the
// captures that see them. Keeps the truth of every packet.
import {
  ipFrame,
  join,
  parseAddress,
  payloadBytes,
  type TcpSpec,
  tcpFrame,
  u16,
  u32,
  udpFrame,
  vxlanFrame,
} from '../frame-builder';
import type { Dice } from '../seeded-random';
import type { Stop } from './places';
import type { WorldPlan } from './plan';

/** A packet at its finest cut, as it was sent. */
export interface Unit {
  readonly id: number;
  readonly sequence: number;
  readonly length: number;
  readonly ipId: number;
}

/** What really became of a unit. */
export interface UnitTruth {
  /** Positions on its way that a capture showed it at, with the frame's key. */
  readonly seen: { readonly position: number; readonly record: CapturedRecord }[];
  readonly way: readonly Stop[];
  /** Position behind which the network dropped it; null: it arrived. */
  dropped: number | null;
  /** It travelled twice from some hop on, or another is alike in every byte: which sighting is whose, nobody can tell. */
  doubled: boolean;
  readonly carriesBytes: boolean;
  readonly connection: number;
  readonly direction: 0 | 1;
  readonly length: number;
  readonly sequence: number;
  /** Behind a firewall that shifts it. */
  readonly shifted: number;
  readonly time: number;
  readonly label: string;
  /** What it carries that no hop changes. */
  readonly content: string;
}

export interface CapturedRecord {
  readonly point: number;
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly units: readonly number[];
  /** A copy off the way. */
  readonly copy: boolean;
  /** Packets that the file missed since the frame before. */
  readonly missed: number;
}

/** Builds the frame of some units, as one stop shows it. */
export type FrameOf = (stop: Stop, units: readonly Unit[]) => Uint8Array;

interface Train {
  readonly units: readonly Unit[];
  readonly time: number;
  readonly late: boolean;
}

/** Frames that arrive, with the time. */
export interface Arrival {
  readonly units: readonly Unit[];
  readonly time: number;
}

export class Network {
  readonly truths: UnitTruth[] = [];
  readonly records: CapturedRecord[] = [];
  /** A unit that is lost, whatever the chances, at a hop that the plan's `bulk` gives. */
  doomed = -1;
  /** By file: packets missed since its last frame. */
  private readonly missed = new Map<string, number>();
  /** Last passage of each stop, so that nothing overtakes but what is meant to. */
  private readonly busy = new Map<Stop, number>();

  constructor(
    readonly plan: WorldPlan,
    readonly dice: Dice,
  ) {}

  /** Connections are simulated one after the other: none waits for another's packets. */
  begin(): void {
    this.busy.clear();
  }

  unit(spec: Omit<UnitTruth, 'seen' | 'dropped' | 'doubled'>, ipId: number): Unit {
    const id = this.truths.push({ ...spec, seen: [], dropped: null, doubled: false }) - 1;
    return { id, sequence: spec.sequence, length: spec.length, ipId };
  }

  /**
   * Sends units as one frame, or as wire segments from the start; what arrives, in order of time. `fragments`: each is a frame all the way, and a
   * translator lets those of a datagram that is whole pass alone.
   */
  send(
    way: readonly Stop[],
    units: readonly Unit[],
    time: number,
    frameOf: FrameOf,
    fragments = false,
  ): Arrival[] {
    const { plan, dice } = this;
    const cut = (groups: readonly Train[]): Train[] =>
      groups.flatMap((group) =>
        group.units.map((unit, index) => ({
          ...group,
          units: [unit],
          time: group.time + index * 1200,
        })),
      );
    const isDoomed = (train: Train, position: number): boolean =>
      position === plan.bulk % (way.length - 1) && train.units.some(({ id }) => id === this.doomed);
    let trains: readonly Train[] = [{ units, time, late: false }];
    for (let position = 0; position < way.length; position += 1) {
      const stop = way[position];
      const before = way[position - 1];
      if (fragments) {
        if (before === undefined) trains = cut(trains);
        else if (before.stage !== stop.stage && trains.length < units.length) {
          for (const train of trains) this.truths[train.units[0].id].dropped = position - 1;
          return [];
        }
      } else if (stop.wire && (before === undefined || !before.wire)) trains = cut(trains);
      else if (!stop.wire && before?.wire) trains = this.merge(trains);
      const next: Train[] = [];
      for (const train of trains) {
        const passes = this.hold(stop, train);
        this.capture(stop, position, { ...train, time: passes }, frameOf);
        if (position + 1 === way.length) {
          next.push({ ...train, time: passes });
          continue;
        }
        if (dice.chance(plan.loss) || isDoomed(train, position)) {
          for (const { id } of train.units) this.truths[id].dropped = position;
          continue;
        }
        const delay = Math.max(way[position + 1].delay, 5000) + dice.wait(15_000);
        const late = dice.chance(plan.reorder);
        const arrives = passes + delay + (late ? dice.between(200_000, 3_000_000) : 0);
        next.push({ ...train, time: arrives, late });
        if (dice.chance(plan.duplicate)) {
          for (const { id } of train.units) this.truths[id].doubled = true;
          next.push({ ...train, time: arrives + dice.between(20_000, 200_000), late: true });
        }
      }
      trains = next.sort((a, b) => a.time - b.time);
    }
    return trains.map((train) => ({ units: train.units, time: train.time }));
  }

  /** When a train passes a stop: behind what passed before, unless it was held up. */
  private hold(stop: Stop, train: Train): number {
    const free = this.busy.get(stop) ?? 0;
    if (train.late) return train.time;
    const time = Math.max(train.time, free + 600);
    this.busy.set(stop, time);
    return time;
  }

  /** Neighbours in sequence that arrive one behind the other come up as one (GRO). */
  private merge(trains: readonly Train[]): Train[] {
    const merged: Train[] = [];
    for (const train of trains) {
      const last = merged[merged.length - 1];
      const tail = last?.units[last.units.length - 1];
      const follows =
        tail !== undefined &&
        tail.length > 0 &&
        train.units[0].length > 0 &&
        ((tail.sequence + tail.length) | 0) === (train.units[0].sequence | 0) &&
        last.units.length + train.units.length <= this.plan.gso;
      if (follows && this.dice.chance(0.8))
        merged[merged.length - 1] = {
          ...train,
          units: [...last.units, ...train.units],
          late: last.late || train.late,
        };
      else merged.push(train);
    }
    return merged;
  }

  private capture(stop: Stop, position: number, { units, time }: Train, frameOf: FrameOf): void {
    const bytes = frameOf(stop, units);
    const record = this.record(stop.point, time, bytes, units, false);
    if (record !== undefined)
      for (const { id } of units) this.truths[id].seen.push({ position, record });
    for (const point of stop.flooded)
      this.record(
        point,
        time + 3000 + point * 700,
        frameOf({ ...stop, point, ifindex: 2 + point }, units),
        units,
        true,
      );
  }

  private record(
    point: number,
    time: number,
    bytes: Uint8Array,
    units: readonly Unit[],
    copy: boolean,
  ): CapturedRecord | undefined {
    const { from, to, miss, file } = this.plan.points[point];
    if (time < from || time > to) return undefined;
    if (this.dice.chance(miss)) {
      this.missed.set(file, (this.missed.get(file) ?? 0) + 1);
      return undefined;
    }
    const missed = this.missed.get(file) ?? 0;
    this.missed.delete(file);
    const record = { point, time, bytes, units: units.map(({ id }) => id), copy, missed };
    this.records.push(record);
    return record;
  }
}

/** A TCP frame within what the stop's link puts around it. */
export const framed = (
  stop: Stop,
  plan: WorldPlan,
  spec: TcpSpec | null,
  inner?: Uint8Array,
): Uint8Array => {
  const ethernet = inner ?? tcpFrame(spec!);
  if (stop.tunnel === 'vxlan')
    return vxlanFrame({ ...OUTER, destination: '192.0.2.2:4789', vni: 7, inner: ethernet });
  if (stop.tunnel === 'geneve')
    return udpFrame({
      ...OUTER,
      destination: '192.0.2.2:6081',
      payload: join(u16(0), u16(0x6558), u32(7 << 8), ethernet),
    });
  if (stop.tunnel === 'gre') {
    const body = join(u16(0x2000), u16(0x6558), u32(7), ethernet);
    return ipFrame({}, parseAddress('192.0.2.1'), parseAddress('192.0.2.2'), 47, body);
  }
  const { link } = plan.points[stop.point];
  if (link === 'ethernet') return ethernet;
  const [etherType, sourceMac, packet] = [
    ethernet.subarray(12, 14),
    ethernet.subarray(6, 12),
    ethernet.subarray(14),
  ];
  // Cooked in place of Ethernet: no destination MAC.
  return link === 'sll'
    ? join(u16(0), u16(1), u16(6), sourceMac, u16(0), etherType, packet)
    : join(
        etherType,
        u16(0),
        u32(stop.ifindex),
        u16(1),
        Uint8Array.of(0, 6),
        sourceMac,
        u16(0),
        packet,
      );
};

const OUTER = { source: '192.0.2.1:49152' } as const;

/** Bytes of a stream, the same wherever and however often they are sent, and unlike those of others. */
export function streamBytes(stream: number, position: number, length: number): Uint8Array {
  if (length === 0) return payloadBytes(0);
  return Uint8Array.from({ length }, (_, index) => {
    const mixed = Math.imul((position + index) ^ Math.imul(stream + 1, 0x9e3779b1), 0x85ebca6b);
    return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> 24;
  });
}
