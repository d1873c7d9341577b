// D27, a consideration: new connections to one server alone are lost where sources are translated, and those to others open: no source port is left for it.
import { counted } from '../../base/counted';
import { consider } from '../consideration';
import type { CaseFacts } from '../facts';
import { lacksTranslation } from '../lacks';
import { findLostOpenings, type LostOpenings } from '../lost-opening-facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { betweenText, listed, pointNames, sightingsOf, step, stopName, utc } from '../story';
import { THRESHOLDS } from '../thresholds';
import { translatesSources } from '../translation-facts';

const ID = 'snat-port-exhaustion';

export const snatPortExhaustion: Rule = {
  id: ID,
  title: 'Consider: no source port is left for one server',
  needs: 'both sides of a source translation',
  judge(facts) {
    const masqueraded = facts.connections.filter(({ translations }) =>
      translations.some(({ kind, direction }) => kind === 'snat' && direction === 'forward'),
    ).length;
    if (masqueraded === 0)
      return {
        result: 'notApplicable',
        reason: 'No connection’s source is translated between the captures.',
        lacks: lacksTranslation(facts),
      };
    const found = findLostOpenings(facts).filter((hop) => lacksPorts(facts, hop));
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(masqueraded, 'connection')} with a translated source: new ones to one server are not lost while those to others open.`,
      };
    return {
      result: 'found',
      findings: found.map((hop) => {
        const [server] = hop.servers;
        const { handshakes, clients } = hop;
        const ports = portsInUse(facts, hop, server);
        const where = betweenText(facts, [hop.from, hop.to], 'forward');
        const others = hop.opened.filter((one) => one.server !== server);
        return consider({
          rule: ID,
          title: `Consider: no source port is left for ${server}`,
          summary: `${counted(handshakes.length, 'new connection')} of ${counted(clients.size, 'client')} to ${server} lost their SYNs ${where}, where sources are translated, while new connections to other servers opened. Consider a translation that has used up its ports for this one destination; look at how many it has in use.`,
          signature: `New connections to ${server} alone are lost, at the hop that translates their source.`,
          worth: 0.4,
          weights: [
            [
              ports >= 1000,
              0.1,
              `${ports} source ports are seen in use for it within two minutes.`,
            ],
            [
              ports < 1000,
              0,
              `The captures show ${counted(ports, 'source port')} in use for it; entries from before they began do not show.`,
            ],
          ],
          connections: handshakes.map(({ connection }) => connection.id),
          between: [hop.from, hop.to],
          steps: [
            step(
              `From ${utc(facts, firstSighting(handshakes[0].syns[0]))} on SYNs to ${server} are seen at ${pointNames(facts, handshakes[0].syns[0].way)} and not at ${stopName(facts, hop.to, 'forward')}.`,
              sightingsOf(
                handshakes.slice(0, THRESHOLDS.citedConnections).flatMap(({ syns }) => syns),
              ),
            ),
            step(
              `Connections to it had opened before, and those to ${listed([...new Set(others.map((one) => one.server))].slice(0, 3))} open meanwhile.`,
              facts.packetsOf(others[0])[0].way,
            ),
          ],
          alternatives: [
            {
              rule: 'conntrack-table-full',
              why: 'A full table refuses every new connection, to whatever server.',
            },
            {
              rule: 'snat-port-race',
              why: 'There two SYNs leave at once, one is lost, and its repetition passes a second later.',
            },
          ],
          confirm: [
            {
              text: 'On the node: source ports in use for this destination.',
              command: `conntrack -L -p tcp -d ${server.slice(0, server.lastIndexOf(':'))} 2>/dev/null | wc -l; sysctl net.ipv4.ip_local_port_range`,
            },
            {
              text: 'On the node, once a second: insert_failed and drop rise with each lost SYN.',
              command: 'while sleep 1; do date; conntrack -S; done',
            },
          ],
          fix: 'If so: more addresses for the translation, connections that are kept open instead of opened anew, or the way out of the pods without translation.',
          references: [
            {
              title: 'XING: a reason for unexplained connection timeouts on Kubernetes',
              url: 'https://tech.xing.com/a-reason-for-unexplained-connection-timeouts-on-kubernetes-docker-abd041cf7e02',
            },
          ],
        });
      }),
      reason: listed(found.map(({ servers }) => `new connections to ${[...servers][0]} lost`)),
    };
  },
};

function lacksPorts(
  facts: CaseFacts,
  { to, handshakes, servers, opened, openedBefore, otherLosses }: LostOpenings,
): boolean {
  if (handshakes.length < THRESHOLDS.exhaustedOpenings || servers.size !== 1) return false;
  if (otherLosses > 0) return false;
  const [server] = servers;
  return (
    translatesSources(facts, to) &&
    openedBefore.some((one) => one.server === server) &&
    opened.every((one) => one.server !== server) &&
    opened.length > 0
  );
}

/** Distinct translated sources towards the server within TIME_WAIT before the losses. */
const portsInUse = (facts: CaseFacts, { to, start }: LostOpenings, server: string): number =>
  new Set(
    facts.connections
      .filter((one) => one.server === server && one.lastTime > start - THRESHOLDS.timeWaitNs)
      .flatMap(({ translations }) =>
        translations
          .filter((one) => one.kind === 'snat' && one.to === to)
          .map(({ after }) => after),
      ),
  ).size;
