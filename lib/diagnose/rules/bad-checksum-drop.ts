// D31, a consideration: packets arrive with a wrong checksum of their own, and nothing comes of them until, where ever, a sound copy is sent.
import { counted } from '../../base/counted';
import { type Damage, findDamages } from '../bad-checksum-facts';
import { consider } from '../consideration';
import type { CaseFacts } from '../facts';
import { lacksSecondPoint } from '../lacks';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { pointNames, sightingsOf, step, tupleOfPacket, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'bad-checksum-drop';

export const badChecksumDrop: Rule = {
  id: ID,
  title: 'Consider: packets are dropped for a wrong checksum',
  needs: 'SYNs, segments or short datagrams, captured whole at two points of their way',
  judge(facts) {
    if (facts.points.length < 2 || facts.hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const damages = findDamages(facts);
    if (damages.length === 0)
      return {
        result: 'healthy',
        reason:
          'No SYN or short datagram that got nowhere, and no segment that was sent again, has a wrong checksum where it came to.',
      };
    return {
      result: 'found',
      findings: damages.map((damage) => tell(facts, damage)),
      reason: `${counted(damages.flatMap(({ packets }) => packets).length, 'packet')} with a wrong checksum got nowhere.`,
    };
  },
};

function tell(facts: CaseFacts, { packets, connections: stopped, slowed }: Damage) {
  const connections = [...stopped, ...slowed];
  const outcome =
    slowed.length === 0
      ? `nothing came of ${packets.length === 1 ? 'it' : 'them'}`
      : 'their sender had to send them again';
  const [{ packet, before, at }, ...others] = packets;
  const { name } = facts.points[at.point];
  const where =
    before === null
      ? `at ${name}, another host than its sender’s`
      : `at ${name}, though it was right, or left to the card, at ${facts.points[before.point].name}`;
  return consider({
    rule: ID,
    title: `Consider: ${name} gets packets with a wrong checksum`,
    summary: `${counted(packets.length, 'packet')} of ${counted(connections.length, 'connection')} ${packets.length === 1 ? 'has' : 'have'} a wrong checksum ${where}, and ${outcome}; connection tracking takes such packets for INVALID and does not translate them. Consider something on the way that rewrites packets without mending the sum, or a card that does not fill it in; look at the counters of checksum errors.`,
    signature: `The checksum is wrong ${where}.`,
    worth: 0.45,
    weights: [
      [
        packets.length > 1,
        0.05,
        `${counted(packets.length, 'packet')} share that fate, none with such a checksum got through.`,
      ],
    ],
    connections,
    between: null,
    steps: [
      step(
        `${tupleOfPacket(packet)} is sent at ${utc(facts, firstSighting(packet))}, seen at ${pointNames(facts, packet.way)}.`,
        packet.way,
      ),
      step(`Its checksum is wrong ${where}.`, before === null ? [at] : [before, at]),
      ...(others.length > 0
        ? [
            step(
              `The same is true of ${counted(others.length, 'more packet')}.`,
              sightingsOf(others.slice(0, THRESHOLDS.citedConnections).map((one) => one.packet)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'offload-artefact',
        why: 'On the sending host a capture may show a sum that the card has yet to fill in: such packets are taken. These are seen past that, and are not.',
      },
      {
        rule: 'outer-checksum-drop',
        why: 'There the outer packet of a tunnel has the wrong sum, and the inner one is sound.',
      },
    ],
    confirm: [
      {
        text: 'On the receiving host and in the receiver’s namespace: they rise with each such packet.',
        command: 'nstat -az TcpInCsumErrors UdpInCsumErrors',
      },
      {
        text: 'On a node that tracks connections: “invalid” rises with each, unless nf_conntrack_checksum is 0.',
        command: 'conntrack -S; sysctl net.netfilter.nf_conntrack_checksum',
      },
      {
        text: 'On the host before that point: what the card is trusted to fill in.',
        command:
          'for i in $(ls /sys/class/net); do echo $i; ethtool -k $i 2>/dev/null | grep -E "checksumming|segmentation-offload"; done',
      },
    ],
    fix: 'Find what rewrites packets between the two points (tc pedit without csum, an eBPF program without the helper that mends the sum, a virtual card) and let it mend the sum. As a trial: `ethtool -K <interface> tx off` (undo with tx on).',
    references: [
      {
        title: 'Linux: nf_conntrack_checksum',
        url: 'https://docs.kernel.org/networking/nf_conntrack-sysctl.html',
      },
      {
        title: 'TSO off and checksum offload on: bad packets',
        url: 'https://gist.github.com/rendoaw/3f242b2fa4983f844923',
      },
    ],
  });
}
