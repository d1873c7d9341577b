// Packets lost between two points that no other rule explains: where, how many, in bursts or singly, and what their senders did about it.
import { counted } from '../../base/counted';
import type { Finding, FindingStep, Severity } from '../../model/finding';
import { weigh } from '../confidence';
import { explainedConnections } from '../explained-connections';
import type { CaseFacts } from '../facts';
import { findBursts, groupHopLosses, type HopLosses } from '../hop-losses';
import { lacksSecondPoint } from '../lacks';
import { findLoops } from '../loop-facts';
import { tellLoop } from '../loop-story';
import { afterEndWeight, type LossFact } from '../loss-facts';
import { findLostAnswers } from '../lost-answer-facts';
import { tellLostAnswers } from '../lost-answer-story';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import {
  clientsText,
  duration,
  emptyParts,
  findingId,
  listed,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'path-loss';

export const pathLoss: Rule = {
  id: ID,
  title: 'Packets lost between two points',
  needs: 'two points on one way, captured at the same time',
  judge(facts) {
    if (facts.points.length < 2)
      return {
        result: 'notApplicable',
        reason: 'One point alone does not show a loss.',
        lacks: lacksSecondPoint(facts),
      };
    if (facts.hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const hops = groupHopLosses(facts, explainedConnections(facts)).filter(isProven);
    const loops = findLoops(facts);
    const answers = findLostAnswers(facts);
    if (hops.length + loops.length + answers.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.hops.length, 'hop')} looked at: no loss that another rule does not explain.`,
      };
    return {
      result: 'found',
      findings: [
        ...hops.map((hop) => tell(facts, hop)),
        ...loops.map((loop) => tellLoop(facts, ID, loop)),
        ...answers.map((one) => tellLostAnswers(facts, ID, one)),
      ],
      reason: listed([
        ...hops.map(
          (hop) =>
            `${counted(hop.lost, 'packet')} lost from ${stopName(facts, hop.from, hop.direction)} to ${stopName(facts, hop.to, hop.direction)}`,
        ),
        ...loops.map(({ packets }) => `${counted(packets.length, 'packet')} lost in a loop`),
        ...answers.map(
          ({ clients }) => `answers to ${clientsText(clients)} lost behind the last point`,
        ),
      ]),
    };
  },
};

/** Not all of very long connections, or of very many, is looked at: it is counted. */
const isPartial = ({ losses, lost }: HopLosses): boolean => losses.length < lost;

/** An acknowledgement that was merely not seen farther on may as well have escaped the capture. */
const isProven = ({ losses }: HopLosses): boolean =>
  losses.some(({ proven, matters }) => proven && matters);

function tell(facts: CaseFacts, hop: HopLosses): Finding {
  const { losses, passed, lost, direction } = hop;
  const connections = [...new Set(losses.map(({ connection }) => connection.id))];
  const worst = findWorst(losses);
  const ordered = [worst.connection.id, ...connections.filter((id) => id !== worst.connection.id)];
  const share = lost / (lost + passed);
  const where = `from ${stopName(facts, hop.from, hop.direction)} to ${stopName(facts, hop.to, hop.direction)}`;
  const towards = direction === 'forward' ? 'the server' : 'the client';
  return {
    ...emptyParts,
    id: findingId(ID, `${hop.from}-${hop.to}-${worst.connection.id}`.replaceAll('/', '.')),
    rule: ID,
    severity: severityOf(facts, losses),
    ...weighLosses(facts, hop),
    title: `${percent(share)} of the packets to ${towards} are lost ${where}`,
    summary: `${lost} of ${lost + passed} packets that should have gone ${where} towards ${towards} never arrived, in ${counted(hop.inConnections, 'connection')}. ${isPartial(hop) ? `Of the ${losses.length} that were looked at: ` : ''}${waitText(worst)}`,
    connections: ordered,
    between: [hop.from, hop.to],
    steps: tellSteps(facts, hop, worst, where),
    alternatives: [
      {
        rule: 'capture-defect',
        why: 'A capture that missed packets leaves them acknowledged and never sent again. Here senders repeat what was lost.',
      },
      { rule: 'mtu-black-hole', why: sizeText(facts, losses) },
      {
        rule: 'steady-drop',
        why: 'A policy drops every SYN of a client to a server, always. Here what was lost is one part among others that pass.',
      },
    ],
    confirm: [
      {
        text: 'On the host of this hop, twice some seconds apart: a rule whose counter rises with the losses.',
        command: "nft list ruleset | grep -w drop; iptables-save -c | grep -E 'DROP|REJECT'",
      },
      {
        text: 'On the host of this hop: drops of interfaces and queues.',
        command: 'ip -s link; tc -s qdisc',
      },
      {
        text: 'On the host of this hop: the second column (hex, one row per CPU) counts packets that the backlog dropped.',
        command: 'cat /proc/net/softnet_stat',
      },
      {
        text: 'On the host of this hop: insert_failed, drop and invalid rise where connection tracking drops.',
        command: 'conntrack -S',
      },
    ],
    fix: null,
    references: [
      {
        title: 'RFC 6298: computing TCP’s retransmission timer',
        url: 'https://www.rfc-editor.org/rfc/rfc6298',
      },
    ],
  };
}

/** The loss that held its connection up longest; one that was never made good before all others. */
function findWorst(losses: readonly LossFact[]): LossFact {
  const weight = ({ matters, stallNs }: LossFact): number =>
    !matters ? -1 : (stallNs ?? Number.POSITIVE_INFINITY);
  return losses.reduce((worst, loss) => (weight(loss) > weight(worst) ? loss : worst));
}

function severityOf(facts: CaseFacts, losses: readonly LossFact[]): Severity {
  const end = Math.max(...facts.points.map(({ lastTime }) => lastTime));
  // What never arrived has waited until the captures end.
  const waited = ({ stallNs, transmissions }: LossFact): number =>
    stallNs ?? end - firstSighting(transmissions[0]).referenceTime;
  const stalls = losses.filter(
    ({ matters, proven, stallNs, packet }) =>
      matters && proven && (stallNs !== null || packet.kind !== 'fin'),
  );
  if (stalls.some((loss) => waited(loss) >= THRESHOLDS.failureStallNs)) return 'failure';
  const harmed = stalls.some(
    (loss) =>
      waited(loss) >= THRESHOLDS.warningStallNs ||
      loss.connection.retransmissions > THRESHOLDS.retransmissionShare * loss.connection.journeys,
  );
  return harmed ? 'warning' : 'note';
}

function weighLosses(
  facts: CaseFacts,
  { losses, passed }: HopLosses,
): Pick<Finding, 'confidence' | 'grounds'> {
  const proven = losses.filter((loss) => loss.proven && loss.matters).length;
  const missed = facts.connections.reduce((sum, connection) => sum + connection.missed, 0);
  return weigh(
    0.75,
    `${counted(proven, 'packet')} that somebody waits for ${proven === 1 ? 'was' : 'were'} seen before the hop and not behind it, and sent again or never acknowledged.`,
    [
      [proven === 2, 0.1, 'It is so twice.'],
      [proven > 2, 0.18, 'It is so more than twice.'],
      afterEndWeight(losses),
      [passed > 0, 0, `${counted(passed, 'packet')} passed the hop in the same captures.`],
      [
        missed > 0,
        -0.1,
        `The captures missed ${counted(missed, 'packet')} that did pass: some of the losses may be theirs.`,
      ],
    ],
  );
}

function tellSteps(
  facts: CaseFacts,
  hop: HopLosses,
  worst: LossFact,
  where: string,
): readonly FindingStep[] {
  const { losses, lost, passed, direction } = hop;
  const kinds = [
    [
      losses.filter(({ packet }) => packet.kind === 'syn' || packet.kind === 'syn-ack').length,
      'SYN',
    ],
    [losses.filter(({ packet }) => packet.payloadLength > 0).length, 'with payload'],
    [losses.filter(({ packet }) => packet.kind === 'fin').length, 'FIN'],
    [losses.filter(({ matters }) => !matters).length, 'bare acknowledgement or reset'],
  ] as const;
  const other = facts.hops.filter((h) => h.direction !== direction && h.lost > 0);
  const steps = [
    step(
      `${lost} of ${lost + passed} packets (${percent(lost / (lost + passed))}) are seen at ${stopName(facts, hop.from, hop.direction)} and never at ${stopName(facts, hop.to, hop.direction)}${isPartial(hop) ? `. ${counted(losses.length, 'of them was looked at', 'of them were looked at')}` : ''}: ${listed(kinds.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`))}. ${other.length === 0 ? 'Nothing is lost the other way.' : ''}`.trim(),
      losses.map(({ packet }) => lastSighting(packet)),
    ),
    step(
      spreadText(facts, hop),
      [losses[0], losses[losses.length - 1]].map(({ packet }) => firstSighting(packet)),
    ),
    step(
      `The longest wait${isPartial(hop) ? ' of these' : ''}: ${worst.connection.client} > ${worst.connection.server} ${direction === 'forward' ? 'sends' : 'is sent'} ${describe(worst)} at ${utc(facts, firstSighting(worst.transmissions[0]))}. ${stallText(worst)}`,
      sightingsOf(worst.transmissions),
    ),
  ];
  const repeated = losses.filter(
    (loss) => loss !== worst && loss.matters && loss.transmissions.length > 1,
  );
  if (repeated.length > 0)
    steps.push(
      step(
        `${counted(repeated.length, 'more lost packet')} ${repeated.length === 1 ? 'was' : 'were'} sent again, after ${listed(repeated.slice(0, 8).map((loss) => (loss.stallNs === null ? 'no success' : duration(loss.stallNs))))}${repeated.length > 8 ? ' and so on' : ''}: the senders take them for lost ${where}, too.`,
        repeated.flatMap(({ transmissions }) => sightingsOf(transmissions)),
      ),
    );
  return steps;
}

function spreadText(facts: CaseFacts, hop: HopLosses): string {
  const { losses, lost } = hop;
  const bursts = findBursts(losses);
  const longest = Math.max(...bursts.map((burst) => burst.length));
  const span = `between ${utc(facts, firstSighting(losses[0].packet))} and ${utc(facts, firstSighting(losses[losses.length - 1].packet))}`;
  const connections = new Set(losses.map(({ connection }) => connection.id)).size;
  const who = isPartial(hop) ? 'Those looked at' : 'They';
  const manner =
    losses.length === 1
      ? lost === 1
        ? 'A single packet is lost'
        : 'The one looked at is lost'
      : longest === 1
        ? `${who} are lost one by one`
        : `${who} are lost in ${counted(bursts.length, 'group')}, at most ${longest} within ${duration(THRESHOLDS.burstGapNs)} of each other`;
  return losses.length === 1
    ? `${manner}, at ${utc(facts, firstSighting(losses[0].packet))}.`
    : `${manner}, ${span}, in ${counted(connections, 'connection')}.`;
}

function describe({ packet, connection }: LossFact): string {
  if (connection.protocol !== 'tcp') return `a packet of ${counted(packet.payloadLength, 'byte')}`;
  const name =
    packet.kind === 'syn'
      ? 'a SYN'
      : packet.kind === 'syn-ack'
        ? 'a SYN-ACK'
        : packet.kind === 'fin'
          ? 'a FIN'
          : 'a segment';
  return `${name} (seq ${packet.sequence}${packet.payloadLength > 0 ? `, ${counted(packet.payloadLength, 'byte')}` : ''})`;
}

function waitText({ stallNs, matters }: LossFact): string {
  if (!matters) return 'Only bare acknowledgements were lost: later ones make up for them.';
  return stallNs === null
    ? 'Some of what was lost never arrived.'
    : `What was lost arrived ${duration(stallNs)} late at the worst.`;
}

function stallText({ transmissions, stallNs, matters }: LossFact): string {
  if (!matters) return 'Only bare acknowledgements were lost: later ones make up for them.';
  const again = transmissions.length - 1;
  if (stallNs !== null)
    return `What it carried arrived ${duration(stallNs)} after it was first sent${again > 0 ? `, with ${counted(again, 'repetition')}` : ''}.`;
  return again > 0
    ? `It was sent ${counted(again, 'more time')} and never arrived.`
    : 'It was never sent again and never arrived.';
}

function sizeText(facts: CaseFacts, losses: readonly LossFact[]): string {
  const smallest = Math.min(...losses.map(({ packet }) => packet.payloadLength));
  const largest = Math.max(
    0,
    ...facts
      .packetsOf(losses[0].connection)
      .filter(
        ({ fate, direction }) => fate === 'delivered' && direction === losses[0].packet.direction,
      )
      .map(({ payloadLength }) => payloadLength),
  );
  return `A black hole swallows large packets alone. Here packets of ${smallest} bytes of payload are lost and such of ${largest} pass${smallest > largest ? ': look at the MTU of this hop' : ''}.`;
}

const percent = (share: number): string =>
  share >= 0.0995 ? `${Math.round(share * 100)} %` : `${(share * 100).toPrecision(2)} %`;
