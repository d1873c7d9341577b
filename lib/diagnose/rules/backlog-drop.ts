// D28, a consideration: within one host packets of many connections are lost together in bursts, as where a queue of the kernel overflows.

import { counted } from '../../base/counted';
import { pointOfStop } from '../../model/stop';
import { consider } from '../consideration';
import { explainedConnections } from '../explained-connections';
import type { CaseFacts } from '../facts';
import { findBursts, groupHopLosses, type HopLosses } from '../hop-losses';
import { lacksSecondPoint } from '../lacks';
import type { LossFact } from '../loss-facts';
import { lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { betweenText, duration, listed, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'backlog-drop';

export const backlogDrop: Rule = {
  id: ID,
  title: 'Consider: a queue of the host overflows',
  needs: 'two points of one host',
  judge(facts) {
    if (facts.hops.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const found = groupHopLosses(facts, explainedConnections(facts)).flatMap((hop) => {
      const bursts = isWithinHost(facts, hop) ? findCommonBursts(hop) : [];
      return bursts.length > 0 ? [{ hop, bursts }] : [];
    });
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.hops.length, 'hop')} looked at: none within a host loses packets of several connections in bursts.`,
      };
    return {
      result: 'found',
      findings: found.map(({ hop, bursts }) => {
        const where = betweenText(facts, [hop.from, hop.to], hop.direction);
        const lost = bursts.flat();
        const largest = bursts.reduce((most, one) => (one.length > most.length ? one : most));
        return consider({
          rule: ID,
          title: `Consider: a queue overflows ${where}`,
          summary: `${counted(lost.length, 'packet')} of ${counted(connectionsOf(lost).length, 'connection')} are lost ${where}, within one host, in ${counted(bursts.length, 'burst')} of up to ${largest.length}. Consider the backlog of a CPU that has no room; look at the second column of softnet_stat.`,
          signature:
            'Packets of several connections are lost in the same milliseconds, and between the bursts all pass.',
          worth: 0.4,
          connections: connectionsOf(lost),
          between: [hop.from, hop.to],
          steps: bursts.slice(0, 4).map((burst) =>
            step(
              `At ${utc(facts, lastSighting(burst[0].packet))} ${counted(burst.length, 'packet')} of ${counted(connectionsOf(burst).length, 'connection')} are lost within ${duration(Math.max(0, lastSighting(burst[burst.length - 1].packet).referenceTime - lastSighting(burst[0].packet).referenceTime))}.`,
              burst.map(({ packet }) => lastSighting(packet)),
            ),
          ),
          alternatives: [
            {
              rule: 'path-loss',
              why: 'Loss by chance comes one by one. Here it comes in bursts, over several connections at once.',
            },
            {
              rule: 'capture-defect',
              why: 'The capture behind may have dropped them in bursts: then senders do not repeat them.',
            },
          ],
          confirm: [
            {
              text: 'On the host, once a second: the second column (hex, one row a CPU) rises with each burst.',
              command: 'while sleep 1; do date; cat /proc/net/softnet_stat; done',
            },
            {
              text: 'On the host: whether one CPU does all the work.',
              command: 'mpstat -P ALL 1 10',
            },
          ],
          fix: 'If so: `sysctl -w net.core.netdev_max_backlog=10000` (default 1000), receive packet steering over more CPUs (rps_cpus), or less work in the softirq.',
          references: [
            {
              title: 'Alibaba Cloud: packet loss and softnet_stat',
              url: 'https://www.alibabacloud.com/help/doc-detail/3010363.html',
            },
          ],
        });
      }),
      reason: listed(found.map(({ bursts }) => `${counted(bursts.length, 'burst')} of losses`)),
    };
  },
};

const connectionsOf = (losses: readonly LossFact[]): readonly string[] => [
  ...new Set(losses.map(({ connection }) => connection.id)),
];

function isWithinHost(facts: CaseFacts, { from, to }: HopLosses): boolean {
  const [a, b] = [from, to].map((stop) => facts.points.find(({ id }) => id === pointOfStop(stop)));
  return a !== undefined && a.host === b?.host;
}

/** Bursts over at least two connections; none where most is lost outside them, or too few are proven. */
function findCommonBursts({ losses }: HopLosses): readonly (readonly LossFact[])[] {
  const bursts = findBursts(losses).filter(
    (burst) =>
      burst.length >= THRESHOLDS.burstLosses &&
      connectionsOf(burst).length > 1 &&
      burst.filter(({ proven, matters }) => proven && matters).length >= THRESHOLDS.burstLosses,
  );
  const within = bursts.flat().length;
  return bursts.length >= THRESHOLDS.burstCount && within >= THRESHOLDS.burstShare * losses.length
    ? bursts
    : [];
}
