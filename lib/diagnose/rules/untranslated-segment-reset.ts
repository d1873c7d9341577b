// D04: in an open connection one segment of the reply comes back untranslated (conntrack calls it invalid), and the client resets a connection it does not know.
import type { ConnectionSummary } from '../../model/connection';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from '../packet-facts';
import type { Rule } from '../rule';
import {
  counted,
  duration,
  emptyParts,
  findingId,
  pointNames,
  sightingsOf,
  step,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'untranslated-segment-reset';

interface Stray {
  readonly connection: ConnectionSummary;
  /** The segment, and how it reached the client's side. */
  readonly segment: PacketFact;
  readonly seen: SightingFact;
  /** Where its neighbours come from at the same point. */
  readonly usual: string;
  readonly reset: PacketFact;
  readonly neighbour: PacketFact;
}

export const untranslatedSegmentReset: Rule = {
  id: ID,
  title: 'A reply segment left untranslated, and reset',
  needs: 'translated connections with data, at the client’s side',
  judge(facts) {
    const translated = facts.connections.filter(
      ({ protocol, translations }) => protocol === 'tcp' && translations.length > 0,
    );
    if (translated.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No TCP connection is translated between the captures.',
      };
    const found = translated
      .filter(({ close }) => close === 'reset')
      .slice(0, THRESHOLDS.closeLook)
      .flatMap((connection) => findStray(facts, connection) ?? []);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(translated.length, 'translated connection')} looked at: no segment of an open one came back untranslated.`,
      };
    return {
      result: 'found',
      findings: [tell(facts, found)],
      reason: `${counted(found.length, 'open connection')} ${found.length === 1 ? 'was' : 'were'} reset after a segment that was not translated back.`,
    };
  },
};

function findStray(facts: CaseFacts, connection: ConnectionSummary): Stray | undefined {
  const packets = facts.packetsOf(connection, THRESHOLDS.lossPackets);
  const replies = packets.filter(
    ({ direction, kind }) => direction === 'reverse' && kind === 'other',
  );
  for (const segment of replies) {
    if (segment.payloadLength === 0) continue;
    const seen = lastSighting(segment);
    const neighbour = replies.find((other) =>
      other.way.some(
        (sighting) =>
          sighting === lastSighting(other) &&
          sighting.point === seen.point &&
          sighting.source !== seen.source &&
          sighting.destination === seen.destination &&
          sighting.source === connection.server,
      ),
    );
    if (neighbour === undefined || seen.source !== firstSighting(segment).source) continue;
    const reset = packets.find(
      (packet) =>
        packet.kind === 'reset' &&
        packet.direction === 'forward' &&
        packet.way.some(
          (sighting) =>
            sighting.point === seen.point &&
            sighting.destination === seen.source &&
            sighting.time >= seen.time &&
            sighting.time - seen.time < THRESHOLDS.resetAnswerNs,
        ),
    );
    if (reset !== undefined)
      return { connection, segment, seen, usual: lastSighting(neighbour).source, reset, neighbour };
  }
  return undefined;
}

function tell(facts: CaseFacts, found: readonly Stray[]): Finding {
  const [{ connection, segment, seen, usual, reset, neighbour }, ...others] = found;
  const answer = reset.way.find(({ point }) => point === seen.point) ?? firstSighting(reset);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.92,
      'The segment reached the client’s side with the server’s own address while its neighbours came with the service’s, and the client’s reset answers it.',
    ),
    title: `A segment from ${seen.source} reaches the client untranslated, and the connection is reset`,
    summary: `${counted(found.length, 'open connection')} to ${connection.server} ${found.length === 1 ? 'was' : 'were'} reset by the client: one segment of the reply came from ${seen.source} instead of ${usual}. Connection tracking took it for invalid (out of window) and did not translate it back.`,
    connections: found.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `Replies of this connection reach ${facts.points[seen.point].name} from ${usual}, as they should.`,
        neighbour.way,
      ),
      step(
        `The segment seq ${segment.sequence} (${segment.payloadLength} bytes) at ${utc(facts, seen)} comes from ${seen.source}: it was not translated back. Seen at ${pointNames(facts, segment.way)}${segment.retransmission ? '; it repeats bytes that were sent before' : ''}.`,
        segment.way,
      ),
      step(
        `${duration(answer.time - seen.time)} later the client resets what it takes for an unknown connection: ${answer.source} > ${answer.destination}. ${reset.way.some(({ point }) => point === firstSighting(segment).point) ? 'The reset reaches the server, which drops the connection.' : ''}`.trim(),
        reset.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.segment, one.reset])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'untranslated-reply',
        why: 'There no reply is ever translated back, and no connection opens. Here only one segment of many is left out.',
      },
      {
        rule: 'half-untranslated-reply',
        why: 'There it is the SYN-ACK that comes back in part. Here the connection was open.',
      },
    ],
    confirm: [
      { text: 'On the node: invalid rises.', command: 'conntrack -S' },
      {
        text: 'On the node: why a packet is invalid is logged.',
        command: 'sysctl -w net.netfilter.nf_conntrack_log_invalid=6; dmesg -w | grep nf_ct_proto',
      },
    ],
    fix: 'On the node: sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1 (undo with =0), or the rule that drops invalid packets before they leave (kube-proxy since 1.15, PR 74840); kernels from 6.1 on accept overly delayed segments (6e250dcbff1d).',
    references: [
      {
        title: 'Kubernetes blog: kube-proxy subtleties, debugging an intermittent connection reset',
        url: 'https://kubernetes.io/blog/2019/03/29/kube-proxy-subtleties-debugging-an-intermittent-connection-reset/',
      },
      { title: 'Kubernetes #74839', url: 'https://github.com/kubernetes/kubernetes/issues/74839' },
    ],
  };
}
