// D24, a consideration: a client uses a source port again soon after; the first SYN is lost and its repetition a second later passes, as IPVS does with conn_reuse_mode.

import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import { consider } from '../consideration';
import { elapsed } from '../elapsed';
import type { HandshakeFacts } from '../handshake-facts';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { onFacts } from '../on-facts';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import { duration, pointNames, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'port-reuse-delay';

interface Reuse {
  readonly handshake: HandshakeFacts;
  /** The connection that had the same ports before. */
  readonly former: ConnectionSummary;
  readonly agoNs: number;
}

export const portReuseDelay: Rule = {
  id: ID,
  title: 'Consider: the first SYN of a port used again is dropped',
  needs: 'two points, and connections that use a source port again',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(
      facts,
      'One point alone does not show where SYNs vanish.',
    );
    if (lacking !== undefined) return lacking;
    const found = findReuses(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: none lost its first SYN on ports that had just been in use.`,
      };
    const [{ handshake, former, agoNs }] = found;
    const [lost, ...again] = handshake.syns;
    return {
      result: 'found',
      findings: [
        consider({
          rule: ID,
          title: `Consider: ${handshake.asked.server} is delayed where a source port is used again`,
          summary: `${counted(found.length, 'connection')} to ${handshake.asked.server} lost the first SYN and opened with the next, a second later; each used ports that a connection had until ${duration(agoNs)} before. Consider IPVS, which drops the first packet of a port used again (conn_reuse_mode); look at that setting.`,
          signature:
            'The first SYN alone is lost, its repetition passes, and the same ports had been in use shortly before.',
          worth: 0.4,
          weights: [[found.length > 1, 0.1, 'It is so more than once.']],
          connections: found.map((one) => one.handshake.connection.id),
          steps: [
            step(
              `${former.client} > ${former.server} is in use until ${duration(agoNs)} before.`,
              sightingsOf(facts.packetsOf(former).slice(-1)),
            ),
            step(
              `At ${utc(facts, firstSighting(lost))} the same ports are used again (SYN, seq ${lost.sequence}). The SYN is seen at ${pointNames(facts, lost.way)} and never behind.`,
              lost.way,
            ),
            step(
              `Sent again ${elapsed(facts, firstSighting(lost), firstSighting(again[0]))} later, it arrives as ${lastSighting(again[0]).source} > ${lastSighting(again[0]).destination}.`,
              again[0].way,
            ),
          ],
          alternatives: [
            {
              rule: 'path-loss',
              why: 'Loss by chance does not choose ports that were in use just before.',
            },
            {
              rule: 'challenge-ack',
              why: 'There the first SYN reaches a socket that still holds the tuple, and is answered.',
            },
          ],
          confirm: [
            {
              text: 'On the node: 1 with a kernel before 5.9 has the delay.',
              command: 'sysctl net.ipv4.vs.conn_reuse_mode net.ipv4.vs.conntrack; uname -r',
            },
            {
              text: 'On the node: whether kube-proxy uses IPVS at all.',
              command: 'ipvsadm -Ln | head',
            },
          ],
          fix: 'If so: a kernel from 5.9 on; or: `sysctl -w net.ipv4.vs.conn_reuse_mode=0` (undo with =1), after which endpoints that are removed keep getting traffic of reused ports.',
          references: [
            {
              title: 'Kubernetes #81775: IPVS, one second delay on port reuse',
              url: 'https://github.com/kubernetes/kubernetes/issues/81775',
            },
            {
              title: 'Kubernetes #93297',
              url: 'https://github.com/kubernetes/kubernetes/issues/93297',
            },
          ],
        }),
      ],
      reason: `${counted(found.length, 'first SYN')} lost on ports that had just been in use.`,
    };
  },
};

const findReuses = onFacts((facts): readonly Reuse[] =>
  facts.handshakes.flatMap((handshake): Reuse[] => {
    const { syns, completed, asked, connection, retries } = handshake;
    if (!completed || syns.length !== 2 || !stopsShort(syns[0], syns[1])) return [];
    if (retries.class !== 'exponential') return [];
    const start = firstSighting(syns[0]).referenceTime;
    const former = facts
      .holdersOf(asked)
      .filter(
        (other) =>
          other.id !== connection.id &&
          other.client === asked.client &&
          other.server === asked.server &&
          other.lastTime < start &&
          start - other.lastTime <= THRESHOLDS.timeWaitNs,
      )
      .at(-1);
    return former === undefined ? [] : [{ handshake, former, agoNs: start - former.lastTime }];
  }),
);

/** It is seen less far than its repetition, and nothing says that it arrived all the same. */
const stopsShort = (first: PacketFact, again: PacketFact): boolean =>
  first.fate !== 'delivered' &&
  first.fate !== 'missed' &&
  again.fate !== 'lost' &&
  first.way.length < again.way.length;
