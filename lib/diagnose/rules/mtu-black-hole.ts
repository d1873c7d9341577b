// D08: segments above some size vanish at one hop, every time, and smaller packets pass: an MTU that the path does not have, and no ICMP that says so.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { type BlackHole, findBlackHoles } from '../black-hole-facts';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { findIcmpErrors, type IcmpError } from '../icmp-facts';
import { lacksSecondPoint } from '../lacks';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import {
  betweenText,
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

const ID = 'mtu-black-hole';

export const mtuBlackHole: Rule = {
  id: ID,
  title: 'Large segments vanish, small ones pass',
  needs: 'data at two points of its way',
  judge(facts) {
    if (facts.points.length < 2 || facts.hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const holes = findBlackHoles(facts);
    if (holes.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.losses.length, 'loss', 'losses')} looked at: size does not tell what is lost from what passes.`,
      };
    return {
      result: 'found',
      findings: holes.map((hole) => tell(facts, hole)),
      reason: `${counted(holes.length, 'hop')} ${holes.length === 1 ? 'swallows' : 'swallow'} large segments.`,
    };
  },
};

function tell(facts: CaseFacts, hole: BlackHole): Finding {
  const { losses, smallestLost, largestPassed, passed, from, to } = hole;
  const told = losses.reduce((most, loss) =>
    loss.transmissions.length > most.transmissions.length ? loss : most,
  );
  const { connection, packet, transmissions } = told;
  const times = transmissions.map((one) => firstSighting(one).referenceTime);
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  const tooBig = findTooBig(facts, hole);
  const toldSender = tooBig.some(({ packet: error }) =>
    error.way.some(({ point }) => point === firstSighting(packet).point),
  );
  const where = betweenText(facts, [from, to], packet.direction);
  const peer = parseEndpoint(lastSighting(packet).destination).address;
  const ids = [...new Set([connection.id, ...losses.map((loss) => loss.connection.id)])];
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.8,
      `The smallest segment lost (${smallestLost} bytes) is larger than the largest that passed (${largestPassed} bytes).`,
      [
        [
          losses.length > 1 || transmissions.length > 3,
          0.1,
          `${counted(losses.length, 'segment')}, sent ${counted(
            losses.reduce((sum, loss) => sum + loss.transmissions.length, 0),
            'time',
          )}: none passed.`,
        ],
        [
          !hole.alive,
          -0.2,
          'Nothing small was sent over the hop after the first loss: that it was open then is likely, not certain.',
        ],
        [tooBig.length === 0, 0, 'No ICMP error about the size is in the captures.'],
        [tooBig.length > 0, 0.1, 'ICMP itself says that size is the reason.'],
      ],
    ),
    title: `Segments of ${smallestLost} bytes and more vanish ${where}`,
    summary: `Every segment of ${smallestLost} bytes of payload or more is lost ${where}, however often it is sent again; ${largestPassed > 0 ? `everything up to ${largestPassed} bytes` : 'what carries no payload'} passes${hole.alive ? ', before and after' : ' before'}. ${tooBig.length === 0 ? 'No ICMP tells the sender to send smaller ones: a black hole for path MTU discovery.' : toldSender ? `${sizeError(tooBig[0])}, and the sender does not send smaller ones.` : `${sizeError(tooBig[0])}, but the error is not seen at the sender’s own point: it is lost on its way back.`}`,
    connections: ids,
    between: [from, to],
    steps: [
      step(
        `${firstSighting(packet).source} sends ${sizeText(packet)} to ${firstSighting(packet).destination} at ${utc(facts, firstSighting(packet))} (seq ${packet.sequence}), seen at ${pointNames(facts, packet.way)} and not at ${stopName(facts, to, packet.direction)}.`,
        packet.way,
      ),
      step(
        `It is sent again after ${gapList(gaps)}, the same bytes each time. None of the ${transmissions.length} arrives.`,
        sightingsOf(transmissions.slice(1)),
      ),
      step(
        `${counted(passed.length, 'smaller packet')} of these connections ${passed.length === 1 ? 'passes' : 'pass'} the same hop ${hole.alive ? 'meanwhile' : 'before'}. The largest that ever passed carries ${largestPassed > 0 ? counted(largestPassed, 'byte') : 'no payload'}.`,
        passed.slice(0, 4).flatMap(({ way }) => way),
      ),
      ...(tooBig.length > 0
        ? [
            step(
              `${sizeError(tooBig[0])}, seen at ${pointNames(facts, tooBig[0].packet.way)}${toldSender ? '' : ' and not at the sender’s own point'}.`,
              sightingsOf(tooBig.map((error) => error.packet)),
            ),
          ]
        : []),
      ...(losses.length > 1
        ? [
            step(
              `The same happens to ${counted(losses.length - 1, 'more segment')}.`,
              losses
                .filter((loss) => loss !== told)
                .slice(0, THRESHOLDS.citedConnections)
                .map((loss) => lastSighting(loss.packet)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'path-loss',
        why: `Loss by chance would take small packets as well, and let one of ${transmissions.length} tries pass.`,
      },
    ],
    confirm: [
      {
        text: 'From the sender’s pod: the largest payload that passes with DF set, and the first that does not.',
        command: `ping -M do -c 1 -s ${largestPassed + 24} ${peer}; ping -M do -c 1 -s ${smallestLost + 24} ${peer}`,
      },
      {
        text: 'On both hosts of the hop: MTU of the pods’ interfaces, the overlay and the uplink. VXLAN takes 50 bytes, Geneve 50 and more.',
        command: 'ip -d link | grep -E "mtu|vxlan|geneve"',
      },
      {
        text: 'On the sending host: the MTU that its route takes for the path.',
        command: `ip route get ${peer}`,
      },
      {
        text: 'On the host before the hop: what it refused to fragment.',
        command: 'nstat -az IpFragFails IpOutNoRoutes',
      },
    ],
    fix: 'Give the pods’ interfaces the MTU that the path really has (underlay MTU less the tunnel’s header: 1450 for VXLAN over 1500), or clamp the MSS at the tunnel; let ICMP type 3 code 4 (ICMPv6 type 2) through to the senders. net.ipv4.tcp_mtu_probing=1 lets TCP find it without ICMP.',
    references: [
      { title: 'RFC 1191: path MTU discovery', url: 'https://www.rfc-editor.org/rfc/rfc1191' },
      {
        title: 'RFC 4821: packetization layer path MTU discovery',
        url: 'https://www.rfc-editor.org/rfc/rfc4821',
      },
      {
        title: 'MTU black holes in Kubernetes and VPN paths',
        url: 'https://how2.sh/posts/how-to-diagnose-mtu-black-holes-in-kubernetes-and-vpn-paths',
      },
    ],
  };
}

/** Errors about these connections; those that quote too little to say of which they speak count as well. */
const findTooBig = (facts: CaseFacts, { losses }: BlackHole): readonly IcmpError[] => {
  const connections = new Set(losses.map(({ connection }) => connection.id));
  return findIcmpErrors(facts).filter(
    ({ kind, quoted }) =>
      kind === 'too-big' &&
      quoted !== 'elsewhere' &&
      (quoted === null || connections.has(quoted.connection.id)),
  );
};

/** `10.0.0.254 says by ICMP that the packet is too big for a link of 1400 bytes` */
const sizeError = ({ from, quoted }: IcmpError): string =>
  `${from} says by ICMP that ${quoted === null || quoted === 'elsewhere' ? 'a packet' : `seq ${quoted.quote.sequence}`} is too big${quoted !== null && quoted !== 'elsewhere' && quoted.quote.mtu > 0 ? ` for the next link’s ${quoted.quote.mtu} bytes` : ''}`;

const sizeText = (packet: PacketFact): string => `${lastSighting(packet).payloadLength} bytes`;
