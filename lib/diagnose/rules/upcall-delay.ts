// D12, a consideration: the first packet of connections is slow within the node and the next are quick, as where a switch has to ask its daemon about a new flow.
import { counted } from '../../base/counted';
import { consider } from '../consideration';
import { findHopDelays, type HopDelay, type HopDelays, isQuickOtherwise } from '../hop-delay-facts';
import { lacksOneHost } from '../lacks';
import type { Rule } from '../rule';
import { duration, listed, step, stopName, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'upcall-delay';

export const upcallDelay: Rule = {
  id: ID,
  title: 'Consider: the switch is slow with new flows',
  needs: 'two points of one host',
  judge(facts) {
    const hops = findHopDelays(facts);
    if (hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No two points of one host show a packet.',
        lacks: lacksOneHost(facts),
      };
    const found = hops.flatMap((hop) => {
      const slow = findSlowFirsts(hop);
      return slow.length >= THRESHOLDS.slowTimes ? [{ hop, slow }] : [];
    });
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(hops.length, 'hop')} within a host looked at: first packets are not slower than the others by ${duration(THRESHOLDS.slowFirstNs)}.`,
      };
    return {
      result: 'found',
      findings: found.map(({ hop, slow }) => {
        const worst = slow.reduce((most, one) => (one.ns > most.ns ? one : most));
        const where = `from ${stopName(facts, hop.from, hop.direction)} to ${stopName(facts, hop.to, hop.direction)}`;
        return consider({
          rule: ID,
          title: `Consider: new flows are slow ${where}`,
          summary: `The first packet of ${counted(slow.length, 'connection')} takes up to ${duration(worst.ns)} ${where}; packets that follow take ${duration(hop.usualNs)}. Consider a switch (Open vSwitch) that has to ask ovs-vswitchd about each new flow, and waits for it; look at its upcalls.`,
          signature: 'First packets alone are slow, again and again, on one host’s clock.',
          worth: 0.45,
          connections: [...new Set([worst, ...slow].map(({ packet }) => packet.connection))],
          between: [hop.from, hop.to],
          steps: [
            step(
              `At ${utc(facts, worst.from)} the first packet ${worst.from.source} > ${worst.from.destination} takes ${duration(worst.ns)} ${where}.`,
              [worst.from, worst.to],
            ),
            step(
              `Packets that follow another within ${duration(THRESHOLDS.closeBehindNs)} take ${duration(hop.usualNs)} (median of ${hop.close.length}).`,
              hop.close.slice(0, 3).flatMap(({ from, to }) => [from, to]),
            ),
            step(
              `Other first packets take ${listed(
                slow
                  .filter((one) => one !== worst)
                  .slice(0, THRESHOLDS.citedConnections)
                  .map(({ ns }) => duration(ns)),
              )}.`,
              slow
                .filter((one) => one !== worst)
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap(({ from, to }) => [from, to]),
            ),
          ],
          alternatives: [
            {
              rule: 'unanswered-arp',
              why: 'A neighbour that has to be found by ARP first delays a first packet, too: then ARP is seen in between.',
            },
            {
              rule: 'idle-flow-eviction',
              why: 'There packets in mid-connection are slow, after a silence.',
            },
          ],
          confirm: [
            {
              text: 'On the node: “lost” counts packets that never came to the daemon.',
              command: 'ovs-dpctl show | grep lookups; ovs-appctl upcall/show',
            },
            {
              text: 'On the node: the daemon says when it was away for long.',
              command:
                "grep -hE 'Unreasonably long|lost packet on port' /var/log/openvswitch/ovs-vswitchd.log | tail",
            },
            {
              text: 'On the node: what its coverage counters say of flow limits and contention.',
              command: "ovs-appctl coverage/show | grep -E 'upcall|handler|flow_limit'",
            },
          ],
          fix: 'If so: CPU for ovs-vswitchd, Open vSwitch 2.16 or later (one handler socket per CPU), a higher flow limit.',
          references: [
            {
              title: 'openvswitch/ovs-issues #335',
              url: 'https://github.com/openvswitch/ovs-issues/issues/335',
            },
            {
              title: 'cluster-network-operator #1630',
              url: 'https://github.com/openshift/cluster-network-operator/pull/1630',
            },
          ],
        });
      }),
      reason: listed(found.map(({ slow }) => `${counted(slow.length, 'slow first packet')}`)),
    };
  },
};

const findSlowFirsts = (hop: HopDelays): readonly HopDelay[] =>
  isQuickOtherwise(hop, THRESHOLDS.slowFirstNs)
    ? hop.delays.filter(
        ({ idleNs, ns }) =>
          idleNs === null &&
          ns >= THRESHOLDS.slowFirstNs &&
          ns >= THRESHOLDS.slowFirstRatio * hop.usualNs,
      )
    : [];
