// A journey window as a list of packets with their sightings: what rules reason over. Built only for connections worth a closer look.
import type { Direction } from '../model/connection';
import { FATE_REASONS, FATES, type Fate, type FateReason } from '../model/fate';
import type { FrameReference } from '../model/finding';
import {
  acknowledgementAt,
  JOURNEY_AMBIGUOUS,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
  type SightingColumns,
  sequenceAt,
} from '../model/journey-window';
import { PROTOCOL_TCP } from '../model/protocols';
import { NO_STOP, type Stop } from '../model/stop';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../model/tcp-flags';

export interface SightingFact extends FrameReference {
  /** Index of the point. */
  readonly point: number;
  readonly passage: number;
  /** Time by the capture's own clock and by the reference clock, ns after the base. */
  readonly time: number;
  readonly referenceTime: number;
  readonly source: string;
  readonly destination: string;
  /** Empty where the link has no MACs. */
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly ttl: number;
  readonly ipId: number;
  /** Bits of lib/model/packet-status.ts. */
  readonly status: number;
  /** Payload of the whole frame. */
  readonly payloadLength: number;
  /** The frame carries more than this packet: it was cut, or put together, on the way. */
  readonly shared: boolean;
}

export type PacketKind = 'syn' | 'syn-ack' | 'reset' | 'fin' | 'other';

export interface PacketFact {
  /** Id of the connection the packet was counted to. */
  readonly connection: string;
  readonly direction: Direction;
  readonly kind: PacketKind;
  /** As the connection's first sighting counts: comparable though a proxy or firewall shifts them on the way. */
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly timestampValue: number;
  readonly timestampEcho: number;
  /** TCP flags; ICMP: type × 256 + code; ARP: operation. As first seen. */
  readonly flags: number;
  /** TCP window field as first seen, unscaled. */
  readonly window: number;
  readonly payloadLength: number;
  readonly payloadDigest: number;
  readonly fate: Fate;
  readonly reason: FateReason;
  readonly lostFrom: Stop | null;
  readonly lostTo: Stop | null;
  readonly retransmission: boolean;
  /** Joined in order with others that look the same, not by proof: its own times may be another's. */
  readonly ambiguous: boolean;
  /** Something on its way shifts the connection's sequence numbers: a SYN proxy, a firewall. */
  readonly shifted: boolean;
  /** On the way, in path order; at least one. */
  readonly way: readonly SightingFact[];
  /** Copies off the way. */
  readonly copies: readonly SightingFact[];
}

/** Packets of a window in order of time. */
export function buildPackets(window: JourneyWindow): readonly PacketFact[] {
  const { journeys, sightings, strings } = window;
  const packets: PacketFact[] = [];
  for (let journey = 0; journey < window.journeyCount; journey++) {
    const first = journeys.firstSighting[journey];
    const isTcp = window.protocols[journeys.connection[journey]] === PROTOCOL_TCP;
    const way: SightingFact[] = [];
    const copies: SightingFact[] = [];
    for (let row = first; row < first + journeys.sightingCount[journey]; row++)
      (sightings.branch[row] === 0 ? way : copies).push({
        file: window.files[sightings.capture[row]],
        frame: sightings.frame[row],
        point: sightings.point[row],
        passage: sightings.passage[row],
        time: sightings.time[row],
        referenceTime: sightings.referenceTime[row],
        source: strings[sightings.source[row]],
        destination: strings[sightings.destination[row]],
        sourceMac: strings[sightings.sourceMac[row]],
        destinationMac: strings[sightings.destinationMac[row]],
        ttl: sightings.ttl[row],
        ipId: sightings.ipId[row],
        status: sightings.status[row],
        payloadLength: sightings.payloadLength[row],
        shared: isTcp && sightings.byteStart[row] !== sightings.byteEnd[row],
      });
    if (way.length === 0) continue;
    packets.push({
      connection: window.connections[journeys.connection[journey]],
      direction: journeys.direction[journey] === 0 ? 'forward' : 'reverse',
      kind: isTcp ? kindOf(sightings.flags[first]) : 'other',
      sequence: isTcp
        ? sequenceAt(sightings, first)
        : numberOf(window, first, journeys.sightingCount[journey]),
      acknowledgement: isTcp
        ? acknowledgementAt(sightings, first)
        : sightings.acknowledgement[first],
      timestampValue: sightings.timestampValue[first],
      timestampEcho: sightings.timestampEcho[first],
      flags: sightings.flags[first],
      window: sightings.window[first],
      payloadLength: sightings.payloadLength[first],
      payloadDigest: sightings.payloadDigest[first],
      fate: FATES[journeys.fate[journey]],
      reason: FATE_REASONS[journeys.reason[journey]],
      lostFrom: stopOrNull(journeys.lostFrom[journey]),
      lostTo: stopOrNull(journeys.lostTo[journey]),
      ambiguous: (journeys.flags[journey] & JOURNEY_AMBIGUOUS) !== 0,
      retransmission: (journeys.flags[journey] & JOURNEY_RETRANSMISSION) !== 0,
      shifted: isShifted(sightings, first, journeys.sightingCount[journey]),
      way,
      copies: copies.filter((copy) => !way.some((one) => isTwin(one, copy))),
    });
  }
  return packets;
}

/** One frame of one point in two captures that were taken there at the same time: no copy that anything on the way has made. */
const isTwin = (one: SightingFact, other: SightingFact): boolean =>
  one.point === other.point &&
  one.file !== other.file &&
  one.ttl === other.ttl &&
  one.source === other.source &&
  one.destination === other.destination &&
  one.sourceMac === other.sourceMac &&
  one.destinationMac === other.destinationMac;

export const firstSighting = (packet: PacketFact): SightingFact => packet.way[0];
export const lastSighting = (packet: PacketFact): SightingFact => packet.way[packet.way.length - 1];

/** The tuple of a sighting as `source > destination`. */
export const tupleOf = (sighting: SightingFact): string =>
  `${sighting.source} > ${sighting.destination}`;

/** The DNS id or echo number of a packet: known only where the port or the protocol tells, which a translation may hide at some points. */
function numberOf({ sightings }: JourneyWindow, first: number, count: number): number {
  for (let row = first; row < first + count; row++)
    if (sightings.sequence[row] !== 0) return sightings.sequence[row];
  return 0;
}

function isShifted(
  { sequenceShift, acknowledgementShift }: SightingColumns,
  first: number,
  count: number,
): boolean {
  for (let row = first + 1; row < first + count; row++)
    if (
      sequenceShift[row] !== sequenceShift[first] ||
      acknowledgementShift[row] !== acknowledgementShift[first]
    )
      return true;
  return false;
}

const stopOrNull = (stop: Stop): Stop | null => (stop === NO_STOP ? null : stop);

function kindOf(flags: number): PacketKind {
  if (flags & TCP_RST) return 'reset';
  if (flags & TCP_SYN) return flags & TCP_ACK ? 'syn-ack' : 'syn';
  return flags & TCP_FIN ? 'fin' : 'other';
}
