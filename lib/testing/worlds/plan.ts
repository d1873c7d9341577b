// What a simulated world is like, drawn from a seed: its points, the ways through them, who translates, how much goes wrong.
import { Dice } from '../seeded-random';

/** A place on a way where a packet can be seen. */
export interface Stop {
  readonly point: number;
  /** Which of the flow's tuples it has here: 0 as the client knows it, 1 behind the translation. */
  readonly stage: 0 | 1;
  /** Routers passed so far. */
  readonly routers: number;
  readonly macs: readonly [source: string, destination: string];
  readonly tunnel: 'vxlan' | 'geneve' | null;
  /** Segments of wire size; else as the offloads of the hosts hand them on. */
  readonly wire: boolean;
  /** ns from the stop before, at least. */
  readonly delay: number;
  readonly ifindex: number;
  /** Points that get copies here, as a switch floods them. */
  readonly flooded: readonly number[];
}

export interface PointPlan {
  readonly name: string;
  /** Index in `hosts`. */
  readonly host: number;
  /** Points of one file are interfaces of one cooked capture. */
  readonly file: string;
  readonly link: 'ethernet' | 'sll2';
  readonly snaplen: number;
  /** Share of the packets that the capture misses. */
  readonly miss: number;
  /** True time, ns after the start, when the capture began and ended. */
  readonly from: number;
  readonly to: number;
}

export interface HostClock {
  readonly offset: number;
  readonly driftPpm: number;
  readonly step: { readonly at: number; readonly by: number } | null;
}

export type Nat = 'none' | 'dnat' | 'snat' | 'both' | 'masquerade';

export interface WorldPlan {
  readonly seed: number;
  readonly kind: 'node' | 'overlay' | 'routed';
  readonly nat: Nat;
  readonly points: readonly PointPlan[];
  readonly hosts: readonly HostClock[];
  /** Index of backend → ways there and back. */
  readonly ways: readonly { readonly out: readonly Stop[]; readonly back: readonly Stop[] }[];
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly ipIds: boolean;
  /** Most wire segments that a host hands down as one. */
  readonly gso: number;
  readonly mss: number;
  /** The gateway lowers the MSS of SYNs to this; 0: it does not. */
  readonly clamp: number;
  /** By hop and frame. */
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  readonly rechunk: number;
  readonly connections: number;
}

const NS = { us: 1e3, ms: 1e6, s: 1e9 };
/** Traffic runs for about this long. */
export const SPAN_NS = 4 * NS.s;

interface Place {
  readonly name: string;
  readonly host: number;
  readonly looks: readonly Omit<Stop, 'point' | 'macs' | 'flooded' | 'ifindex'>[];
}

/** `harsh` worlds lose, reorder and double packets, and their captures miss some. */
export function drawPlan(seed: number, harsh: boolean): WorldPlan {
  const dice = new Dice(seed * 2 + (harsh ? 1 : 0));
  const kind = dice.pick(['node', 'node', 'overlay', 'routed'] as const);
  const nat = dice.pick(['none', 'dnat', 'snat', 'both', 'masquerade'] as const);
  const offload = dice.chance(0.6);
  const backends = dice.chance(0.3) && nat !== 'none' && nat !== 'snat' ? 2 : 1;
  const places = drawPlaces(dice, kind, nat, backends);
  const names = [...new Set(places.flatMap((way) => way.map(({ name }) => name)))];
  const strangers = kind === 'node' && dice.chance(0.25) ? ['other-eth0', 'node-vetho'] : [];
  const any = kind === 'node' && dice.chance(0.2);
  const hostOf = new Map(places.flatMap((way) => way.map(({ name, host }) => [name, host])));
  const snaplen = dice.chance(0.3) ? 128 : 262_144;
  const misses = harsh && dice.chance(0.5) ? dice.between(1, 20) / 1000 : 0;
  const points = [...names, ...strangers].map((name): PointPlan => {
    const cooked = any && name.startsWith('node-');
    return {
      name,
      host: hostOf.get(name) ?? 0,
      file: cooked ? 'node-any' : name,
      link: cooked ? 'sll2' : 'ethernet',
      snaplen,
      miss: misses,
      from: harsh && dice.chance(0.1) ? dice.between(0, 0.2 * SPAN_NS) : 0,
      to: harsh && dice.chance(0.1) ? dice.between(0.7 * SPAN_NS, SPAN_NS) : 1e15,
    };
  });
  const bypass = kind === 'node' && dice.chance(0.4);
  const numbers = new Map(points.map(({ name }, index) => [name, index]));
  const flooded = strangers.map((name) => numbers.get(name)!);
  const macOf = (place: number): string => `0a:58:0a:01:00:${place.toString(16).padStart(2, '0')}`;
  const toStops = (way: readonly Place[], back: boolean): Stop[] => {
    const routed = way.some(({ looks }) => looks.some(({ routers }) => routers > 0));
    const total = Math.max(...way.flatMap(({ looks }) => looks.map(({ routers }) => routers)));
    const stops = way.flatMap((place) =>
      place.looks.map((look): Stop => {
        const ends = back ? [2, 1] : [1, 2];
        const before = back ? total - look.routers === 0 : look.routers === 0;
        const last = back ? look.routers === 0 : look.routers === total;
        const macs = [
          macOf(before ? ends[0] : 0x40 + (back ? look.routers + 1 : look.routers)),
          macOf(!routed || last ? ends[1] : 0x40 + (back ? look.routers : look.routers + 1)),
        ] as const;
        return {
          ...look,
          point: numbers.get(place.name)!,
          routers: back ? total - look.routers : look.routers,
          macs,
          ifindex: 2 + numbers.get(place.name)!,
          flooded: [],
        };
      }),
    );
    const ordered = back ? stops.reverse() : stops;
    // Replies that are translated back inside the switch never touch the router's interface, nor lose a TTL there.
    const kept =
      back && bypass
        ? ordered
            .filter(({ point }) => points[point].name !== 'node-tun0')
            .map((stop) => ({ ...stop, routers: 0, macs: [macOf(2), macOf(1)] as const }))
        : ordered;
    const wakes = (stop: Stop, index: number): boolean =>
      flooded.length > 0 && index + 2 === kept.length && stop.stage === (back ? 0 : 1);
    return kept.map((stop, index) => (wakes(stop, index) ? { ...stop, flooded } : stop));
  };
  const remote = kind !== 'node';
  // Steps are seldom: of one clock, if any.
  const stepping = dice.chance(0.35) ? dice.between(1, 3) : 0;
  return {
    seed,
    kind,
    nat,
    points,
    hosts: [0, 1, 2].map(
      (host): HostClock =>
        host === 0 || !remote
          ? { offset: 0, driftPpm: 0, step: null }
          : {
              // Clocks nearer than a round trip can't be told from one.
              offset:
                dice.pick([-1, 1]) *
                Math.round(300_000 + (dice.between(0, 1e6) / 1e6) * 10 ** dice.between(4, 11)),
              driftPpm: dice.between(-100, 100),
              step: host === stepping ? drawStep(dice) : null,
            },
    ),
    ways: places.map((way) => ({ out: toStops(way, false), back: toStops(way, true) })),
    timestamps: dice.chance(0.8),
    sack: dice.chance(0.8),
    ipIds: dice.chance(0.85),
    gso: offload ? dice.between(2, 20) : 1,
    mss: dice.pick([536, 1388, 1448]),
    clamp: kind === 'routed' && dice.chance(0.4) ? 1360 : 0,
    loss: harsh ? dice.between(1, 40) / 1000 : 0,
    reorder: harsh && dice.chance(0.4) ? dice.between(1, 20) / 1000 : 0,
    duplicate: harsh && dice.chance(0.2) ? dice.between(1, 10) / 1000 : 0,
    rechunk: dice.chance(0.4) ? 0.5 : 0,
    connections: dice.between(4, 9),
  };
}

