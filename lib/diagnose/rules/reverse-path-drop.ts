// D11, a consideration: SYNs come in at a node's interface and go nowhere, while the same server is reached through another interface: as rp_filter drops what comes the wrong way.

import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import { pointOfStop } from '../../model/stop';
import { connectionsTo } from '../by-server';
import { consider } from '../consideration';
import type { CaseFacts } from '../facts';
import type { HandshakeFacts } from '../handshake-facts';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { onFacts } from '../on-facts';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { pointNames, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';
import { findCollisions } from '../tuple-collision-facts';

const ID = 'reverse-path-drop';

interface WrongWay {
  readonly handshakes: readonly HandshakeFacts[];
  readonly point: number;
  /** Reaches the same server, and never passes the point. */
  readonly other: ConnectionSummary;
}

export const reversePathDrop: Rule = {
  id: ID,
  title: 'Consider: a node drops what comes in by the wrong interface',
  needs: 'two interfaces of a node, and a connection that comes in by the other one',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(facts, 'One point alone does not show two ways in.');
    if (lacking !== undefined) return lacking;
    const found = findWrongWays(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no server is reached by one interface and not by another.`,
      };
    return {
      result: 'found',
      findings: found.map(({ handshakes, point, other }) => {
        const [told] = handshakes;
        const { name } = facts.points[point];
        const syns = handshakes.flatMap((handshake) => handshake.syns);
        const example = facts.packetsOf(other)[0];
        return consider({
          rule: ID,
          title: `Consider: ${name} drops what its host would answer by another interface`,
          summary: `${counted(syns.length, 'SYN')} to ${told.asked.server} come in at ${name} and are seen nowhere else, while ${other.client} reaches the same server without passing there. Consider reverse-path filtering (rp_filter): the host’s way back to ${told.asked.client} leads through another interface; look at its routes.`,
          signature:
            'Nothing to this server ever goes on from this interface; by another way it is reached.',
          worth: 0.4,
          connections: handshakes.map(({ connection }) => connection.id),
          steps: [
            step(
              `${told.asked.client} opens a connection to ${told.asked.server} at ${utc(facts, firstSighting(told.syns[0]))}. All ${counted(syns.length, 'SYN')} are seen at ${pointNames(facts, told.syns[0].way)} and never behind; nothing answers.`,
              sightingsOf(syns.slice(0, THRESHOLDS.citedFrames)),
            ),
            step(
              `${other.client} > ${other.server} opens, by another way (${pointNames(facts, example.way)}).`,
              example.way,
            ),
          ],
          alternatives: [
            {
              rule: 'steady-drop',
              why: 'A policy would drop by addresses, at a hop that others pass. Here no other connection passes from this interface to the server.',
            },
            {
              rule: 'capture-defect',
              why: 'The way behind this interface may simply not be captured: then something would answer.',
            },
          ],
          confirm: [
            {
              text: 'On the node: it rises with each SYN.',
              command: 'nstat -az TcpExtIPReversePathFilter',
            },
            {
              text: 'On the node: what it drops so is logged once this is on.',
              command: 'sysctl -w net.ipv4.conf.all.log_martians=1; dmesg -w | grep -i martian',
            },
            {
              text: 'On the node: the greater of “all” and the interface’s own holds; 1 is strict.',
              command: 'sysctl -a 2>/dev/null | grep "\\.rp_filter"',
            },
            {
              text: 'On the node: by which interface it would answer.',
              command: `ip route get ${told.asked.client.slice(0, told.asked.client.lastIndexOf(':'))}`,
            },
          ],
          fix: 'If so: `sysctl -w net.ipv4.conf.<interface>.rp_filter=2` (loose; undo with =1), or routes by policy so that answers leave where requests come in.',
          references: [
            {
              title: 'Red Hat: asymmetric routing and rp_filter',
              url: 'https://access.redhat.com/solutions/53031',
            },
            {
              title: 'Linux: rp_filter in ip-sysctl',
              url: 'https://docs.kernel.org/networking/ip-sysctl.html',
            },
          ],
        });
      }),
      reason: `SYNs come in by ${counted(found.length, 'interface')} and go no farther.`,
    };
  },
};

export const findWrongWays = onFacts((facts): readonly WrongWay[] => {
  const collided = new Set(findCollisions(facts).map(({ handshake }) => handshake.connection.id));
  const groups = new Map<string, HandshakeFacts[]>();
  for (const handshake of facts.handshakes) {
    const point = findDeadEnd(handshake);
    if (point === undefined || collided.has(handshake.connection.id)) continue;
    const key = `${point} ${handshake.asked.server}`;
    groups.set(key, [...(groups.get(key) ?? []), handshake]);
  }
  return [...groups.values()].flatMap((handshakes) => {
    const syns = handshakes.reduce((sum, one) => sum + one.syns.length, 0);
    if (syns < THRESHOLDS.steadySyns) return [];
    return judgeWay(facts, handshakes) ?? [];
  });
});

/** The one point that all SYNs end at; undefined where something answers, or it is their sender's own. */
function findDeadEnd({ syns, replies, refusals, completed }: HandshakeFacts): number | undefined {
  if (completed || replies.length > 0 || refusals.length > 0) return undefined;
  const { point } = lastSighting(syns[0]);
  return syns.every((syn) => lastSighting(syn).point === point && syn.fate !== 'delivered')
    ? point
    : undefined;
}

function judgeWay(facts: CaseFacts, handshakes: readonly HandshakeFacts[]): WrongWay | undefined {
  const [{ syns, asked }] = handshakes;
  const { point } = lastSighting(syns[0]);
  const { id, role } = facts.points[point];
  // At the client's own end it is the client's own network that drops.
  if (role?.kind === 'end' || role?.kind === 'host-end') return undefined;
  const opened = connectionsTo(facts, asked.server).filter(
    (other) => other.handshake === 'complete',
  );
  const passes = ({ forwardStops }: ConnectionSummary): boolean =>
    forwardStops.some((stop) => pointOfStop(stop) === id);
  const other = opened.find(
    (one) =>
      one.forwardStops.length > 1 &&
      one.reverseStops.length > 0 &&
      one.firstTime <= facts.points[point].lastTime,
  );
  return other === undefined || opened.some(passes) ? undefined : { handshakes, point, other };
}
