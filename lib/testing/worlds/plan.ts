// What a simulated world is like, drawn from a seed: its points, the ways through them, who translates, how much goes wrong.
import { Dice } from '../seeded-random';
import { drawExtras, type Extras } from './extras';
import { drawPlaces, type Kind, type Nat, NS, type Place, type Stop } from './places';

export interface PointPlan {
  readonly name: string;
  /** Index in `hosts`. */
  readonly host: number;
  /** Points of one file are interfaces of one cooked capture. */
  readonly file: string;
  /** Cooked: `-i any`, with interface numbers (SLL2) or without. */
  readonly link: 'ethernet' | 'sll' | 'sll2';
  readonly snaplen: number;
  /** Share of the packets that the capture misses. */
  readonly miss: number;
  /** The file is a pcapng that says how many packets it missed. */
  readonly countsDrops: boolean;
  /** True time, ns after the start, when the capture began and ended. */
  readonly from: number;
  readonly to: number;
}

export interface HostClock {
  readonly offset: number;
  readonly driftPpm: number;
  readonly step: { readonly at: number; readonly by: number } | null;
}

export interface WorldPlan {
  readonly seed: number;
  readonly kind: Kind;
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
  readonly ipVersion: 4 | 6;
  /** A firewall chooses sequence numbers anew: a constant for each connection and direction. */
  readonly shifts: boolean;
  /** Share of the connections that stay idle for a while, kept alive; that end by a reset; whose ports are used again. */
  readonly idle: number;
  readonly resets: number;
  readonly reuse: number;
  /** Segments of a great answer, of which the network drops one; 0: none. */
  readonly bulk: number;
  readonly extras: Extras;
}

/** Traffic runs for about this long. */
export const SPAN_NS = 4 * NS.s;
/** Farther than what captures of one clock may be apart, drift included. */
const NEAREST_CLOCKS_NS = 300_000;
const ENDLESS = 1e15;

