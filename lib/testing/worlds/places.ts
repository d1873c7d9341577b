// The places of a simulated world: pods and veths of a node, a tunnel between two, a gateway between two networks.
import type { Dice } from '../seeded-random';

export const NS = { us: 1e3, ms: 1e6, s: 1e9 };

/** A place on a way where a packet can be seen. */
export interface Stop {
  readonly point: number;
  /** Which of the flow's tuples it has here: 0 as the client knows it, 1 behind the translation. */
  readonly stage: 0 | 1;
  /** Routers passed so far. */
  readonly routers: number;
  readonly macs: readonly [source: string, destination: string];
  readonly tunnel: Tunnel | null;
  /** The VLAN whose tag it bears here; 0: none. */
  readonly vlan: number;
  /** Segments of wire size; else as the offloads of the hosts hand them on. */
  readonly wire: boolean;
  /** ns from the stop before, at least. */
  readonly delay: number;
  readonly ifindex: number;
  /** Points that get copies here, as a switch floods them. */
  readonly flooded: readonly number[];
}

export type Tunnel = 'vxlan' | 'geneve' | 'gre';

export type Kind = 'node' | 'overlay' | 'routed';

export type Nat = 'none' | 'dnat' | 'snat' | 'both' | 'masquerade' | 'nat64';

export interface Place {
  readonly name: string;
  readonly host: number;
  readonly looks: readonly Omit<Stop, 'point' | 'macs' | 'flooded' | 'ifindex'>[];
}

/** The places of each backend's way, client first. */
export function drawPlaces(
  dice: Dice,
  kind: Kind,
  nat: Nat,
  backends: number,
  extras: { readonly gre: boolean; readonly hairpin: boolean },
): readonly (readonly Place[])[] {
  const delay = (): number => dice.between(5, 40) * NS.us;
  const near = { tunnel: null, vlan: 0, wire: false } as const;
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
      if (extras.hairpin) {
        // The service's only backend is the client itself: out to the router, and back over the same interfaces.
        const ends = [at('client-eth0', 0, [0, 0]), at('node-vethc', 0, [0, 0])];
        const home = [at('node-vethc', 0, [1, 1]), at('client-eth0', 0, [1, 1])];
        return [[...ends, at('node-tun0', 0, [0, 0], [1, 1]), ...home]];
      }
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
      const drawn = dice.pick(['vxlan', 'geneve'] as const);
      const tunnel = extras.gre ? 'gre' : drawn;
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
              looks: [{ ...near, tunnel, wire: true, stage: 1, routers: 1, delay: far }],
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
      // The parent of a VLAN interface shows the same frames with their tag.
      const tagged = (place: Place): Place => ({
        ...place,
        looks: place.looks.map((look) => ({ ...look, vlan: 7 })),
      });
      const middle = nat === 'nat64' || dice.chance(0.7);
      const trunk = middle && dice.chance(0.25);
      return Array.from({ length: backends }, (_, backend) => [
        at('client-eth0', 0, [0, 0]),
        ...(trunk ? [tagged(wire(at('gw-trunk', 1, [0, 0]), far()))] : []),
        ...(middle
          ? [
              wire(at('gw-in', 1, [0, 0]), trunk ? 2 * NS.us : far()),
              wire(at('gw-out', 1, [1, 1]), 20 * NS.us),
            ]
          : []),
        wire(at(`server${suffix(backend)}-eth0`, 2, [1, 1]), far()),
      ]);
    }
  }
}
