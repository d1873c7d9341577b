// What some simulated worlds have besides: rarer ways, and rarer traffic. Drawn by dice of its own, so that what a seed drew before stays as it was.
import { Dice } from '../seeded-random';
import type { Kind, Nat } from './places';

export interface Extras {
  /** The service's backend is the client itself. */
  readonly hairpin: boolean;
  /** The client gets its answers at another interface than it asks from. */
  readonly twoHomed: boolean;
  /** The tunnel is a GRE one. */
  readonly gre: boolean;
  /** Connections of each kind. */
  readonly quic: number;
  readonly fragmented: number;
  /** Datagrams to a closed port, each answered by an ICMP error; whether the translator leaves the quotation as it is. */
  readonly refused: number;
  readonly quotesKept: boolean;
  /** Connections that end at a proxy, which opens another; that a SYN proxy opens. */
  readonly proxied: number;
  readonly synProxied: number;
}

export const NO_EXTRAS: Extras = {
  hairpin: false,
  twoHomed: false,
  gre: false,
  quic: 0,
  fragmented: 0,
  refused: 0,
  quotesKept: false,
  proxied: 0,
  synProxied: 0,
};

export function drawExtras(seed: number, harsh: boolean, kind: Kind, nat: Nat): Extras {
  const dice = new Dice((seed * 2 + (harsh ? 1 : 0)) ^ 0x0e87a5);
  if (dice.chance(0.5)) return NO_EXTRAS;
  const some = (share: number): number => (dice.chance(share) ? dice.between(1, 4) : 0);
  const routed = kind === 'routed' && nat !== 'nat64';
  const drawn = {
    hairpin: kind === 'node' && dice.chance(0.3),
    twoHomed: routed && dice.chance(0.2),
    gre: kind === 'overlay' && dice.chance(0.4),
    quic: some(0.4),
    fragmented: some(0.3),
    // A closed port is something to report.
    refused: some(harsh ? 0.4 : 0),
    quotesKept: dice.chance(0.3),
    proxied: some(routed ? 0.3 : 0),
    synProxied: some(routed ? 0.2 : 0),
  };
  return nat === 'nat64' ? { ...drawn, fragmented: 0, refused: 0 } : drawn;
}
