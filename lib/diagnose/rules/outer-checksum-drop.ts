// D07: encapsulated packets reach the other node with a wrong outer UDP checksum, and its kernel drops them before they are unpacked.
import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { STATUS_TUNNELLED } from '../../model/packet-status';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksSecondPoint, lacksUplinks } from '../lacks';
import type { LossFact } from '../loss-facts';
import { findOuterChecksumLosses } from '../outer-checksum-facts';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import {
  duration,
  emptyParts,
  findingId,
  pointNames,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'outer-checksum-drop';

export const outerChecksumDrop: Rule = {
  id: ID,
  title: 'Tunnelled packets dropped for their outer checksum',
  needs: 'the uplinks of two nodes with VXLAN or Geneve, and a point behind the tunnel',
  judge(facts) {
    if (facts.points.length < 2 || facts.hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const groups = new Map<string, LossFact[]>();
    for (const loss of findOuterChecksumLosses(facts)) {
      const key = `${loss.from} ${loss.to}`;
      groups.set(key, [...(groups.get(key) ?? []), loss]);
    }
    if (groups.size === 0 && !hasTunnels(facts))
      return {
        result: 'notApplicable',
        reason: 'No packet looked at is inside a tunnel.',
        lacks: facts.clocks.length > 1 ? lacksUplinks(facts) : [],
      };
    if (groups.size === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.losses.length, 'loss', 'losses')} looked at: none was last seen inside a tunnel with a wrong outer checksum.`,
      };
    return {
      result: 'found',
      findings: [...groups.values()].map((group) => tell(facts, group)),
      reason: `${counted([...groups.values()].flat().length, 'packet')} lost behind a wrong outer checksum.`,
    };
  },
};

const hasTunnels = (facts: CaseFacts): boolean =>
  facts.sample.some(({ way }) => way.some(({ status }) => (status & STATUS_TUNNELLED) !== 0));

function tell(facts: CaseFacts, group: readonly LossFact[]): Finding {
  const told = group.reduce((most, loss) =>
    loss.transmissions.length > most.transmissions.length ? loss : most,
  );
  const { packet, connection, transmissions, from, to } = told;
  const last = lastSighting(packet);
  const stall = Math.max(...group.map(({ stallNs }) => stallNs ?? Number.POSITIVE_INFINITY));
  const others = group.filter((loss) => !transmissions.includes(loss.packet));
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: stall >= THRESHOLDS.failureStallNs ? 'failure' : 'warning',
    ...weigh(
      0.8,
      'The outer checksum was computed anew and is wrong, and what carries it does not come out of the tunnel.',
      [[group.length > 1, 0.12, `${counted(group.length, 'packet')} share that fate.`]],
    ),
    title: `Tunnelled packets with a wrong outer checksum are dropped behind ${stopName(facts, from, packet.direction)}`,
    summary: `${counted(group.length, 'packet')} reached ${stopName(facts, from, packet.direction)} inside a tunnel whose outer UDP checksum is there and wrong, and never came out at ${stopName(facts, to, packet.direction)}. The receiving kernel drops such packets before it unpacks them. The inner packet is sound.`,
    connections: [...new Set([connection.id, ...group.map((loss) => loss.connection.id)])],
    between: [from, to],
    steps: [
      step(
        `${firstSighting(packet).source} sends to ${firstSighting(packet).destination} at ${utc(facts, firstSighting(packet))}, seen at ${pointNames(facts, packet.way)}.`,
        packet.way,
      ),
      step(
        `At ${facts.points[last.point].name} its outer UDP checksum is neither 0 nor right, nor one that a network card is still to fill in.`,
        [last],
      ),
      step(
        `It is not seen at ${stopName(facts, to, packet.direction)}. ${transmissions.length > 1 ? `Sent again ${counted(transmissions.length - 1, 'time')}${told.stallNs === null ? ', it never arrives' : `, it arrives ${duration(told.stallNs)} after it was first sent`}.` : ''}`.trim(),
        sightingsOf(transmissions.slice(1)),
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more packet')}.`,
              others.map((loss) => lastSighting(loss.packet)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'offload-artefact',
        why: 'On the sending host a checksum may look wrong because the card fills it in later. That form is told apart here, and these packets do not arrive.',
      },
      {
        rule: 'mtu-black-hole',
        why: 'There size decides. Here small packets (SYNs) are lost as well.',
      },
    ],
    confirm: [
      {
        text: 'On the receiving node: UDP checksum errors rise with each lost packet.',
        command: 'nstat -az UdpInCsumErrors',
      },
      {
        text: 'On the sending node: checksum offload of the tunnel’s interface.',
        command: 'ethtool -k flannel.1 | grep tx-checksum',
      },
    ],
    fix: 'Kubernetes 1.16.13, 1.17.9, 1.18.6 and later no longer masquerade the outer packet (PR 92035); or a kernel with the checksum fix.\nUntil then, on the sending node: `ethtool --offload <tunnel interface> tx off`\nTo undo: `ethtool --offload <tunnel interface> tx on`',
    references: [
      {
        title: 'Kubernetes PR 92035: fix for the 63 s delay over VXLAN',
        url: 'https://github.com/kubernetes/kubernetes/pull/92035',
      },
      {
        title: 'Kubernetes #90854: timeouts over VXLAN until the offload is off',
        url: 'https://github.com/kubernetes/kubernetes/issues/90854',
      },
      { title: 'Calico #3145', url: 'https://github.com/projectcalico/calico/issues/3145' },
    ],
  };
}
