// D32, a consideration: of datagrams in fragments the first passes a hop and the later ones, which carry no ports, are lost there.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import { STATUS_FRAGMENT, STATUS_LATER_FRAGMENT } from '../../model/packet-status';
import { consider } from '../consideration';
import { findIcmpErrors } from '../icmp-facts';
import type { LossFact } from '../loss-facts';
import { onFacts } from '../on-facts';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import { betweenText, sightingsOf, step, stopName, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'fragment-loss';

interface LostFragments {
  readonly from: string;
  readonly to: string;
  /** Later fragments, or first ones, that are lost. */
  readonly losses: readonly LossFact[];
  readonly later: boolean;
  /** Fragments of the other kind that passed the hop. */
  readonly passed: readonly PacketFact[];
}

export const fragmentLoss: Rule = {
  id: ID,
  title: 'Consider: fragments are dropped for want of ports',
  needs: 'IP fragments at two points',
  judge(facts) {
    const fragments = facts.sample.filter(isFragment).length;
    const found = findLostFragments(facts);
    if (fragments === 0 && found.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No IP fragments are among the packets looked at.',
      };
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(fragments, 'fragment')} looked at: no hop lets first ones pass and loses the later ones.`,
      };
    return {
      result: 'found',
      findings: found.map(({ from, to, losses, passed, later }) => {
        const [{ packet, connection }] = losses;
        const where = betweenText(facts, [from, to], packet.direction);
        const [lostKind, passedKind] = later ? ['later', 'first'] : ['first', 'later'];
        const expired = findIcmpErrors(facts).filter(({ words }) => words.includes('reassembly'));
        return consider({
          rule: ID,
          title: `Consider: ${lostKind} fragments are dropped ${where}`,
          summary: `${counted(losses.length, `${lostKind} fragment`)} ${losses.length === 1 ? 'is' : 'are'} lost ${where}, while ${counted(passed.length, `${passedKind} fragment`)} of the same flows pass. Consider a filter or a translation that goes by ports, which only first fragments carry; look at how that hop treats fragments.`,
          signature:
            'What passes and what is lost differ in nothing but their place in the datagram.',
          worth: 0.4,
          weights: [
            [
              expired.length > 0,
              0.1,
              'ICMP says that the receiver waited in vain for the rest of a datagram.',
            ],
          ],
          connections: [...new Set([connection.id, ...losses.map((loss) => loss.connection.id)])],
          between: [from, to],
          steps: [
            step(
              `${firstSighting(packet).source} sends a datagram to ${firstSighting(packet).destination} in fragments, at ${utc(facts, firstSighting(packet))}. Its ${lostKind} fragments are seen at ${stopName(facts, from, packet.direction)} and never at ${stopName(facts, to, packet.direction)}.`,
              losses.slice(0, THRESHOLDS.citedConnections).map((loss) => lastSighting(loss.packet)),
            ),
            step(
              `Its ${passedKind} ${passed.length === 1 ? 'fragment passes' : 'fragments pass'}.`,
              sightingsOf(passed.slice(0, 4)),
            ),
            ...(expired.length > 0
              ? [
                  step(
                    'The receiver gives up: ICMP, fragment reassembly time exceeded.',
                    sightingsOf(expired.slice(0, 4).map((error) => error.packet)),
                  ),
                ]
              : []),
          ],
          alternatives: [
            {
              rule: 'mtu-black-hole',
              why: 'There large packets that must not be fragmented are lost. These were fragmented.',
            },
            {
              rule: 'path-loss',
              why: 'Loss by chance does not choose fragments by their place.',
            },
          ],
          confirm: [
            {
              text: 'On the host of this hop: fragments that could not be put together.',
              command: 'nstat -az IpReasmFails IpReasmTimeout IpFragFails',
            },
            {
              text: 'On the node: how the switch treats fragments.',
              command: 'ovs-ofctl get-frags br0',
            },
          ],
          fix: 'If so: let the application send datagrams that fit the MTU (DNS: EDNS buffer of 1232 bytes), or let the filter put fragments together before it judges them.',
          references: [
            {
              title: 'RFC 8900: IP fragmentation considered fragile',
              url: 'https://www.rfc-editor.org/rfc/rfc8900',
            },
          ],
        });
      }),
      reason: `${counted(found.length, 'hop treats', 'hops treat')} fragments of one flow differently.`,
    };
  },
};

const isFragment = (packet: PacketFact): boolean =>
  (firstSighting(packet).status & STATUS_FRAGMENT) !== 0;
const isLater = (packet: PacketFact): boolean =>
  (firstSighting(packet).status & STATUS_LATER_FRAGMENT) !== 0;

const findLostFragments = onFacts((facts): readonly LostFragments[] => {
  const byHop = new Map<string, LossFact[]>();
  for (const loss of facts.losses) {
    if (!isFragment(loss.packet)) continue;
    const key = `${loss.from} ${loss.to} ${isLater(loss.packet)}`;
    byHop.set(key, [...(byHop.get(key) ?? []), loss]);
  }
  return [...byHop.values()].flatMap((losses): LostFragments[] => {
    const [{ from, to, packet }] = losses;
    if (losses.length < THRESHOLDS.lostFragments) return [];
    const later = isLater(packet);
    const ofPair = new Set(losses.map((loss) => pairOf(loss.packet)));
    const passed = fragmentsOf(facts).filter(
      (other) => isLater(other) !== later && other.way.length > 1 && ofPair.has(pairOf(other)),
    );
    return passed.length < THRESHOLDS.lostFragments ? [] : [{ from, to, losses, later, passed }];
  });
});

/** Addresses alone: later fragments have no ports. */
function pairOf(packet: PacketFact): string {
  const { source, destination } = firstSighting(packet);
  return `${parseEndpoint(source).address} ${parseEndpoint(destination).address}`;
}

const fragmentsOf = onFacts((facts): readonly PacketFact[] => facts.sample.filter(isFragment));