/** `given`: what it has besides, not drawn. `harsh` worlds lose, reorder and double packets, and their captures miss some. */
export function drawPlan(seed: number, harsh: boolean, given?: Extras): WorldPlan {
  const dice = new Dice(seed * 2 + (harsh ? 1 : 0));
  const kind = dice.pick(['node', 'node', 'overlay', 'routed'] as const);
  const drawnNat =
    kind === 'routed' && dice.chance(0.15)
      ? 'nat64'
      : dice.pick(['none', 'dnat', 'snat', 'both', 'masquerade'] as const);
  const extras = given ?? drawExtras(seed, harsh, kind, drawnNat);
  // The node gives what returns to its sender an address of its own, or the reply would not pass it.
  const nat = extras.hairpin ? 'both' : drawnNat;
  const ipVersion = nat !== 'nat64' && dice.chance(0.2) ? 6 : 4;
  const bulk = !harsh && dice.chance(0.05) ? dice.between(1500, 3000) : 0;
  const offload = dice.chance(0.6);
  const several = dice.chance(0.3) && nat !== 'none' && nat !== 'snat';
  const places = drawPlaces(dice, kind, nat, several && !extras.hairpin ? 2 : 1, extras);
  const names = [...new Set(places.flatMap((way) => way.map(({ name }) => name)))];
  const flooding = kind === 'node' && dice.chance(0.25);
  const strangers = flooding && !extras.hairpin ? ['other-eth0', 'node-vetho'] : [];
  const any =
    kind === 'node' && !extras.hairpin && strangers.length === 0 && dice.chance(0.3)
      ? dice.pick(['sll', 'sll2'] as const)
      : null;
  const hostOf = new Map(places.flatMap((way) => way.map(({ name, host }) => [name, host])));
  // All headers, those of a tunnel over IPv6 and TCP's options included.
  const snaplen = dice.chance(0.3) ? 192 : 262_144;
  const countsDrops = harsh && dice.chance(0.3);
  const misses = harsh && dice.chance(0.5) ? dice.between(1, 20) / 1000 : 0;
  const second = extras.twoHomed ? ['client-eth1'] : [];
  const points = [...names, ...strangers, ...second].map((name): PointPlan => {
    const cooked = any !== null && name.startsWith('node-');
    return {
      name,
      host: hostOf.get(name) ?? 0,
      file: cooked ? 'node-any' : name,
      link: cooked ? any : 'ethernet',
      snaplen,
      miss: misses,
      countsDrops,
      from: harsh && dice.chance(0.1) ? dice.between(0, 0.2 * SPAN_NS) : 0,
      to: harsh && dice.chance(0.1) ? dice.between(0.7 * SPAN_NS, SPAN_NS) : ENDLESS,
    };
  });
  const bypass = kind === 'node' && dice.chance(0.4) && !extras.hairpin;
  const numbers = new Map(points.map(({ name }, index) => [name, index]));
  const flooded = strangers.map((name) => numbers.get(name)!);
  const macOf = (place: number): string => `0a:58:0a:01:00:${place.toString(16).padStart(2, '0')}`;
  // A host with two interfaces gets its answers at the other one.
  const atSecond = (stop: Stop): Stop =>
    points[stop.point].name === 'client-eth0'
      ? { ...stop, point: numbers.get('client-eth1')!, macs: [stop.macs[0], macOf(3)] }
      : stop;
  // A router's interfaces to the client's side and to the server's have MACs of their own; that of a node is one (tun0).
  const near = (router: number): number => 0x40 + router;
  const far = (router: number): number => (kind === 'node' ? 0x40 : 0x60) + router;
  const toStops = (way: readonly Place[], back: boolean): Stop[] => {
    const routed = way.some(({ looks }) => looks.some(({ routers }) => routers > 0));
    const total = Math.max(...way.flatMap(({ looks }) => looks.map(({ routers }) => routers)));
    const stops = way.flatMap((place) =>
      place.looks.map((look): Stop => {
        const ends = extras.hairpin ? [1, 1] : back ? [2, 1] : [1, 2];
        const before = back ? total - look.routers === 0 : look.routers === 0;
        const last = back ? look.routers === 0 : look.routers === total;
        const macs = [
          macOf(before ? ends[0] : back ? near(look.routers + 1) : far(look.routers)),
          macOf(!routed || last ? ends[1] : back ? far(look.routers) : near(look.routers + 1)),
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
    // A delay is the link's: on the way back it stands at its other end.
    const ordered = back
      ? [...stops].reverse().map((stop, index, turned) => ({
          ...stop,
          delay: stops[stops.length - index]?.delay ?? turned[0].delay,
        }))
      : stops;
    // Replies that are translated back inside the switch never touch the router's interface, nor lose a TTL there.
    const kept =
      back && bypass
        ? ordered
            .filter(({ point }) => points[point].name !== 'node-tun0')
            .map((stop) => ({ ...stop, routers: 0, macs: [macOf(2), macOf(1)] as const }))
        : ordered;
    const wakes = (stop: Stop, index: number): boolean =>
      flooded.length > 0 && index + 2 === kept.length && stop.stage === (back ? 0 : 1);
    const told = kept.map((stop, index) => (wakes(stop, index) ? { ...stop, flooded } : stop));
    return back && extras.twoHomed ? told.map(atSecond) : told;
  };
  const timestamps = dice.chance(0.8);
  const ipIds = dice.chance(0.85) && ipVersion === 4 && nat !== 'nat64';
  const remote = kind !== 'node';
  // Steps are seldom: of one clock, if any.
  const stepping = dice.chance(0.35) ? dice.between(1, 3) : 0;
  // Clocks nearer than a round trip can't be told from one.
  const drawOffset = (): number =>
    dice.pick([-1, 1]) *
      Math.round(NEAREST_CLOCKS_NS + (dice.between(0, 1e6) / 1e6) * 10 ** dice.between(4, 11)) +
    (dice.chance(0.1) ? dice.pick([-7200, 3600, 19_800]) * NS.s : 0);
  const offsets = [0];
  while (offsets.length < 3) {
    const offset = drawOffset();
    if (offsets.every((other) => Math.abs(other - offset) >= NEAREST_CLOCKS_NS))
      offsets.push(offset);
  }
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
              offset: offsets[host],
              driftPpm: dice.between(-100, 100),
              step: host === stepping ? drawStep(dice) : null,
            },
    ),
    ways: places.map((way) => ({ out: toStops(way, false), back: toStops(way, true) })),
    timestamps,
    sack: dice.chance(0.8) || bulk > 0,
    ipIds,
    gso: offload && bulk === 0 ? dice.between(2, 20) : 1,
    mss: dice.pick([536, 1388, 1448]),
    clamp: kind === 'routed' && dice.chance(0.4) ? 1360 : 0,
    loss: harsh ? dice.between(1, 40) / 1000 : 0,
    reorder: harsh && dice.chance(0.4) ? dice.between(1, 20) / 1000 : 0,
    duplicate: harsh && dice.chance(0.2) ? dice.between(1, 10) / 1000 : 0,
    rechunk: dice.chance(0.4) ? 0.5 : 0,
    connections: dice.between(4, 9),
    ipVersion,
    // Told by whole payloads, and by what no firewall shifts.
    shifts:
      kind !== 'overlay' &&
      !extras.hairpin &&
      nat !== 'nat64' &&
      !(kind === 'node' && nat === 'none') &&
      snaplen > 1500 &&
      points.every(({ from, to }) => from === 0 && to === ENDLESS) &&
      (timestamps || ipIds) &&
      dice.chance(0.15),
    idle: dice.chance(0.3) ? 0.5 : 0,
    resets: dice.chance(0.4) ? 0.4 : 0,
    reuse: dice.chance(0.2) ? 0.3 : 0,
    bulk,
    extras,
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
