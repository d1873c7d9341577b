// D06: two SYNs to one server leave at once through a masquerade, which gives both the same port; the second entry can't be made, and its SYN is dropped.

import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { formatStop, stopPassage, stopPoint } from '../../model/stop';
import { weigh } from '../confidence';
import { explainedByThemselves } from '../explained-losses';
import type { CaseFacts } from '../facts';
import type { HandshakeFacts } from '../handshake-facts';
import { lacksTranslation } from '../lacks';
import { onFacts } from '../on-facts';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import {
  duration,
  emptyParts,
  findingId,
  pointNames,
  retrySentence,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';
import { translatesSources } from '../translation-facts';

const ID = 'snat-port-race';

export interface PortRace {
  readonly handshake: HandshakeFacts;
  readonly lost: PacketFact;
  readonly winner: ConnectionSummary;
  readonly winnerSyn: PacketFact;
  readonly from: string;
  readonly to: string;
}

export const snatPortRace: Rule = {
  id: ID,
  title: 'SYNs that race for a source port',
  needs: 'both sides of a source translation',
  judge(facts) {
    const masqueraded = facts.connections.filter(
      ({ protocol, translations }) =>
        protocol === 'tcp' &&
        translations.some(({ kind, direction }) => kind === 'snat' && direction === 'forward'),
    ).length;
    if (masqueraded === 0)
      return {
        result: 'notApplicable',
        reason: 'No connection’s source is translated between the captures.',
        lacks: lacksTranslation(facts),
      };
    const found = findPortRaces(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(masqueraded, 'connection')} with a translated source: no SYN was lost beside another to the same server.`,
      };
    return {
      result: 'found',
      findings: [tell(facts, found)],
      reason: `${counted(found.length, 'SYN')} lost while another to the same server passed.`,
    };
  },
};

export const findPortRaces = onFacts((facts): readonly PortRace[] => {
  const races = facts.handshakes.flatMap((handshake): PortRace[] => {
    const [lost] = handshake.syns;
    if (lost.fate !== 'lost' || lost.lostFrom === null || lost.lostTo === null) return [];
    // Only the first one races: its repetitions come alone, and one of them passes.
    if (!handshake.completed) return [];
    const [from, to] = [lost.lostFrom, lost.lostTo].map((stop) =>
      formatStop(facts.points[stopPoint(stop)].id, stopPassage(stop)),
    );
    if (!translatesSources(facts, to)) return [];
    const at = firstSighting(lost).referenceTime;
    const { server, client } = handshake.asked;
    const winner = facts.connections.find(
      (other) =>
        other.id !== handshake.connection.id &&
        other.protocol === 'tcp' &&
        other.server === server &&
        other.client !== client &&
        Math.abs(other.firstTime - at) <= THRESHOLDS.raceNs &&
        other.translations.some((one) => one.kind === 'snat' && one.to === to),
    );
    const winnerSyn =
      winner === undefined
        ? undefined
        : facts.packetsOf(winner, 4).find(({ kind }) => kind === 'syn');
    // The same source port before translation is not needed: the masquerade may choose for both.
    return winner === undefined || winnerSyn === undefined || winnerSyn.fate === 'lost'
      ? []
      : [{ handshake, lost, winner, winnerSyn, from, to }];
  });
  if (races.length === 0) return [];
  const explained = new Set(races.map(({ lost }) => lost));
  const others = explainedByThemselves(facts);
  // A hop that loses other packets as well loses by chance, SYNs among them.
  return races.filter(({ from, to }) =>
    facts.losses.every(
      (loss) =>
        loss.from !== from ||
        loss.to !== to ||
        loss.packet.direction !== 'forward' ||
        others.has(loss.connection.id) ||
        [...explained].some((syn) => firstSighting(syn).frame === firstSighting(loss.packet).frame),
    ),
  );
});

function tell(facts: CaseFacts, found: readonly PortRace[]): Finding {
  const [{ handshake, lost, winner, winnerSyn, from, to }, ...others] = found;
  const passed = handshake.syns.find(({ fate }) => fate !== 'lost') ?? handshake.askedSyn;
  const apart = Math.abs(
    firstSighting(lost).referenceTime - firstSighting(winnerSyn).referenceTime,
  );
  const waited = firstSighting(passed).referenceTime - firstSighting(lost).referenceTime;
  return {
    ...emptyParts,
    id: findingId(ID, handshake.connection.id),
    rule: ID,
    severity: waited >= THRESHOLDS.failureStallNs * THRESHOLDS.timerEarly ? 'failure' : 'warning',
    ...weigh(
      0.6,
      `The SYN was lost where the source is translated, within ${duration(THRESHOLDS.raceNs)} of another that passed, and its repetition passed.`,
      [
        [found.length > 1, 0.2, 'It is so more than once.'],
        [true, 0, 'Nothing else is lost at this hop.'],
      ],
    ),
    title: `SYNs to ${handshake.asked.server} are lost when two leave at once`,
    summary: `${counted(found.length, 'SYN')} to ${handshake.asked.server} ${found.length === 1 ? 'was' : 'were'} lost where the source is translated, ${found.length === 1 ? '' : 'each '}within ${duration(THRESHOLDS.raceNs)} of another client’s SYN to the same server that passed; the repetition passed, too. That is how two connections race for one source port of the masquerade.`,
    connections: [
      handshake.connection.id,
      winner.id,
      ...others.map((one) => one.handshake.connection.id),
    ],
    between: [from, to],
    steps: [
      step(
        `${winner.client} opens a connection to ${winner.server} at ${utc(facts, firstSighting(winnerSyn))}; its SYN passes as ${lastSighting(winnerSyn).source}.`,
        winnerSyn.way,
      ),
      step(
        `${duration(apart)} apart, ${handshake.asked.client} opens one to the same server. Its SYN is seen at ${pointNames(facts, lost.way)} and not at ${stopName(facts, to, 'forward')}.`,
        lost.way,
      ),
      step(
        `It is sent again ${retrySentence(handshake.retries)}, and passes as ${lastSighting(passed).source}.`,
        passed.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens ${counted(others.length, 'more time')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.lost, one.winnerSyn])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'path-loss',
        why: 'Loss by chance does not wait for two SYNs to leave at once, and takes other packets as well.',
      },
      {
        rule: 'conntrack-table-full',
        why: 'A full table refuses every new connection, to whatever server.',
      },
    ],
    confirm: [
      {
        text: 'On the node: insert_failed rises by one for each lost SYN.',
        command: 'conntrack -S',
      },
      {
        text: 'On the node: whether the masquerade chooses ports at random.',
        command: `iptables-save -t nat | grep MASQUERADE; conntrack -L -d ${parseEndpoint(handshake.asked.server).address} | head`,
      },
    ],
    fix: 'MASQUERADE with --random-fully (iptables 1.6.2 and later; kube-proxy and flannel use it where the kernel has it), and connections that are kept open instead of opened anew.',
    references: [
      {
        title: 'XING: a reason for unexplained connection timeouts on Kubernetes',
        url: 'https://tech.xing.com/a-reason-for-unexplained-connection-timeouts-on-kubernetes-docker-abd041cf7e02',
      },
      { title: 'Kubernetes #76699', url: 'https://github.com/kubernetes/kubernetes/issues/76699' },
    ],
  };
}
