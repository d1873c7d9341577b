// D16, a consideration: the server got the client's ACK and its data, and still sends its SYN-ACK again, as it does when its accept queue is full.
import { counted } from '../../base/counted';
import { sequenceAdd } from '../../base/sequence-number';
import type { ConnectionSummary } from '../../model/connection';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import { consider } from '../consideration';
import type { CaseFacts } from '../facts';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import {
  clientsText,
  emptyParts,
  findingId,
  listed,
  pointNames,
  sightingsOf,
  step,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';
import { findUnanswered, type Unanswered } from '../unanswered-facts';

const ID = 'listen-queue-overflow';

interface Ignored {
  readonly connection: ConnectionSummary;
  readonly answer: PacketFact;
  readonly data: PacketFact;
  readonly repeats: readonly PacketFact[];
}

export const listenQueueOverflow: Rule = {
  id: ID,
  title: 'Consider: the server’s accept queue is full',
  needs: 'TCP handshakes at two points, one of them at the server',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(
      facts,
      'One point alone does not show whether the client’s answer came to the server.',
    );
    if (lacking !== undefined) return lacking;
    const found = facts.connections
      .filter(
        ({ protocol, handshake, retransmissions }) =>
          protocol === 'tcp' && handshake !== 'unseen' && retransmissions > 0,
      )
      .slice(0, THRESHOLDS.closeLook)
      .flatMap((connection) => findIgnored(facts, connection) ?? []);
    const full = findUnanswered(facts).filter(
      ({ atServer, opened, handshakes }) =>
        atServer && opened.some(({ firstTime }) => firstTime <= handshakes[0].connection.firstTime),
    );
    if (found.length + full.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no server sent its SYN-ACK again after it had the client’s answer.`,
      };
    return {
      result: 'found',
      findings: [
        ...(found.length > 0 ? [tell(facts, found)] : []),
        ...full.map((one) => tellFull(facts, one)),
      ],
      reason: `${listed([
        ...(found.length > 0
          ? [`${counted(found.length, 'handshake')} answered by the client and not accepted`]
          : []),
        ...(full.length > 0
          ? [`${counted(full.length, 'server that leaves', 'servers that leave')} SYNs unanswered`]
          : []),
      ])}.`,
    };
  },
};

/** Data are asked for, because with TCP_DEFER_ACCEPT a bare ACK is ignored on purpose. */
function findIgnored(facts: CaseFacts, connection: ConnectionSummary): Ignored | undefined {
  const packets = facts.packetsOf(connection);
  const answers = packets.filter(({ kind }) => kind === 'syn-ack');
  if (answers.length < 2) return undefined;
  const [answer] = answers;
  const { point } = firstSighting(answer);
  const data = packets.find(
    (packet) =>
      packet.direction === 'forward' &&
      packet.kind === 'other' &&
      packet.payloadLength > 0 &&
      packet.acknowledgement === sequenceAdd(answer.sequence, 1) &&
      packet.way.length > 1 &&
      lastSighting(packet).point === point,
  );
  if (data === undefined) return undefined;
  const repeats = answers.filter(
    (again) =>
      again.sequence === answer.sequence &&
      firstSighting(again).point === point &&
      firstSighting(again).time - lastSighting(data).time >= THRESHOLDS.ignoredAnswerNs,
  );
  return repeats.length === 0 ? undefined : { connection, answer, data, repeats };
}

function tell(facts: CaseFacts, found: readonly Ignored[]): Finding {
  const [{ connection, answer, data, repeats }, ...others] = found;
  const { address, port } = parseEndpoint(firstSighting(answer).source);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'note',
    ...weigh(
      THRESHOLDS.considerationConfidence,
      'The server repeats its SYN-ACK after the client’s data were seen at the server’s own point.',
      [[true, 0, 'Packets do not show the queue: only its counters do.']],
    ),
    title: `Consider: the accept queue of ${address}:${port} is full`,
    summary: `${counted(found.length, 'connection')} to ${connection.server} ${found.length === 1 ? 'was' : 'were'} answered in full by the client, and the server sends its SYN-ACK again all the same. Consider an accept queue that overflows; look at its counters. Packets alone do not prove it.`,
    connections: found.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `The server answers with a SYN-ACK, seq ${answer.sequence}, seen at ${pointNames(facts, answer.way)}.`,
        answer.way,
      ),
      step(
        `The client acknowledges it and sends ${counted(data.payloadLength, 'byte')}, seen at ${pointNames(facts, data.way)}.`,
        data.way,
      ),
      step(
        `The same SYN-ACK is sent again, ${counted(repeats.length, 'time')}, as if nothing had come.`,
        sightingsOf(repeats),
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.data, ...one.repeats])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'path-loss',
        why: 'The packets may be lost between the last capture and the server’s socket, for instance to a firewall on the server’s own host: then ListenOverflows stands still.',
      },
    ],
    ...remedies(port),
  };
}

/** The queue was full already when the SYN came: then Linux drops it (tcp_conn_request). */
function tellFull(facts: CaseFacts, { clients, handshakes, point, opened }: Unanswered): Finding {
  const [told, ...others] = handshakes;
  const target = lastSighting(told.syns[0]);
  const { address, port } = parseEndpoint(target.destination);
  const { name } = facts.points[point];
  const count = handshakes.reduce((sum, { syns }) => sum + syns.length, 0);
  const before = opened.findLast(({ firstTime }) => firstTime <= told.connection.firstTime)!;
  const beforeFirst = facts.packetsOf(before).slice(0, 1);
  return consider({
    rule: ID,
    title: `Consider: the accept queue of ${address}:${port} is full`,
    summary: `${counted(handshakes.length, 'connection')} from ${clientsText(clients)} came to ${name}, the interface of ${address}, with ${counted(count, 'SYN')} and got no answer, while ${counted(opened.length, 'connection')} to the same port opened. Consider an accept queue that overflows; look at its counters. Packets alone do not prove it.`,
    signature:
      'SYNs are at the server’s own interface, unanswered, after others to the same port were answered.',
    worth: 0.4,
    weights: [[handshakes.length > 1, 0.1, `${handshakes.length} connections share that fate.`]],
    connections: handshakes.map(({ connection }) => connection.id),
    steps: [
      step(
        `${before.client} > ${before.server} opens: the port is served.`,
        sightingsOf(beforeFirst),
      ),
      step(
        `${told.asked.client} opens a connection at ${utc(facts, firstSighting(told.syns[0]))}; its SYN reaches ${name}, and nothing answers.`,
        told.syns[0].way,
      ),
      step(
        `${counted(count - 1, 'more SYN')} ${count === 2 ? 'fares' : 'fare'} alike.`,
        sightingsOf([
          ...told.syns.slice(1),
          ...others.slice(0, THRESHOLDS.citedConnections).flatMap(({ syns }) => syns),
        ]),
      ),
    ],
    alternatives: [
      {
        rule: 'steady-drop',
        why: 'A rule on the server’s own host would drop every connection of this client, or every new one: then ListenOverflows stands still.',
      },
      {
        rule: 'timestamp-rejected-syn',
        why: 'A server that judges by timestamps answers SYNs whose TSval rises, however many wait.',
      },
    ],
    ...remedies(port),
  });
}

const remedies = (port: number | null): Pick<Finding, 'confirm' | 'fix' | 'references'> => ({
  confirm: [
    {
      text: 'In the server’s network namespace: both rise with each handshake that is not accepted.',
      command: 'nstat -az TcpExtListenOverflows TcpExtListenDrops',
    },
    {
      text: 'There, too: whether it answered with SYN cookies, as it does when SYNs alone fill its queue.',
      command: 'nstat -az TcpExtTCPReqQFullDoCookies TcpExtTCPReqQFullDrop TcpExtSyncookiesSent',
    },
    {
      text: 'There, too: Recv-Q has reached Send-Q, the queue’s length.',
      command: `ss -ltn 'sport = :${port}'`,
    },
  ],
  fix: 'Let the application accept faster, or give it a longer queue: its listen() backlog and net.core.somaxconn, the smaller of which counts.',
  references: [
    {
      title: 'Linux: ip-sysctl, tcp_abort_on_overflow',
      url: 'https://docs.kernel.org/networking/ip-sysctl.html',
    },
  ],
});
