// D03: the FIN of an established connection vanishes, again and again, where other packets pass. The peer never learns that it was closed.
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import type { LossFact } from '../loss-facts';
import { findLostFins } from '../lost-fin-facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import {
  counted,
  emptyParts,
  findingId,
  gapList,
  pointNames,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'lost-fin';

export const lostFin: Rule = {
  id: ID,
  title: 'FIN lost, again and again',
  needs: 'the end of connections at two points of their way',
  judge(facts) {
    if (facts.points.length < 2 || facts.hops.length === 0)
      return { result: 'notApplicable', reason: 'No packet was seen at two points.' };
    const closed = facts.connections.filter(({ close }) => close === 'fin').length;
    const groups = findLostFins(facts);
    if (groups.length > 0)
      return {
        result: 'found',
        findings: groups.map((group) => tell(facts, group)),
        reason: `${counted(groups.flat().length, 'connection')} lost every transmission of a FIN.`,
      };
    if (closed === 0)
      return { result: 'notApplicable', reason: 'No connection closes within the captures.' };
    return {
      result: 'healthy',
      reason: `${counted(closed, 'connection')} closed by FIN; none lost every transmission of one.`,
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
        [
          transmissions.length <= 2 && others.length === 0,
          0,
          'Two lost FINs alone could still be chance.',
        ],
      ],
    ),
    title: `FINs are lost from ${stopName(facts, from)} to ${stopName(facts, to)}, and nothing else`,
    summary: `${counted(group.length, 'connection')} ${group.length === 1 ? 'sends' : 'send'} FINs that never arrive at ${stopName(facts, to)}, while ${counted(passed, 'other packet')} pass the same hop and none of them is lost for good. The peer keeps its half of the connection open until it times out.`,
    connections: group.map((loss) => loss.connection.id),
    between: [from, to],
    steps: [
      step(
        `${sender} closes its connection with ${peer} at ${utc(facts, firstSighting(first))} (FIN, seq ${first.sequence}), seen at ${pointNames(facts, first.way)} and not at ${stopName(facts, to)}.`,
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
    references: [
      {
        title: 'openshift/sdn #269: pass traffic through NAT to handle possible tuple collisions',
        url: 'https://github.com/openshift/sdn/pull/269',
      },
      {
        title: 'Kubernetes #32551: late packets leave untranslated',
        url: 'https://github.com/kubernetes/kubernetes/issues/32551',
      },
    ],
  };
}
