// D29, a consideration: requests arrive, and every SYN-ACK is lost at one hop of the way back, as where the answer meets a switch or a policy that did not see the request.
import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import { parseEndpoint } from '../../model/endpoint';
import { formatStop, stopPassage, stopPoint } from '../../model/stop';
import { connectionsTo } from '../by-server';
import { consider } from '../consideration';
import type { HandshakeFacts } from '../handshake-facts';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { onFacts } from '../on-facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { betweenText, pointNames, sightingsOf, step, stopName, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'foreign-domain-reply-drop';

interface Dropped {
  readonly from: string;
  readonly to: string;
  readonly handshakes: readonly HandshakeFacts[];
}

export const foreignDomainReplyDrop: Rule = {
  id: ID,
  title: 'Consider: answers are dropped where the request was not seen',
  needs: 'two points on the way back',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(
      facts,
      'One point alone does not show where an answer vanishes.',
    );
    if (lacking !== undefined) return lacking;
    const found = findDropped(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no server’s SYN-ACKs are all lost at one hop.`,
      };
    return {
      result: 'found',
      findings: found.map(({ from, to, handshakes }) => {
        const [told] = handshakes;
        const replies = handshakes.flatMap((one) => one.replies.map(({ packet }) => packet));
        const where = betweenText(facts, [from, to], 'reverse');
        const server = parseEndpoint(firstSighting(replies[0]).source).address;
        return consider({
          rule: ID,
          title: `Consider: answers of ${told.asked.server} are dropped ${where}`,
          summary: `${counted(handshakes.length, 'connection')} to ${told.asked.server}: each SYN arrives and is answered, and all ${replies.length} SYN-ACKs are lost ${where}. Consider an answer that comes to a switch or a firewall which did not see or translate the request (OVN-Kubernetes: br-ex), or a policy that was put in place after the request; look at that hop’s drop counters.`,
          signature: 'Every SYN passes and every SYN-ACK is lost, at one hop.',
          worth: 0.4,
          weights: [[handshakes.length > 1, 0.1, `It is so in ${handshakes.length} connections.`]],
          connections: handshakes.map(({ connection }) => connection.id),
          between: [from, to],
          steps: [
            step(
              `${told.asked.client} opens a connection to ${told.asked.server} at ${utc(facts, firstSighting(told.syns[0]))}; the SYN arrives, seen at ${pointNames(facts, told.syns[0].way)}.`,
              told.syns[0].way,
            ),
            step(
              `It is answered: SYN-ACKs are seen at ${pointNames(facts, told.replies[0].packet.way)}, and none at ${stopName(facts, to, 'reverse')}.`,
              sightingsOf(replies.slice(0, THRESHOLDS.citedConnections)),
            ),
          ],
          alternatives: [
            {
              rule: 'path-loss',
              why: `Loss by chance does not take ${replies.length} SYN-ACKs and spare every SYN.`,
            },
            {
              rule: 'new-pod-race',
              why: 'A policy that comes between request and answer drops answers of pods that have just started; later connections work.',
            },
            {
              rule: 'half-untranslated-reply',
              why: 'There the SYN-ACK comes to the client, under the wrong name, and is reset.',
            },
          ],
          confirm: [
            {
              text: 'On the node, with OVN-Kubernetes: the drop for what comes from the pod network counts up with each SYN-ACK.',
              command: "ovs-ofctl dump-flows br-ex table=0 | grep 'actions=drop'",
            },
            {
              text: 'On the node: what the switch does with this very answer; <port> is that of the server’s veth, since the flows go by it.',
              command: `ovs-appctl ofproto/trace br-int in_port=<port>,tcp,nw_src=${server},nw_dst=${parseEndpoint(firstSighting(replies[0]).destination).address},tcp_flags=+syn+ack`,
            },
            {
              text: 'On the node, once a second: invalid rises with each SYN-ACK.',
              command: 'while sleep 1; do date; conntrack -S; done',
            },
          ],
          fix: 'If so: let the answer take the way of the request (routes, or masquerading where the request comes in), or allow the client in the policy that drops it.',
          references: [
            {
              title: 'ovn-kubernetes #6250',
              url: 'https://github.com/ovn-kubernetes/ovn-kubernetes/issues/6250',
            },
          ],
        });
      }),
      reason: `${counted(found.length, 'hop')} at which every SYN-ACK is lost.`,
    };
  },
};

const findDropped = onFacts((facts): readonly Dropped[] => {
  const groups = new Map<string, HandshakeFacts[]>();
  for (const handshake of facts.handshakes) {
    const hop = hopOf(handshake);
    if (hop === undefined) continue;
    const key = `${hop} ${handshake.asked.server}`;
    groups.set(key, [...(groups.get(key) ?? []), handshake]);
  }
  return [...groups.values()].flatMap((handshakes): Dropped[] => {
    const replies = handshakes.reduce((sum, one) => sum + one.replies.length, 0);
    if (replies < THRESHOLDS.steadySyns) return [];
    const [{ asked, replies: own }] = handshakes;
    // One that opened past the hop shows that it lets answers of this server pass.
    const client = parseEndpoint(asked.client).address;
    const opened = (other: ConnectionSummary): boolean =>
      other.handshake === 'complete' && parseEndpoint(other.client).address === client;
    if (connectionsTo(facts, asked.server).some(opened)) return [];
    const { lostFrom, lostTo } = own[0].packet;
    const [from, to] = [lostFrom!, lostTo!].map((stop) =>
      formatStop(facts.points[stopPoint(stop)].id, stopPassage(stop)),
    );
    return [{ from, to, handshakes }];
  });
});

/** The one hop at which all SYN-ACKs are lost. */
function hopOf({ completed, syns, replies }: HandshakeFacts): string | undefined {
  if (completed || replies.length === 0 || syns.every(({ fate }) => fate === 'lost'))
    return undefined;
  const [{ packet }] = replies;
  const { lostFrom, lostTo } = packet;
  if (lostFrom === null || lostTo === null) return undefined;
  return replies.every(
    (reply) =>
      reply.packet.fate === 'lost' &&
      reply.packet.lostFrom === lostFrom &&
      reply.packet.lostTo === lostTo,
  )
    ? `${lostFrom} ${lostTo}`
    : undefined;
}
