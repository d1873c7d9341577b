// D03: a connection cannot close. Its FIN vanishes, again and again, where other packets pass; or it comes so late that it leaves untranslated.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksClose, lacksSecondPoint } from '../lacks';
import { findLateCloses, type LateClose } from '../late-close-facts';
import { afterEndWeight, type LossFact } from '../loss-facts';
import { findLostFins } from '../lost-fin-facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import {
  duration,
  emptyParts,
  findingId,
  gapList,
  listed,
  pointNames,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'lost-fin';

const REFERENCES: Finding['references'] = [
  {
    title: 'openshift/sdn #269: pass traffic through NAT to handle possible tuple collisions',
    url: 'https://github.com/openshift/sdn/pull/269',
  },
  {
    title: 'Kubernetes #32551: late packets leave untranslated',
    url: 'https://github.com/kubernetes/kubernetes/issues/32551',
  },
];

export const lostFin: Rule = {
  id: ID,
  title: 'FIN lost, or sent on untranslated',
  needs: 'the end of connections at two points of their way',
  judge(facts) {
    if (facts.points.length < 2 || facts.hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const closed = facts.connections.filter(({ close }) => close === 'fin').length;
    const groups = findLostFins(facts);
    const late = findLateCloses(facts);
    if (groups.length > 0 || late.length > 0)
      return {
        result: 'found',
        findings: [
          ...groups.map((group) => tell(facts, group)),
          ...(late.length > 0 ? [tellLate(facts, late)] : []),
        ],
        reason: listed([
          ...(groups.length > 0
            ? [`${counted(groups.flat().length, 'connection')} lost every transmission of a FIN`]
            : []),
          ...(late.length > 0
            ? [
                `${counted(late.length, 'connection')} closed so late that the FIN or reset left untranslated`,
              ]
            : []),
        ]),
      };
    if (closed === 0)
      return {
        result: 'notApplicable',
        reason: 'No connection closes within the captures.',
        lacks: lacksClose(facts),
      };
    return {
      result: 'healthy',
      reason: `${counted(closed, 'connection')} closed by FIN; none lost every transmission of one, or left untranslated.`,
    };
  },
};

function tell(facts: CaseFacts, group: readonly LossFact[]): Finding {
  const [told, ...others] = group;
  const { connection, packet, transmissions, from, to } = told;
  const { client, server } = connection;
  const forward = packet.direction === 'forward';
  const [sender, peer] = forward ? [client, server] : [server, client];
  const [first, ...again] = transmissions;
  const times = transmissions.map((fin) => firstSighting(fin).referenceTime);
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  const passed =
    facts.hops.find(
      (hop) => hop.from === from && hop.to === to && hop.direction === packet.direction,
    )?.journeys ?? 0;
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'warning',
    ...weigh(
      0.65,
      'Every transmission of the FIN is seen before the hop and none behind it, while nothing else is lost there.',
      [
        [
          transmissions.length > 2 || others.length > 0,
          0.15,
          `${counted(group.flatMap((loss) => loss.transmissions).length, 'FIN')} were lost in a row: chance does not do that.`,
        ],
        afterEndWeight(group),
        [
          transmissions.length <= 2 && others.length === 0,
          0,
          'Two lost FINs alone could still be chance.',
        ],
      ],
    ),
    title: `FINs are lost from ${stopName(facts, from, first.direction)} to ${stopName(facts, to, first.direction)}, and nothing else`,
    summary: `${counted(group.length, 'connection')} ${group.length === 1 ? 'sends' : 'send'} FINs that never arrive at ${stopName(facts, to, first.direction)}, while ${counted(passed, 'other packet')} pass the same hop and none of them is lost for good. The peer keeps its half of the connection open until it times out.`,
    connections: group.map((loss) => loss.connection.id),
    between: [from, to],
    steps: [
      step(
        `${sender} closes its connection with ${peer} at ${utc(facts, firstSighting(first))} (FIN, seq ${first.sequence}), seen at ${pointNames(facts, first.way)} and not at ${stopName(facts, to, first.direction)}.`,
        first.way,
      ),
      step(
        `No acknowledgement comes, and the FIN is sent again after ${gapList(gaps)}. None of the ${transmissions.length} arrives: ${peer} does not learn that the connection is closed.`,
        sightingsOf(again),
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((loss) => sightingsOf(loss.transmissions)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'path-loss',
        why: `Loss by chance takes other packets, too. Here ${counted(passed, 'other packet')} passed the hop.`,
      },
      {
        rule: 'tuple-collision',
        why: 'A collision of tuples takes the SYNs of a connection. This one was open. The two may share their cause: an entry of connection tracking that belongs to another connection.',
      },
    ],
    confirm: [
      {
        text: 'On the node: invalid rises with each FIN that is dropped.',
        command: 'conntrack -S',
      },
      {
        text: 'On the node: the connection’s entry is missing, or in another state than its sockets.',
        command: `conntrack -L -p tcp | grep ${sender.slice(sender.lastIndexOf(':') + 1)}`,
      },
      {
        text: 'In the pods: the closing side in FIN-WAIT-1, its peer still ESTABLISHED.',
        command: 'ss -tno',
      },
    ],
    fix: 'On OpenShift SDN: the fix of the tuple collision (OpenShift 4.8, or 4.7 and 4.6 with the backport) is thought to cure this as well; that was not verified. Elsewhere: find the rule that drops what connection tracking calls invalid, and raise the timeout that ends the entry too early.',
    references: REFERENCES,
  };
}

function tellLate(facts: CaseFacts, late: readonly LateClose[]): Finding {
  const [{ connection, packet, seen, usual, silenceNs, before, answer }, ...others] = late;
  const name = packet.kind === 'fin' ? 'FIN' : 'reset';
  const first = firstSighting(packet);
  const closed = before.kind === 'fin';
  return {
    ...emptyParts,
    id: findingId(ID, `${connection.id}-late`),
    rule: ID,
    severity: 'warning',
    ...weigh(
      0.8,
      `Packets of this connection are translated at ${facts.points[seen.point].name}, and the ${name} at its end is not.`,
      [
        [
          true,
          0,
          `It comes ${duration(silenceNs)} after the packet before it, longer than connection tracking keeps a closing connection (30 s in LAST_ACK, 60 s in CLOSE_WAIT, 120 s in FIN_WAIT).`,
        ],
        [closed, 0.08, 'The other side had closed before.'],
        [others.length > 0, 0.05, `${counted(others.length, 'more connection')} ended so.`],
      ],
    ),
    title: `A late ${name} of ${first.source} leaves untranslated`,
    summary: `${counted(late.length, 'connection')} ${late.length === 1 ? 'was' : 'were'} closed so late that connection tracking had forgotten ${late.length === 1 ? 'it' : 'them'}: after ${duration(silenceNs)} the ${name} passes ${facts.points[seen.point].name} as ${seen.source} > ${seen.destination}, where all packets before it were ${usual.source} > ${usual.destination}. ${answer === null ? 'The peer does not know whom it comes from, and keeps its half of the connection.' : 'The peer does not know whom it comes from, and resets it.'}`,
    connections: late.map((one) => one.connection.id),
    between: [
      facts.points[packet.way[packet.way.indexOf(seen) - 1].point].id,
      facts.points[seen.point].id,
    ],
    steps: [
      step(
        `Packets of ${connection.client} > ${connection.server} pass ${facts.points[seen.point].name} as ${usual.source} > ${usual.destination}.`,
        [usual],
      ),
      step(
        `${closed ? `${firstSighting(before).source} closes its side` : `The last packet of ${firstSighting(before).source} is seen`} at ${utc(facts, firstSighting(before))}.`,
        before.way,
      ),
      step(
        `${duration(silenceNs)} after the last packet, at ${utc(facts, first)}, ${first.source} sends its ${name} (seq ${packet.sequence}). At ${facts.points[seen.point].name} it is still ${seen.source} > ${seen.destination}: it was not translated.`,
        packet.way,
      ),
      ...(answer === null
        ? [step('Nothing answers it.', [])]
        : [step(`The peer answers with a reset to ${seen.source}.`, answer.way)]),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.packet])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'untranslated-segment-reset',
        why: 'There a segment in mid-stream, in a connection in use, is taken for invalid. Here the connection was silent and about to close.',
      },
      {
        rule: 'idle-timeout-reset',
        why: 'There something answers in the peer’s name, or drops what comes. Here the packet goes on, under the wrong name.',
      },
    ],
    confirm: [
      {
        text: 'On the node: how long connection tracking keeps a connection that is closing.',
        command: 'sysctl -a 2>/dev/null | grep nf_conntrack_tcp_timeout',
      },
      {
        text: 'On the node, before the late packet: whether the entry is still there, and in which state.',
        command: `conntrack -L -p tcp | grep 'sport=${parseEndpoint(connection.client).port} '`,
      },
      {
        text: 'In the pods: sockets that wait in CLOSE-WAIT for their application.',
        command: 'ss -tno state close-wait state last-ack state fin-wait-2',
      },
    ],
    fix: 'Let the application close within a minute of its peer. Or keep entries longer: kube-proxy --conntrack-tcp-timeout-close-wait (default 1h0m0s since that issue), or on the node: `sysctl -w net.netfilter.nf_conntrack_tcp_timeout_close_wait=3600`\nTo undo: `sysctl -w net.netfilter.nf_conntrack_tcp_timeout_close_wait=60`',
    references: REFERENCES,
  };
}
