// D19: after a long silence a connection is dead for one side: a middlebox dropped its state and answers with a reset of its own, or drops what comes.

import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import { elapsed } from '../elapsed';
import type { CaseFacts } from '../facts';
import { findIdleTimeouts, type IdleTimeout } from '../idle-timeout-facts';
import { lacksDuration } from '../lacks';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { duration, emptyParts, findingId, pointNames, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'idle-timeout-reset';

const CONFIRM: Finding['confirm'] = [
  {
    text: 'Idle timeouts on the way: NAT of the node (seconds), then those of load balancer and firewall (AWS NLB 350 s, Azure LB 240 s).',
    command: 'sysctl net.netfilter.nf_conntrack_tcp_timeout_established',
  },
  {
    text: 'Whether keep-alives are on for the connections, and when the next is due.',
    command: 'ss -tno state established',
  },
];

const REFERENCES: Finding['references'] = [
  {
    title: 'Azure Load Balancer: TCP reset and idle timeout',
    url: 'https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset',
  },
  {
    title: 'Load balancer gotchas: idle timeouts',
    url: 'https://kupczynski.info/posts/load-balancer-gotchas',
  },
];

const fixFor = (shortest: number): string =>
  `Send keep-alives more often than the shortest timeout of the way (less than ${duration(shortest)}): SO_KEEPALIVE with TCP_KEEPIDLE in the application, or net.ipv4.tcp_keepalive_time; or raise the timeout of the middlebox.`;

export const idleTimeoutReset: Rule = {
  id: ID,
  title: 'Connections that die of silence',
  needs: `TCP connections that are silent for ${THRESHOLDS.idleNs / 1e9} s or more`,
  judge(facts) {
    const idle = facts.connections.filter(
      ({ protocol, firstTime, lastTime }) =>
        protocol === 'tcp' && lastTime - firstTime >= THRESHOLDS.idleNs,
    );
    if (idle.length === 0)
      return {
        result: 'notApplicable',
        reason: `No TCP connection is in the captures for ${THRESHOLDS.idleNs / 1e9} s or more.`,
        lacks: lacksDuration(facts),
      };
    const found = findIdleTimeouts(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(idle.length, 'long connection')} looked at: none was ended from outside after a silence.`,
      };
    const groups = new Map<string, IdleTimeout[]>();
    for (const one of found) {
      const key = `${one.connection.server} ${one.resets.length}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return {
      result: 'found',
      findings: [...groups.values()].map((group) => tell(facts, group)),
      reason: `${counted(found.length, 'connection')} died after a long silence.`,
    };
  },
};

function tell(facts: CaseFacts, group: readonly IdleTimeout[]): Finding {
  const [told, ...others] = group;
  const { connection, before, segment, idleNs, resets, peerPoint, ttls, tries } = told;
  if (segment === null) return tellResetBoth(facts, group);
  const [reset] = resets;
  const shortest = Math.min(...group.map((one) => one.idleNs));
  const sender = firstSighting(segment).source;
  const peer = firstSighting(segment).destination;
  const between: Finding['between'] =
    peerPoint === null
      ? null
      : [facts.points[lastSighting(segment).point].id, facts.points[peerPoint].id];
  const forged =
    peerPoint === null
      ? `Its TTL is ${ttls?.reset}, that of the peer’s packets ${ttls?.peer}: something else on the way made it`
      : `${facts.points[peerPoint].name}, where the peer’s packets begin, never shows it${ttls !== null && ttls.peer !== ttls.reset ? `; its TTL is ${ttls.reset}, that of the peer’s packets ${ttls.peer}` : ''}`;
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.9,
      `The connection was silent for ${duration(idleNs)}, and the first segment after that met ${reset === undefined ? 'nothing' : 'a reset'}.`,
      [
        [
          peerPoint !== null && reset !== undefined,
          0,
          'The point where the peer’s packets begin shows neither the segment nor the reset: something in between made it.',
        ],
        [
          peerPoint === null,
          -0.35,
          'The peer’s side was not captured: that it did not send the reset follows from its TTL alone.',
        ],
        [
          peerPoint !== null && reset === undefined,
          -0.2,
          'No reset came: silence may have other causes than a forgotten connection.',
        ],
        [
          others.length > 0,
          0.02,
          `${counted(others.length, 'more connection')} died in the same way.`,
        ],
      ],
    ),
    title: `Connections to ${connection.server} die after ${duration(idleNs)} of silence`,
    summary: `${counted(group.length, 'connection')} ${group.length === 1 ? 'was' : 'were'} silent for ${duration(shortest)} or more; then ${reset === undefined ? 'what was sent vanished, every time' : 'the next segment was answered with a reset that the peer did not send'}. That is what something between the ends does that has forgotten the connection: a load balancer, firewall or NAT with an idle timeout.`,
    connections: group.map((one) => one.connection.id),
    between,
    steps: [
      step(
        `The last packet before the silence is seen at ${utc(facts, firstSighting(before))}.`,
        before.way,
      ),
      step(
        `${duration(idleNs)} later, at ${utc(facts, firstSighting(segment))}, ${sender} sends ${segment.payloadLength} bytes to ${peer} (seq ${segment.sequence}), seen at ${pointNames(facts, segment.way)}${peerPoint === null ? '' : ` and never at ${facts.points[peerPoint].name}`}.`,
        segment.way,
      ),
      reset === undefined
        ? step(
            `It is sent ${counted(tries.length, 'time')} and never arrives; no reset and no ICMP says why.`,
            sightingsOf(tries.slice(1)),
          )
        : step(
            `A reset comes back after ${elapsed(facts, firstSighting(segment), firstSighting(reset))}: ${lastSighting(reset).source} > ${lastSighting(reset).destination}. ${forged}.`,
            reset.way,
          ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}, after ${duration(Math.min(...others.map((one) => one.idleNs)))} to ${duration(Math.max(...others.map((one) => one.idleNs)))}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) =>
                  sightingsOf([...(one.segment === null ? [] : [one.segment]), ...one.resets]),
                ),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'untranslated-segment-reset',
        why: 'There the reset is the client’s own, against a segment under a foreign address. Here no end sent it.',
      },
      ...(peerPoint === null
        ? [
            {
              rule: 'refused-connection',
              why: 'The peer itself may have closed and sent the reset by another way: a capture at the peer would show it or not.',
            },
          ]
        : []),
    ],
    confirm: [
      ...CONFIRM,
      ...(peerPoint === null
        ? [
            {
              text: 'The capture that is missing: at the peer’s own interface, from before the silence until after the reset.',
              command: `tcpdump -nn -s 96 -i eth0 -w peer.pcap 'tcp port ${peer.slice(peer.lastIndexOf(':') + 1)}'`,
            },
          ]
        : []),
    ],
    fix: fixFor(shortest),
    references: REFERENCES,
  };
}

