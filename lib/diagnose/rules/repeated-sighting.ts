// D21: frames that show a packet again off its way: flooded by a switch, mirrored, or addressed to another MAC. To be read right, not to be mended.
import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksSecondPoint } from '../lacks';
import type { PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import { emptyParts, findingId, listed, pointNames, step } from '../story';

const ID = 'repeated-sighting';
const CITED = 8;

export const repeatedSighting: Rule = {
  id: ID,
  title: 'Copies of packets off their way',
  needs: 'a packet that two points saw',
  judge(facts) {
    if (facts.sample.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const copied = facts.sample
      .map((packet) => ({ ...packet, copies: copiesOffTheWay(packet) }))
      .filter(({ copies }) => copies.length > 0);
    if (copied.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.sample.length, 'packet')} looked at: no point shows one of them as a second copy beside the way that it takes. Which way that is, is not judged here.`,
      };
    return {
      result: 'found',
      findings: [tell(facts, copied)],
      reason: `${copied.length} of ${counted(facts.sample.length, 'packet')} looked at are seen off their way, too.`,
    };
  },
};

/** Not those that carry the receiver's own MAC: it may have got the packet twice, which is another matter. */
function copiesOffTheWay({ way, copies }: PacketFact): PacketFact['copies'] {
  const receiver = way[way.length - 1].destinationMac;
  return copies.filter(
    ({ destinationMac }) => destinationMac === '' || destinationMac !== receiver,
  );
}

function tell(facts: CaseFacts, copied: readonly PacketFact[]): Finding {
  const [example] = copied;
  const copies = copied.flatMap((packet) => packet.copies);
  const points = pointNames(facts, copies);
  const macs = [...new Set(example.copies.map(({ destinationMac }) => destinationMac))].filter(
    (mac) => mac !== '',
  );
  const receiver = example.way[example.way.length - 1].destinationMac;
  const foreign = macs.filter((mac) => mac !== receiver);
  return {
    ...emptyParts,
    id: findingId(ID, example.connection),
    rule: ID,
    severity: 'note',
    ...weigh(
      0.8,
      'The copies are equal in all that a sender writes, and lie off the way that the packets take.',
    ),
    title: `Copies of packets are seen at ${points}`,
    summary: `${copied.length} of ${facts.sample.length} packets looked at are seen again off their way, at ${points}. These frames are copies that a switch flooded or mirrored: they are no delivery, no retransmission and no loop.`,
    connections: [...new Set(copied.map(({ connection }) => connection))],
    between: null,
    steps: [
      step(
        `A packet ${example.way[0].source} > ${example.way[0].destination} passes ${pointNames(facts, example.way)}, its way.`,
        example.way,
      ),
      step(
        `It is seen again at ${pointNames(facts, example.copies)}${foreign.length > 0 ? `, addressed to ${listed(foreign)} while the receiver gets it as ${receiver}` : ''}: a copy off the way.`,
        example.copies,
      ),
      step(
        `More such copies, ${copies.length} in all among the packets looked at.`,
        copied.slice(1, CITED).flatMap((packet) => packet.copies),
      ),
    ],
    alternatives: [
      {
        rule: 'duplicate-delivery',
        why: 'There the receiver itself, under its own MAC, gets the packet twice.',
      },
    ],
    confirm: [
      {
        text: 'On the node: the switch floods what it has learned no port for.',
        command: 'bridge fdb show; ovs-appctl fdb/show br0',
      },
    ],
    fix: null,
    references: [],
  };
}
