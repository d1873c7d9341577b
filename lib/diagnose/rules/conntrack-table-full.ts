// D09, a consideration: at one hop new connections are lost, of many clients to several servers, while open ones go on: as where connection tracking is full.
import { counted } from '../../base/counted';
import { consider } from '../consideration';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { findLostOpenings, type LostOpenings } from '../lost-opening-facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { betweenText, listed, pointNames, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'conntrack-table-full';

export const conntrackTableFull: Rule = {
  id: ID,
  title: 'Consider: the table of connection tracking is full',
  needs: 'two points, and new and open connections over the same hop',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(
      facts,
      'One point alone does not show where SYNs vanish.',
    );
    if (lacking !== undefined) return lacking;
    const found = findLostOpenings(facts).filter(refusesNewOnes);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no hop refuses new connections of many clients while open ones go on.`,
      };
    return {
      result: 'found',
      findings: found.map((hop) => {
        const { handshakes, clients, servers, carriedOn } = hop;
        const [first] = handshakes;
        const where = betweenText(facts, [hop.from, hop.to], 'forward');
        return consider({
          rule: ID,
          title: `Consider: connection tracking is full ${where}`,
          summary: `${counted(handshakes.length, 'new connection')} of ${counted(clients.size, 'client')} to ${counted(servers.size, 'server')} lost their SYNs ${where}, while ${counted(carriedOn.length, 'open connection')} went on there. Consider a table of connection tracking that has no room for new entries; look at its count and its limit.`,
          signature:
            'New connections alone are lost, whoever opens them and whereto, and nothing answers.',
          connections: handshakes.map(({ connection }) => connection.id),
          between: [hop.from, hop.to],
          steps: [
            step(
              `From ${utc(facts, firstSighting(first.syns[0]))} on SYNs are seen at ${pointNames(facts, first.syns[0].way)} and not behind: ${listed(handshakes.slice(0, THRESHOLDS.citedConnections).map(({ asked }) => `${asked.client} > ${asked.server}`))}${handshakes.length > THRESHOLDS.citedConnections ? ' and others' : ''}.`,
              sightingsOf(
                handshakes.slice(0, THRESHOLDS.citedConnections).flatMap(({ syns }) => syns),
              ),
            ),
            step(
              `Open connections go on over the same hop: ${listed(carriedOn.slice(0, 3).map(({ client, server }) => `${client} > ${server}`))}.`,
              sightingsOf(
                facts
                  .packetsOf(carriedOn[0])
                  .filter((packet) => firstSighting(packet).referenceTime > hop.start)
                  .slice(0, 2),
              ),
            ),
          ],
          alternatives: [
            {
              rule: 'snat-port-exhaustion',
              why: 'There new connections to one server alone are lost. Here it is several.',
            },
            {
              rule: 'backlog-drop',
              why: 'A queue that overflows takes packets of open connections as well.',
            },
          ],
          confirm: [
            {
              text: 'On the node: count and limit.',
              command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
            },
            {
              text: 'On the node: the kernel says so, and drop and early_drop rise.',
              command: "dmesg | grep 'nf_conntrack: table full'; conntrack -S",
            },
          ],
          fix: 'If so: `sysctl -w net.netfilter.nf_conntrack_max=…` (and nf_conntrack_buckets a quarter of it; undo with the value before), shorter timeouts for closed connections, or NOTRACK for traffic that needs none.',
          references: [
            {
              title: 'SUSE: nf_conntrack table full, dropping packet',
              url: 'https://suse.com/support/kb/doc/?id=000020149',
            },
            {
              title: 'Kubernetes #18604',
              url: 'https://github.com/kubernetes/kubernetes/issues/18604',
            },
          ],
        });
      }),
      reason: listed(found.map(({ handshakes }) => `${handshakes.length} new connections lost`)),
    };
  },
};

const refusesNewOnes = ({
  handshakes,
  clients,
  servers,
  opened,
  carriedOn,
  otherLosses,
}: LostOpenings): boolean =>
  handshakes.length >= THRESHOLDS.tableFullOpenings &&
  clients.size >= THRESHOLDS.tableFullClients &&
  servers.size >= THRESHOLDS.tableFullServers &&
  otherLosses === 0 &&
  carriedOn.length > 0 &&
  // Some entries expire meanwhile, and let a few in.
  opened.length * 4 <= handshakes.length;
