// D15, a consideration: a server answers SYNs of one address only where their timestamps rise, as with tcp_tw_recycle behind NAT.
import { counted } from '../../base/counted';
import { sequenceDifference } from '../../base/sequence-number';
import { parseEndpoint } from '../../model/endpoint';
import { connectionsReaching } from '../by-server';
import { consider } from '../consideration';
import type { CaseFacts } from '../facts';
import { lacksOpenings } from '../lacks';
import { onFacts } from '../on-facts';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import { listed, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'timestamp-rejected-syn';

/** A SYN as it reached the server. */
interface Arrival {
  readonly connection: string;
  readonly syn: PacketFact;
  readonly answered: boolean;
  readonly time: number;
}

interface Rejected {
  readonly source: string;
  readonly server: string;
  readonly unanswered: readonly Arrival[];
  readonly answered: readonly Arrival[];
}

export const timestampRejectedSyn: Rule = {
  id: ID,
  title: 'Consider: a server refuses SYNs with older timestamps',
  needs: 'the server’s own point, and several connections from one address with TCP timestamps',
  judge(facts) {
    const lacking = lacksOpenings(facts);
    if (lacking !== undefined) return lacking;
    const found = findRejected(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no server answers by the order of timestamps.`,
      };
    return {
      result: 'found',
      findings: found.map(({ source, server, unanswered, answered }) => {
        const [first] = unanswered;
        return consider({
          rule: ID,
          title: `Consider: ${server} refuses SYNs of ${source} with older timestamps`,
          summary: `${counted(unanswered.length, 'SYN')} of ${source} reach ${server} and get no answer; each has a lower timestamp than one seen from that address within ${THRESHOLDS.pawsNs / 1e9} s before. ${counted(answered.length, 'SYN')} with rising timestamps ${answered.length === 1 ? 'is' : 'are'} answered. Consider tcp_tw_recycle on the server, with several hosts behind one address; look at PAWSPassive.`,
          signature:
            'Answered are those whose timestamp rises, unanswered those whose timestamp falls, without exception.',
          connections: [...new Set(unanswered.map(({ connection }) => connection))],
          steps: [
            step(
              `At ${utc(facts, lastSighting(first.syn))} a SYN reaches the server as ${lastSighting(first.syn).source} > ${lastSighting(first.syn).destination}, TSval ${first.syn.timestampValue}, and is not answered.`,
              first.syn.way,
            ),
            step(
              `SYNs of the same address that are answered have TSval ${listed(answered.slice(0, 4).map(({ syn }) => `${syn.timestampValue}`))}.`,
              sightingsOf(answered.slice(0, 4).map(({ syn }) => syn)),
            ),
            step(
              `In all ${unanswered.length} are not answered, with TSval ${listed(unanswered.slice(0, 4).map(({ syn }) => `${syn.timestampValue}`))}${unanswered.length > 4 ? ' and so on' : ''}.`,
              sightingsOf(unanswered.slice(0, THRESHOLDS.citedConnections).map(({ syn }) => syn)),
            ),
          ],
          alternatives: [
            {
              rule: 'listen-queue-overflow',
              why: 'A full queue does not care for timestamps.',
            },
          ],
          confirm: [
            {
              text: 'At the server: it rises with each SYN that is refused so.',
              command: 'nstat -az TcpExtPAWSPassive',
            },
            {
              text: 'At the server: 1 is the fault; the setting is gone since Linux 4.12.',
              command: 'sysctl net.ipv4.tcp_tw_recycle; uname -r',
            },
          ],
          fix: 'If so, on the server: `sysctl -w net.ipv4.tcp_tw_recycle=0` Never enable it; Linux 4.12 (4396e46187ca) has removed it.',
          references: [
            {
              title: 'varnish-misc: tcp_tw_recycle and clients behind NAT',
              url: 'https://varnish-cache.org/lists/pipermail/varnish-misc/2009-September/017501.html',
            },
          ],
        });
      }),
      reason: listed(found.map(({ source, server }) => `${server} refuses some of ${source}`)),
    };
  },
};

export const findRejected = onFacts((facts): readonly Rejected[] => {
  const servers = new Set(
    facts.handshakes.filter(isIgnored).map(({ syns }) => lastSighting(syns[0]).destination),
  );
  return [...servers].flatMap((server): Rejected[] => {
    const bySource = new Map<string, Arrival[]>();
    for (const arrival of arrivalsAt(facts, server)) {
      const source = parseEndpoint(lastSighting(arrival.syn).source).address;
      bySource.set(source, [...(bySource.get(source) ?? []), arrival]);
    }
    return [...bySource].flatMap(([source, arrivals]): Rejected[] => {
      const unanswered = arrivals.filter(({ answered }) => !answered);
      const answered = arrivals.filter((arrival) => arrival.answered);
      if (unanswered.length < THRESHOLDS.unansweredSyns || answered.length < 2) return [];
      const follows = arrivals.every((arrival) => falls(arrival, arrivals) === !arrival.answered);
      return follows ? [{ source, server, unanswered, answered }] : [];
    });
  });
});

const isIgnored = ({ syns, replies, refusals }: CaseFacts['handshakes'][number]): boolean =>
  replies.length === 0 && refusals.length === 0 && syns[0].timestampValue !== 0;

/** SYNs with timestamps that reached the server's side, in order of time. */
function arrivalsAt(facts: CaseFacts, server: string): readonly Arrival[] {
  return connectionsReaching(facts, server)
    .filter(({ protocol, handshake }) => protocol === 'tcp' && handshake !== 'unseen')
    .slice(0, THRESHOLDS.closeLook)
    .flatMap((connection): Arrival[] => {
      const packets = facts.packetsOf(connection, 16);
      const answer = packets.find(({ kind }) => kind === 'syn-ack');
      return packets
        .filter(
          (packet) =>
            packet.kind === 'syn' &&
            packet.timestampValue !== 0 &&
            packet.fate !== 'lost' &&
            lastSighting(packet).destination === server,
        )
        .map((syn) => ({
          connection: connection.id,
          syn,
          time: lastSighting(syn).referenceTime,
          answered:
            answer !== undefined &&
            firstSighting(answer).referenceTime - lastSighting(syn).referenceTime <
              THRESHOLDS.failureStallNs / 2 &&
            answer.timestampEcho === syn.timestampValue,
        }));
    })
    .sort((a, b) => a.time - b.time);
}

/** Its timestamp is lower than one that was accepted from the address within the server's memory. */
const falls = ({ syn, time }: Arrival, arrivals: readonly Arrival[]): boolean =>
  arrivals.some(
    (other) =>
      other.answered &&
      other.time < time &&
      time - other.time <= THRESHOLDS.pawsNs &&
      sequenceDifference(syn.timestampValue, other.syn.timestampValue) < -1,
  );
