// The story of packets that circle between routers.
import { counted } from '../base/counted';
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import { weigh } from './confidence';
import type { CaseFacts } from './facts';
import type { Loop } from './loop-facts';
import { firstSighting, lastSighting } from './packet-facts';
import { quoteText } from './refused-later-story';
import {
  duration,
  emptyParts,
  findingId,
  listed,
  sightingsOf,
  step,
  tupleOfPacket,
  utc,
} from './story';
import { THRESHOLDS } from './thresholds';

/** A finding of `rule`. */
export function tellLoop(
  facts: CaseFacts,
  rule: string,
  { packets, passages, errors }: Loop,
): Finding {
  const [packet, ...others] = packets;
  const [first] = passages;
  const last = passages[passages.length - 1];
  const { name } = facts.points[first.point];
  const target = parseEndpoint(lastSighting(packet).destination).address;
  const ends = [packet.connection, ...new Set(others.map(({ connection }) => connection))];
  const ids = [...new Set(ends)];
  return {
    ...emptyParts,
    id: findingId(rule, packet.connection),
    rule,
    severity: 'failure',
    ...weigh(0.9, `One packet passes ${name} ${passages.length} times, its TTL less each time.`, [
      [errors.length > 0, 0.07, 'ICMP says that its time to live was exceeded, and quotes it.'],
    ]),
    title: `Packets to ${target} circle until their TTL is used up`,
    summary: `${counted(packets.length, 'packet')} of ${counted(ids.length, 'connection')} to ${target} ${packets.length === 1 ? 'goes' : 'go'} round between routers: ${tupleOfPacket(packet)} passes ${name} ${passages.length} times within ${duration(last.time - first.time)}, with a TTL from ${first.ttl} down to ${last.ttl}, and never arrives. Two routers each take the other for the way there.`,
    connections: ids,
    between: null,
    steps: [
      step(
        `${tupleOfPacket(packet)} is sent at ${utc(facts, firstSighting(packet))}.`,
        packet.way.filter(({ point }) => point === firstSighting(packet).point).slice(0, 1),
      ),
      step(
        `It passes ${name} ${passages.length} times, with TTL ${listed(passages.slice(0, 6).map(({ ttl }) => `${ttl}`))}${passages.length > 6 ? ' and so on' : ''}.`,
        passages,
      ),
      ...(errors.length > 0
        ? [
            step(
              `${errors[0].from} tells ${errors[0].to} by ICMP: ${errors[0].words}. The error quotes ${quoteText(errors[0])}.`,
              sightingsOf(
                errors.slice(0, THRESHOLDS.citedConnections).map((error) => error.packet),
              ),
            ),
          ]
        : []),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more packet')}.`,
              others.slice(0, THRESHOLDS.citedConnections).map(firstSighting),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'duplicate-delivery',
        why: 'A packet that is delivered twice comes by twice, bridged and routed. This one comes by again and again, its TTL falling.',
      },
    ],
    confirm: [
      {
        text: 'On both hosts of the hop: by which way each would send it.',
        command: `ip route get ${target}`,
      },
      { text: 'From the client: the same hosts in turn.', command: `traceroute -n ${target}` },
    ],
    fix: 'Mend the route of the host nearer to the destination: it sends back what it should deliver, often because the route to a pod or a node that is gone fell back to the default one.',
    references: [
      {
        title: 'RFC 1812 section 5.3.1: time to live',
        url: 'https://www.rfc-editor.org/rfc/rfc1812#section-5.3.1',
      },
    ],
  };
}