function tellResetBoth(facts: CaseFacts, group: readonly IdleTimeout[]): Finding {
  const [{ connection, before, idleNs, resets }, ...others] = group;
  const shortest = Math.min(...group.map((one) => one.idleNs));
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.9,
      'Each end gets a reset in the other one’s name after the silence, and neither end’s own point shows one leaving.',
      [[others.length > 0, 0.03, `${counted(others.length, 'more connection')} ended so.`]],
    ),
    title: `Connections to ${connection.server} are reset from outside after ${duration(idleNs)} of silence`,
    summary: `${counted(group.length, 'connection')} ${group.length === 1 ? 'was' : 'were'} silent for ${duration(shortest)} or more; then both ends got a reset that the other end never sent. Something between them, a load balancer or firewall with an idle timeout, dropped the connection and told both.`,
    connections: group.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `The last packet before the silence is seen at ${utc(facts, firstSighting(before))}.`,
        before.way,
      ),
      ...resets.map((reset) =>
        step(
          `${elapsed(facts, firstSighting(before), firstSighting(reset))} later a reset reaches ${lastSighting(reset).destination} in the name of ${lastSighting(reset).source}, seen at ${pointNames(facts, reset.way)} and not where packets of ${lastSighting(reset).source} begin.`,
          reset.way,
        ),
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf(one.resets)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'untranslated-segment-reset',
        why: 'There a segment provokes the reset. Here nothing was sent before it.',
      },
    ],
    confirm: CONFIRM,
    fix: fixFor(shortest),
    references: REFERENCES,
  };
}