/** A daemon that sets the clock, or an administrator, who may be wrong by a time zone. */
const drawStep = (dice: Dice): NonNullable<HostClock['step']> => ({
  at: dice.between(0.3 * SPAN_NS, 0.7 * SPAN_NS),
  by:
    dice.pick([-1, 1]) *
    (dice.chance(0.15)
      ? dice.pick([1800, 3600, 7200]) * NS.s
      : dice.between(3 * NS.ms, 900 * NS.ms)),
});

/** The places of each backend's way, client first. */
function drawPlaces(
  dice: Dice,
  kind: WorldPlan['kind'],
  nat: Nat,
  backends: number,
): readonly (readonly Place[])[] {
  const delay = (): number => dice.between(5, 40) * NS.us;
  const near = { tunnel: null, wire: false } as const;
  const at = (
    name: string,
    host: number,
    ...looks: readonly (readonly [stage: 0 | 1, routers: number])[]
  ): Place => ({
    name,
    host,
    looks: looks.map(([stage, routers]) => ({ ...near, stage, routers, delay: delay() })),
  });
  const suffix = (backend: number): string => (backend === 0 ? '' : String(backend + 1));
  switch (kind) {
    case 'node': {
      const routed = nat !== 'none' || dice.chance(0.5);
      const behind = routed ? 1 : 0;
      const veths = dice.chance(0.8);
      const tun = routed && dice.chance(0.7);
      return Array.from({ length: backends }, (_, backend) => [
        at('client-eth0', 0, [0, 0]),
        ...(veths ? [at('node-vethc', 0, [0, 0])] : []),
        ...(tun ? [at('node-tun0', 0, [0, 0], [1, 1])] : []),
        ...(veths ? [at(`node-veths${suffix(backend)}`, 0, [1, behind])] : []),
        at(`server${suffix(backend)}-eth0`, 0, [1, behind]),
      ]);
    }
    case 'overlay': {
      const tunnel = dice.pick(['vxlan', 'geneve'] as const);
      const far = dice.between(30, 400) * NS.us;
      const veths = dice.chance(0.7);
      return Array.from(
        { length: backends },
        (_, backend) =>
          [
            at('client-eth0', 0, [0, 0]),
            ...(veths ? [at('node1-vethc', 0, [0, 0])] : []),
            {
              ...at('node1-ens3', 0),
              looks: [{ ...near, tunnel, stage: 1, routers: 1, delay: delay() }],
            },
            {
              ...at('node2-ens3', 1),
              looks: [{ tunnel, wire: true, stage: 1, routers: 1, delay: far }],
            },
            ...(veths ? [at(`node2-veths${suffix(backend)}`, 1, [1, 2])] : []),
            at(`server${suffix(backend)}-eth0`, 1, [1, 2]),
          ] as const,
      );
    }
    case 'routed': {
      const far = (): number => dice.between(30, 3000) * NS.us;
      const wire = (place: Place, delayNs: number): Place => ({
        ...place,
        looks: place.looks.map((look, index) => ({
          ...look,
          wire: true,
          delay: index === 0 ? delayNs : look.delay,
        })),
      });
      const middle = dice.chance(0.7);
      return Array.from({ length: backends }, (_, backend) => [
        at('client-eth0', 0, [0, 0]),
        ...(middle
          ? [wire(at('gw-in', 1, [0, 0]), far()), wire(at('gw-out', 1, [1, 1]), 20 * NS.us)]
          : []),
        wire(at(`server${suffix(backend)}-eth0`, 2, [1, 1]), far()),
      ]);
    }
  }
}
