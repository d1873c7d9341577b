// The line tcpdump would print for a packet, in levels of detail: the swimlane takes the longest that fits.

import { JOURNEY_BYTES, type JourneyWindow } from './journey-window';
import {
  formatProtocol,
  PROTOCOL_ARP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from './protocols';
import { formatTcpFlags, TCP_ACK } from './tcp-flags';

export interface LabelFields {
  readonly protocol: number;
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly window: number;
  readonly payloadLength: number;
  readonly timestampValue: number;
  readonly timestampEcho: number;
  readonly hasTimestamps: boolean;
  /** Of a datagram in fragments: the bytes of its payload that are meant. */
  readonly part?: readonly [number, number] | undefined;
}

/** The bytes of a datagram in fragments that a journey is about; undefined: it is no such part. */
export const partOf = (
  { journeys, protocols }: JourneyWindow,
  journey: number,
): readonly [number, number] | undefined =>
  journeys.flags[journey] & JOURNEY_BYTES &&
  protocols[journeys.connection[journey]] !== PROTOCOL_TCP
    ? [journeys.byteStart[journey], journeys.byteEnd[journey]]
    : undefined;

const ICMP_WORDS: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'unreachable',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
};
const ICMPV6_WORDS: Readonly<Record<number, string>> = {
  1: 'unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  143: 'MLDv2 report',
};

/** Labels from longest to shortest, at least one. */
export function packetLabels(packet: LabelFields): readonly string[] {
  // A later fragment has no header that could say more.
  if (packet.part !== undefined && packet.protocol !== PROTOCOL_TCP) {
    const name = formatProtocol(packet.protocol).toUpperCase();
    return [`${name} fragment, bytes ${packet.part[0]} to ${packet.part[1]}`, `${name} fragment`];
  }
  switch (packet.protocol) {
    case PROTOCOL_TCP:
      return tcpLabels(packet);
    case PROTOCOL_UDP: {
      const short = `UDP ${packet.payloadLength}`;
      return packet.sequence === 0
        ? [`UDP len ${packet.payloadLength}`, short]
        : [
            `DNS id 0x${packet.sequence.toString(16).padStart(4, '0')} len ${packet.payloadLength}`,
            short,
          ];
    }
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
      return icmpLabels(packet);
    case PROTOCOL_ARP: {
      const word =
        packet.flags === 1 ? 'who-has' : packet.flags === 2 ? 'is-at' : `op ${packet.flags}`;
      return [`ARP ${word}`, 'ARP'];
    }
    default:
      return [`proto ${packet.protocol} len ${packet.payloadLength}`, `proto ${packet.protocol}`];
  }
}

function tcpLabels(packet: LabelFields): readonly string[] {
  const flags = `[${formatTcpFlags(packet.flags)}]`;
  const sequence = `${flags} seq ${packet.sequence}`;
  const acknowledged =
    packet.flags & TCP_ACK ? `${sequence} ack ${packet.acknowledgement}` : sequence;
  const length = `${acknowledged} win ${packet.window} len ${packet.payloadLength}`;
  // What carries data is told by what it carries, what only acknowledges by how far.
  const shorter =
    packet.payloadLength > 0
      ? [`${sequence} len ${packet.payloadLength}`, `${flags} len ${packet.payloadLength}`]
      : packet.flags & TCP_ACK
        ? [`${flags} ack ${packet.acknowledgement}`]
        : [];
  const labels = [length, acknowledged, ...shorter, flags];
  return packet.hasTimestamps
    ? [`${length} TS ${packet.timestampValue},${packet.timestampEcho}`, ...labels]
    : labels;
}

function icmpLabels(packet: LabelFields): readonly string[] {
  const words = packet.protocol === PROTOCOL_ICMP ? ICMP_WORDS : ICMPV6_WORDS;
  const name = packet.protocol === PROTOCOL_ICMP ? 'ICMP' : 'ICMPv6';
  const type = packet.flags >>> 8;
  const word = words[type] ?? `type ${type}`;
  const echo =
    packet.sequence === 0 ? '' : ` id ${packet.sequence >>> 16} seq ${packet.sequence & 0xffff}`;
  return [`${name} ${word}${echo}`, `${name} ${word}`, name];
}
