// D33: a SYN is answered with a reset or an ICMP error. Where the answer begins tells who refuses: the server itself, or a host before it.

import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import { elapsed } from '../elapsed';
import type { CaseFacts } from '../facts';
import { lacksOpenings } from '../lacks';
import { firstSighting, lastSighting } from '../packet-facts';
import { remediesOf } from '../refusal-remedies';
import { findRefused, findSecondOwner, type Refused } from '../refused-facts';
import { findRefusedDatagrams, findRefusedMidway, type RefusedLater } from '../refused-later-facts';
import { quoteText, tellRefusedLater } from '../refused-later-story';
import type { Rule } from '../rule';
import { isScan, SCAN_TEXT } from '../scan-facts';
import { emptyParts, findingId, listed, pointNames, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'refused-connection';

export const refusedConnection: Rule = {
  id: ID,
  title: 'Connection refused',
  needs: 'the SYN and what answers it',
  judge(facts) {
    const refused = findRefused(facts);
    const later = groupLater([...findRefusedMidway(facts), ...findRefusedDatagrams(facts)]);
    const lacking = lacksOpenings(facts);
    if (lacking !== undefined && later.length === 0) return lacking;
    if (refused.length === 0 && later.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no SYN was answered with a reset or an ICMP error.${sayOtherResets(facts)}`,
      };
    const groups = groupRefused(refused);
    const count = refused.length + later.flat().length;
    return {
      result: 'found',
      findings: [
        ...groups.map((group) => tell(facts, group)),
        ...later.map((group) => tellRefusedLater(facts, group)),
      ],
      reason: `${counted(count, 'connection')} ${count === 1 ? 'was' : 'were'} refused.`,
    };
  },
};

/** Resets that answer no SYN are no refusals of this kind: said where there are some, since they stand in the packets. */
function sayOtherResets({ handshakes }: CaseFacts): string {
  const sent = handshakes.reduce((sum, { resets }) => sum + resets.length, 0);
  return sent === 0
    ? ''
    : ` ${counted(sent, 'reset')} that clients sent while they tried to open ${sent === 1 ? 'answers' : 'answer'} no SYN: other rules look at ${sent === 1 ? 'it' : 'them'}.`;
}

/** One a server's port; one a server where many of its ports refuse in one way. */
function groupRefused(refused: readonly Refused[]): readonly (readonly Refused[])[] {
  const byHost = new Map<string, Map<string, Refused[]>>();
  for (const entry of refused) {
    const { server } = entry.handshake.asked;
    const host = `${parseEndpoint(server).address} ${entry.icmp?.words ?? ''} ${entry.byServer}`;
    const ports = byHost.get(host) ?? new Map<string, Refused[]>();
    byHost.set(host, ports);
    ports.set(server, [...(ports.get(server) ?? []), entry]);
  }
  return [...byHost.values()].flatMap((ports) =>
    ports.size > THRESHOLDS.portsOfOneCause ? [[...ports.values()].flat()] : [...ports.values()],
  );
}

/** One a server and a host that refuses. */
function groupLater(found: readonly RefusedLater[]): readonly (readonly RefusedLater[])[] {
  const groups = new Map<string, RefusedLater[]>();
  for (const one of found) {
    const { protocol, server } = one.connection;
    const host = parseEndpoint(server).address;
    // Datagrams to several ports of one host are refused by one cause; each open connection is told by its server.
    const key = `${protocol} ${protocol === 'udp' ? host : server} ${one.errors[0].from} ${one.errors[0].words}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** What tells, and mends, an address that two hosts have. */
const ownersOf = (address: string): Pick<Finding, 'confirm' | 'fix'> => ({
  confirm: [
    {
      text: 'On a host of that link, as root: answers from two MACs mean that two hosts have the address.',
      command: `arping -D -c 3 -I <interface> ${address}`,
    },
    {
      text: 'On the client: which MAC it holds now; it changes with whoever answered last.',
      command: `ip neigh show ${address}`,
    },
  ],
  fix: `Take ${address} from the host that should not have it (or, where two routers lead to it, look at the one that refuses), then on the clients: \`ip neigh flush to ${address}\``,
});

/** `10.0.0.2:80`, or `10.0.0.2 (12 ports)`. */
const namesOf = (group: readonly Refused[]): string => {
  const servers = new Set(group.map(({ handshake }) => handshake.asked.server));
  const [first] = servers;
  return servers.size === 1 ? first : `${parseEndpoint(first).address} (${servers.size} ports)`;
};

function tell(facts: CaseFacts, group: readonly Refused[]): Finding {
  const [{ handshake, answer, icmp, quoting, byServer }] = group;
  const { asked, arrived, askedSyn } = handshake;
  const first = firstSighting(askedSyn);
  const begin = firstSighting(answer);
  const answered = lastSighting(answer);
  const target = lastSighting(askedSyn);
  const server = parseEndpoint((arrived ?? asked).server);
  const clients = [
    ...new Set(group.map((entry) => parseEndpoint(entry.handshake.asked.client).address)),
  ];
  const others = group.slice(1);
  const who = byServer
    ? `${target.destination} itself, as a host answers where nothing listens on the port (${server.port})`
    : icmp !== null
      ? `${icmp.from}, a host on the way`
      : `something at or behind ${facts.points[begin.point].name}, the farthest point that shows it`;
  const how = icmp === null ? 'a reset' : `an ICMP error (${icmp.words})`;
  const second = findSecondOwner(facts, group);
  const scans = isScan(group.map((entry) => entry.handshake));
  const after = elapsed(facts, first, answered);
  return {
    ...emptyParts,
    id: findingId(ID, handshake.connection.id),
    rule: ID,
    severity: scans ? 'note' : 'failure',
    ...weigh(
      0.75,
      icmp === null
        ? 'A reset that acknowledges the SYN answers it.'
        : quoting.length > 0
          ? `An ICMP error quotes the SYN itself: ${quoteText(quoting[0])}.`
          : 'An ICMP error follows every SYN at once.',
      [
        [
          quoting.length > 0,
          0.15,
          `${counted(quoting.length, 'error')} of this kind ${quoting.length === 1 ? 'is' : 'are'} about this connection.`,
        ],
        [byServer, 0.15, 'The SYN was seen where the reset begins: the server itself refuses.'],
        [!byServer, 0, 'The server’s side does not show the SYN: who refuses is not certain.'],
        [
          second !== undefined,
          0.1,
          `All refusals come from MAC ${second?.refusing}, and every connection that opened was accepted from ${second?.accepting}.`,
        ],
      ],
    ),
    title:
      second === undefined
        ? `Connections to ${namesOf(group)} are refused`
        : `Two MACs answer for ${second.address}, and one of them refuses connections to ${namesOf(group)}`,
    summary: `${counted(group.length, 'connection')} from ${listed(clients)} to ${namesOf(group)} ${group.length === 1 ? 'was' : 'were'} refused with ${how}. ${icmp === null || byServer ? 'The network delivered the SYN and the answer; the' : 'The'} refusal comes from ${who}.${second === undefined ? '' : ` Connections to the same address that open are accepted from MAC ${second.accepting}, these are refused from ${second.refusing}: two hosts have the address, or two routers lead to it, and which one is met decides.`}${scans ? ` ${SCAN_TEXT}` : ''}`,
    connections: group.map((entry) => entry.handshake.connection.id),
    between: null,
    steps: [
      step(
        `${asked.client} opens a connection to ${asked.server} at ${utc(facts, first)} (SYN, seq ${askedSyn.sequence}), seen at ${pointNames(facts, askedSyn.way)}.`,
        askedSyn.way,
      ),
      step(
        icmp === null
          ? `It is answered with a reset: ${answered.source} > ${answered.destination}, ack ${answer.acknowledgement}, which acknowledges the SYN and refuses it, ${after} after the SYN was sent. The reset is first seen at ${facts.points[begin.point].name}: the refusal comes from ${who}.`
          : `${icmp.from} tells ${icmp.to} by ICMP: ${icmp.words}, ${after} after the SYN was sent, first seen at ${facts.points[begin.point].name}. ${quoting.length > 0 ? `It quotes the SYN: ${quoteText(quoting[0])}. ` : ''}The refusal comes from ${who}.`,
        quoting.length > 0 ? sightingsOf(quoting.map((error) => error.packet)) : answer.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((entry) => sightingsOf([entry.handshake.askedSyn, entry.answer])),
            ),
          ]
        : []),
      ...(second === undefined
        ? []
        : [
            step(
              `Another connection to ${asked.server} is accepted from MAC ${second.accepting}, where the refusals come from ${second.refusing}.`,
              [second.acceptedBy],
            ),
          ]),
    ],
    alternatives: [
      {
        rule: 'steady-drop',
        why: `A policy that drops answers nothing, and the client waits for its timeout. Here ${icmp === null ? 'a reset' : 'an ICMP error'} comes after ${after}.`,
      },
    ],
    ...(second === undefined
      ? remediesOf((arrived ?? asked).server, 'tcp', icmp?.kind ?? null)
      : ownersOf(second.address)),
    references: [
      {
        title: 'RFC 9293 section 3.5.2: reset generation',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2',
      },
    ],
  };
}
