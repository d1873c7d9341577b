// ICMP and ICMPv6 errors of a case: who says what to whom, and about which packet.
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { findQuoted, type Quoted } from './quote-facts';
import { THRESHOLDS } from './thresholds';

export type IcmpErrorKind = 'unreachable' | 'prohibited' | 'port' | 'too-big' | 'time-exceeded';

export interface IcmpError {
  readonly packet: PacketFact;
  readonly kind: IcmpErrorKind;
  readonly words: string;
  /** Addresses of the host that says it, and of the one it is said to. */
  readonly from: string;
  readonly to: string;
  /** What it is about: `elsewhere`: a packet that the captures do not show; null: too little is quoted to say. */
  readonly quoted: Quoted | 'elsewhere' | null;
}

/** One whose packet is known. */
export type ExactError = IcmpError & { readonly quoted: Quoted };

/** type × 256 + code (RFC 792, RFC 1122, RFC 1812; RFC 4443). */
const ERRORS: Readonly<Record<string, ReadonlyMap<number, readonly [IcmpErrorKind, string]>>> = {
  icmp: new Map([
    [0x300, ['unreachable', 'network unreachable']],
    [0x301, ['unreachable', 'host unreachable']],
    [0x302, ['port', 'protocol unreachable']],
    [0x303, ['port', 'port unreachable']],
    [0x304, ['too-big', 'fragmentation needed']],
    [0x309, ['prohibited', 'network administratively prohibited']],
    [0x30a, ['prohibited', 'host administratively prohibited']],
    [0x30d, ['prohibited', 'communication administratively prohibited']],
    [0xb00, ['time-exceeded', 'time to live exceeded']],
    [0xb01, ['time-exceeded', 'fragment reassembly time exceeded']],
  ]),
  icmpv6: new Map([
    [0x100, ['unreachable', 'no route to destination']],
    [0x101, ['prohibited', 'administratively prohibited']],
    [0x103, ['unreachable', 'address unreachable']],
    [0x104, ['port', 'port unreachable']],
    [0x105, ['prohibited', 'source address failed policy']],
    [0x106, ['prohibited', 'reject route']],
    [0x200, ['too-big', 'packet too big']],
    [0x300, ['time-exceeded', 'hop limit exceeded']],
    [0x301, ['time-exceeded', 'fragment reassembly time exceeded']],
  ]),
};

/** In the order of connections, and of time within one. */
export const findIcmpErrors = onFacts((facts): readonly IcmpError[] =>
  facts.connections
    .filter(({ protocol }) => protocol in ERRORS)
    .slice(0, THRESHOLDS.closeLook)
    .flatMap((connection) =>
      facts.packetsOf(connection).flatMap((packet): IcmpError[] => {
        const known = ERRORS[connection.protocol].get(packet.flags);
        if (known === undefined) return [];
        const [kind, words] = known;
        const from = firstSighting(packet).source;
        const to = lastSighting(packet).destination;
        return [{ packet, kind, words, from, to, quoted: findQuoted(facts, packet) }];
      }),
    ),
);

/** By id of the connection whose packet they quote; in order of time. An error that is translated on its way may stand here twice, once under each name of who says it. */
export const icmpErrorsAbout = onFacts((facts): ReadonlyMap<string, readonly ExactError[]> => {
  const about = new Map<string, ExactError[]>();
  for (const error of findIcmpErrors(facts)) {
    if (!isExact(error)) continue;
    const { id } = error.quoted.connection;
    const list = about.get(id);
    if (list === undefined) about.set(id, [error]);
    else list.push(error);
  }
  for (const errors of about.values()) errors.sort((a, b) => timeOf(a) - timeOf(b));
  return about;
});

const isExact = (error: IcmpError): error is ExactError =>
  error.quoted !== null && error.quoted !== 'elsewhere';

const timeOf = ({ packet }: IcmpError): number => firstSighting(packet).referenceTime;

/** Says that there is no way, no port or no leave: whoever sent the packet need not try again. */
export const refuses = ({ kind }: IcmpError): boolean =>
  kind === 'unreachable' || kind === 'prohibited' || kind === 'port';
