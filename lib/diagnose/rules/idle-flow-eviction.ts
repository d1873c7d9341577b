// D13, a consideration: within a connection, packets after a silence of ten seconds are slow and the others quick, as where Open vSwitch drops idle flows from its cache.
import { counted } from '../../base/counted';
import { consider } from '../consideration';
import { findHopDelays, type HopDelay, type HopDelays, isQuickOtherwise } from '../hop-delay-facts';
import { lacksDuration } from '../lacks';
import type { Rule } from '../rule';
import { duration, step, stopName, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'idle-flow-eviction';

export const idleFlowEviction: Rule = {
  id: ID,
  title: 'Consider: the switch forgets idle flows',
  needs: `two points of one host, and connections that are silent for ${THRESHOLDS.maxIdleNs / 1e9} s now and then`,
  judge(facts) {
    const hops = findHopDelays(facts);
    const idle = hops.flatMap((hop) => hop.delays.filter(isIdle)).length;
    if (idle === 0)
      return {
        result: 'notApplicable',
        reason: `No packet after a silence of ${duration(THRESHOLDS.maxIdleNs)} is seen at two points of one host.`,
        lacks: lacksDuration(facts),
      };
    const found = hops.flatMap((hop) => {
      const slow = findSlowIdle(hop);
      return slow.length >= THRESHOLDS.slowTimes ? [{ hop, slow }] : [];
    });
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(idle, 'packet')} after a silence of ${duration(THRESHOLDS.maxIdleNs)} looked at: they are as quick as the others.`,
      };
    return {
      result: 'found',
      findings: found.map(({ hop, slow }) => {
        const worst = slow.reduce((most, one) => (one.ns > most.ns ? one : most));
        const shortest = Math.min(...slow.map(({ idleNs }) => idleNs ?? 0));
        const rested = hop.delays.filter(isIdle);
        const where = `from ${stopName(facts, hop.from, hop.direction)} to ${stopName(facts, hop.to, hop.direction)}`;
        return consider({
          rule: ID,
          title: `Consider: idle flows are forgotten ${where}`,
          summary: `${slow.length} of ${counted(rested.length, 'packet')} that come after ${duration(shortest)} of silence or more take up to ${duration(worst.ns)} ${where}; those that follow closely take ${duration(hop.usualNs)}. Consider a switch (Open vSwitch) that drops flows from its cache after max-idle; look at that setting.`,
          signature: `Slow are those after ${duration(THRESHOLDS.maxIdleNs)} of silence, the default of max-idle, and hardly any other.`,
          worth: 0.45,
          connections: [...new Set([worst, ...slow].map(({ packet }) => packet.connection))],
          between: [hop.from, hop.to],
          steps: [
            step(
              `At ${utc(facts, worst.from)}, after ${duration(worst.idleNs ?? 0)} of silence, a packet ${worst.from.source} > ${worst.from.destination} takes ${duration(worst.ns)} ${where}.`,
              [worst.from, worst.to],
            ),
            step(
              `Those that follow another within ${duration(THRESHOLDS.closeBehindNs)} take ${duration(hop.usualNs)} (median of ${hop.close.length}).`,
              hop.close.slice(0, 3).flatMap(({ from, to }) => [from, to]),
            ),
            step(
              `In all ${counted(slow.length, 'packet')} after a silence ${slow.length === 1 ? 'is' : 'are'} slow.`,
              slow.slice(0, THRESHOLDS.citedConnections).flatMap(({ from, to }) => [from, to]),
            ),
          ],
          alternatives: [
            {
              rule: 'upcall-delay',
              why: 'There the first packet of each connection is slow. Both have one cause where the daemon is loaded.',
            },
            {
              rule: 'slow-endpoint',
              why: 'There the time passes at the server’s own point. Here it passes on the way.',
            },
          ],
          confirm: [
            {
              text: 'On the node: max-idle, in ms (not set: 10000).',
              command: 'ovs-vsctl get Open_vSwitch . other_config',
            },
            {
              text: 'On the node: flows now, on average and at most, and the limit.',
              command: 'ovs-appctl upcall/show',
            },
          ],
          fix: 'If so, on the node: `ovs-vsctl --no-wait set Open_vSwitch . other_config:max-idle=50000`\nTo undo: `ovs-vsctl --no-wait remove Open_vSwitch . other_config max-idle`',
          references: [
            {
              title: 'Open vSwitch: ovs-vswitchd.conf.db, other_config:max-idle',
              url: 'https://www.openvswitch.org/support/dist-docs/ovs-vswitchd.conf.db.5.html',
            },
          ],
        });
      }),
      reason: `${counted(found.flatMap(({ slow }) => slow).length, 'packet')} slow after a silence.`,
    };
  },
};

const isIdle = ({ idleNs }: HopDelay): boolean => idleNs !== null && idleNs >= THRESHOLDS.maxIdleNs;

const findSlowIdle = (hop: HopDelays): readonly HopDelay[] =>
  isQuickOtherwise(hop, THRESHOLDS.slowIdleNs)
    ? hop.delays.filter(
        (delay) =>
          isIdle(delay) &&
          delay.ns >= THRESHOLDS.slowIdleNs &&
          delay.ns >= THRESHOLDS.slowRatio * hop.usualNs,
      )
    : [];
