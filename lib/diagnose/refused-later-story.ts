// The story of what ICMP refuses without a handshake to fail: an open connection that is cut off, datagrams that nobody takes.
import { counted } from '../base/counted';
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import { weigh } from './confidence';
import type { CaseFacts } from './facts';
import type { ExactError } from './icmp-facts';
import { firstSighting, lastSighting } from './packet-facts';
import { remediesOf } from './refusal-remedies';
import type { RefusedLater } from './refused-later-facts';
import {
  duration,
  emptyParts,
  findingId,
  pointNames,
  sightingsOf,
  step,
  tupleOfPacket,
  utc,
} from './story';
import { THRESHOLDS } from './thresholds';

const ID = 'refused-connection';

/** `group`: of one server and one host that refuses, at least one. */
export function tellRefusedLater(facts: CaseFacts, group: readonly RefusedLater[]): Finding {
  const [{ connection, packet, errors, after, waitNs }, ...others] = group;
  const [error] = errors;
  const isOpen = connection.protocol === 'tcp';
  const first = firstSighting(packet);
  const target = lastSighting(packet);
  const names = new Set(group.map((one) => one.connection.server));
  const servers =
    names.size === 1
      ? connection.server
      : `${parseEndpoint(connection.server).address} (${names.size} ports)`;
  const what = isOpen ? 'The connection was open' : 'Datagrams';
  const carried = packet.payloadLength > 0 ? counted(packet.payloadLength, 'byte') : `no payload`;
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: isOpen && waitNs < THRESHOLDS.failureStallNs ? 'warning' : 'failure',
    ...weigh(0.9, `An ICMP error (${error.words}) quotes the packet itself: ${quoteText(error)}.`, [
      [errors.length > 1, 0.05, `${counted(errors.length, 'error')} say so.`],
    ]),
    title: isOpen
      ? `An open connection to ${connection.server} is cut off: ${error.words}`
      : `Datagrams to ${servers} are refused: ${error.words}`,
    summary: isOpen
      ? `${what}, then ${error.from} refused a packet of it by ICMP (${error.words}). ${counted(after.length, 'packet')} sent after it stayed unanswered, for ${duration(waitNs)}.`
      : `${what} from ${counted(new Set(group.map((one) => one.connection.client)).size, 'socket')} to ${servers} are answered by ICMP alone: ${error.words}, says ${error.from}.`,
    connections: group.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `${tupleOfPacket(packet)} is sent at ${utc(facts, first)} with ${carried}, seen at ${pointNames(facts, packet.way)}.`,
        packet.way,
      ),
      step(
        `${error.from} tells ${error.to} by ICMP: ${error.words}. The error quotes ${quoteText(error)}; it is first seen at ${facts.points[firstSighting(error.packet).point].name}, ${duration(Math.max(0, firstSighting(error.packet).referenceTime - target.referenceTime))} after the packet was last seen.`,
        sightingsOf(errors.filter((one) => one.quoted.packet === packet).map((one) => one.packet)),
      ),
      ...(after.length > 0
        ? [
            step(
              `${counted(after.length, 'packet')} more ${after.length === 1 ? 'goes' : 'go'} the same way, and nothing comes back.`,
              sightingsOf(after.slice(0, THRESHOLDS.citedFrames)),
            ),
          ]
        : []),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.packet, one.errors[0].packet])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: isOpen ? 'untranslated-segment-reset' : 'stale-udp-translation',
        why: isOpen
          ? 'Where connection tracking lost the connection’s entry, its packets go on under the service’s address, to which no route leads: compare the address quoted with the one translated to before.'
          : 'A stale translation leads to an endpoint that is gone, while other sockets reach another one. Here no other socket is seen to be answered by another endpoint.',
      },
    ],
    ...remediesOf(target.destination, isOpen ? 'tcp' : 'udp', error.kind),
    references: [
      {
        title: 'RFC 792: ICMP, destination unreachable',
        url: 'https://www.rfc-editor.org/rfc/rfc792',
      },
      {
        title: 'RFC 1122 section 4.2.3.9: what TCP makes of ICMP messages',
        url: 'https://www.rfc-editor.org/rfc/rfc1122#section-4.2.3.9',
      },
    ],
  };
}

/** `10.0.0.1:40000 > 10.0.0.2:80, seq 17`: as the error names it. */
export const quoteText = ({ quoted: { quote, connection } }: ExactError): string =>
  `${quote.source} > ${quote.destination}${connection.protocol === 'tcp' ? `, seq ${quote.sequence}` : ''}`;
