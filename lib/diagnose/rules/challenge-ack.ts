// D25: a SYN meets a socket that still holds its tuple and is answered with a challenge ACK (RFC 5961 section 4); the client resets it and tries again.
import { counted } from '../../base/counted';
import { sequenceAdd } from '../../base/sequence-number';
import type { ConnectionSummary } from '../../model/connection';
import type { Finding } from '../../model/finding';
import { TCP_ACK, TCP_SYN } from '../../model/tcp-flags';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksOpenings } from '../lacks';
import { firstSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import { duration, emptyParts, findingId, pointNames, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'challenge-ack';

interface Challenge {
  readonly connection: ConnectionSummary;
  readonly syn: PacketFact;
  readonly challenge: PacketFact;
  readonly resets: readonly PacketFact[];
  readonly syns: readonly PacketFact[];
  /** From the first SYN to the one that was answered, ns; null: none was. */
  readonly waitNs: number | null;
}

export const challengeAck: Rule = {
  id: ID,
  title: 'SYNs answered with a challenge ACK',
  needs: 'TCP handshakes',
  judge(facts) {
    const lacking = lacksOpenings(facts);
    if (lacking !== undefined) return lacking;
    const found = facts.handshakes.flatMap(
      ({ connection }) => findChallenge(facts, connection) ?? [],
    );
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no SYN was answered with a bare acknowledgement.`,
      };
    return {
      result: 'found',
      findings: [tell(facts, found)],
      reason: `${counted(found.length, 'SYN')} met a socket that still held the tuple.`,
    };
  },
};

function findChallenge(facts: CaseFacts, connection: ConnectionSummary): Challenge | undefined {
  const packets = facts.packetsOf(connection);
  const syns = packets.filter(({ kind, direction }) => kind === 'syn' && direction === 'forward');
  if (syns.length === 0) return undefined;
  const [syn] = syns;
  const challenge = packets.find(
    (packet) =>
      packet.direction === 'reverse' &&
      packet.kind === 'other' &&
      packet.payloadLength === 0 &&
      (packet.flags & (TCP_ACK | TCP_SYN)) === TCP_ACK &&
      firstSighting(packet).referenceTime >= firstSighting(syn).referenceTime &&
      packet.acknowledgement !== sequenceAdd(syn.sequence, 1),
  );
  if (challenge === undefined) return undefined;
  const accepted = packets.find(({ kind }) => kind === 'syn-ack');
  const at = firstSighting(challenge).referenceTime;
  // Once the connection is open, bare acknowledgements are its daily bread.
  if (accepted !== undefined && firstSighting(accepted).referenceTime < at) return undefined;
  // RFC 5961 section 4.2: the peer answers the challenge with a reset that has its acknowledgement as sequence number.
  const resets = packets.filter(
    (packet) =>
      packet.kind === 'reset' &&
      packet.direction === 'forward' &&
      packet.sequence === challenge.acknowledgement,
  );
  if (resets.length === 0) return undefined;
  return {
    connection,
    syn,
    challenge,
    resets,
    syns,
    waitNs:
      accepted === undefined
        ? null
        : firstSighting(accepted).referenceTime - firstSighting(syn).referenceTime,
  };
}

function tell(facts: CaseFacts, found: readonly Challenge[]): Finding {
  const [told, ...others] = found;
  const { connection, syn, challenge, resets, syns, waitNs } = told;
  const lost = resets.filter(({ fate }) => fate === 'lost');
  const worst = Math.max(...found.map((one) => one.waitNs ?? Number.POSITIVE_INFINITY));
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: worst >= THRESHOLDS.failureStallNs ? 'failure' : 'warning',
    ...weigh(
      0.9,
      'The answer to the SYN has ACK and no SYN, an acknowledgement of another stream, and the client resets exactly that number (RFC 5961).',
      [[found.length > 1, 0.05, `${counted(found.length, 'SYN')} met it.`]],
    ),
    title: `SYNs to ${connection.server} meet a socket that still holds their tuple`,
    summary: `${counted(found.length, 'SYN')} ${found.length === 1 ? 'was' : 'were'} answered with an acknowledgement of another connection (a challenge ACK): the server still has a socket with the same addresses and ports. The client resets it and ${waitNs === null ? 'never gets through within the captures' : `gets through ${duration(waitNs)} after its first SYN`}.`,
    connections: found.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `${firstSighting(syn).source} opens a connection to ${connection.server} at ${utc(facts, firstSighting(syn))} (SYN, seq ${syn.sequence}), seen at ${pointNames(facts, syn.way)}.`,
        syn.way,
      ),
      step(
        `The answer is no SYN-ACK but an ACK with ack ${challenge.acknowledgement}, where ${sequenceAdd(syn.sequence, 1)} was due: it belongs to an older connection with this tuple.`,
        challenge.way,
      ),
      step(
        `The client answers with a reset, seq ${resets[0].sequence}.${lost.length > 0 ? ` ${counted(lost.length, 'of these resets', 'of these resets')} never ${lost.length === 1 ? 'reaches' : 'reach'} the server: something in between takes ${lost.length === 1 ? 'it' : 'them'} for invalid.` : ''}`,
        sightingsOf(resets),
      ),
      step(
        waitNs === null
          ? `The SYN is sent ${counted(syns.length, 'time')} and not accepted within the captures.`
          : `A later SYN is accepted, ${duration(waitNs)} after the first.`,
        sightingsOf(syns.slice(1)),
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.syn, one.challenge])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'half-untranslated-reply',
        why: 'There the client resets SYN-ACKs that come under a wrong address. Here the answer has the right address and no SYN.',
      },
    ],
    confirm: [
      {
        text: 'At the server: the socket that holds the tuple, and its state.',
        command: `ss -tnao | grep '${firstSighting(syn).source}'`,
      },
      {
        text: 'At the server: challenge ACKs that were sent.',
        command: 'nstat -az TcpExtTCPChallengeACK TcpExtTCPSYNChallenge',
      },
    ],
    fix: 'Let clients (or the NAT before them) reuse a source port later than the server’s TIME_WAIT, or close connections from the client’s side so that the client holds it. If the resets are dropped on the way, on the node that drops them: `sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1` (undo with =0)',
    references: [
      {
        title: 'RFC 5961 section 4: blind reset attack using the SYN bit',
        url: 'https://www.rfc-editor.org/rfc/rfc5961#section-4',
      },
      { title: 'cilium #45863', url: 'https://github.com/cilium/cilium/issues/45863' },
    ],
  };
}
