// The story of answers that never reach the client, seen as far as the captures go towards it.
import { counted } from '../base/counted';
import { captureCommand } from '../guide/capture-commands';
import type { Finding } from '../model/finding';
import { weigh } from './confidence';
import type { CaseFacts } from './facts';
import type { LostAnswers } from './lost-answer-facts';
import { firstSighting } from './packet-facts';
import {
  clientsText,
  emptyParts,
  findingId,
  pointNames,
  sightingsOf,
  step,
  tupleOfPacket,
  utc,
} from './story';
import { THRESHOLDS } from './thresholds';

/** A finding of `rule`. */
export function tellLostAnswers(facts: CaseFacts, rule: string, found: LostAnswers): Finding {
  const { clients, server, handshakes, point } = found;
  const client = clientsText(clients);
  const [{ connection, syns, replies }, ...others] = handshakes;
  const { name } = facts.points[point];
  const [{ packet: answer }] = replies;
  const count = handshakes.flatMap((one) => one.replies).length;
  const missing = captureCommand({ kind: 'pod', address: clients[0] });
  return {
    ...emptyParts,
    id: findingId(rule, connection.id),
    rule,
    severity: 'failure',
    ...weigh(
      0.5,
      `All ${count} SYN-ACKs are seen as far as ${name}; the client takes none, and its SYNs go on.`,
      [
        [handshakes.length > 1, 0.15, `${handshakes.length} connections share that fate.`],
        [true, 0, 'What is between that point and the client is not captured.'],
      ],
    ),
    title: `No answer of ${server} reaches ${client}`,
    summary: `${counted(handshakes.length, 'connection')} from ${client} to ${server} failed: the SYNs arrive and are answered, all ${count} SYN-ACKs reach ${name}, the farthest point towards the client that shows them, and the client asks again as if nothing had come. They are lost behind that point, or the client throws them away.`,
    connections: handshakes.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `${tupleOfPacket(syns[0])} is sent at ${utc(facts, firstSighting(syns[0]))} (SYN, seq ${syns[0].sequence}), seen at ${pointNames(facts, syns[0].way)}.`,
        syns[0].way,
      ),
      step(
        `It is answered: SYN-ACK, ack ${answer.acknowledgement}, seen at ${pointNames(facts, answer.way)}.`,
        answer.way,
      ),
      step(
        `${counted(syns.length - 1, 'more SYN')} and ${counted(replies.length - 1, 'more SYN-ACK')} follow; no acknowledgement ever comes from the client.`,
        sightingsOf([...syns.slice(1), ...replies.slice(1).map(({ packet }) => packet)]),
      ),
      ...(others.length > 0
        ? [
            step(
              `It is the same for ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.syns[0], one.replies[0].packet])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'untranslated-reply',
        why: 'An answer under the wrong address reaches the client and is refused with a reset. Here the client says nothing.',
      },
      {
        rule: 'foreign-domain-reply-drop',
        why: 'Where another host translates the way there than the way back, the answer is dropped at the switch: then a counter of its drop flow rises.',
      },
    ],
    confirm: [
      {
        text: `${missing.where}: the capture that is missing. SYN-ACKs that are there put the fault on the client’s host, such as are not put it before.`,
        command: missing.command,
      },
      {
        text: 'On the hosts behind that point, twice some seconds apart: a rule whose counter rises with the answers.',
        command: "nft list ruleset | grep -w drop; iptables-save -c | grep -E 'DROP|REJECT'",
      },
      {
        text: 'There, too: answers that connection tracking takes for invalid, and such as come by the wrong interface.',
        command: 'conntrack -S; nstat -az TcpExtIPReversePathFilter',
      },
    ],
    fix: null,
    references: [
      {
        title: 'RFC 9293 section 3.5: establishing a connection',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5',
      },
    ],
  };
}
