// SYNs that are refused: with a reset, or with an ICMP error. Where the refusal begins tells who refuses.
import { sequenceAdd } from '../base/sequence-number';
import { parseEndpoint } from '../model/endpoint';
import { connectionsTo } from './by-server';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import {
  type ExactError,
  findIcmpErrors,
  type IcmpError,
  icmpErrorsAbout,
  refuses,
} from './icmp-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface Refused {
  readonly handshake: HandshakeFacts;
  /** What answers the first SYN: the reset, or the ICMP error. */
  readonly answer: PacketFact;
  /** Null: it is a reset. */
  readonly icmp: IcmpError | null;
  /** Errors that quote a SYN of this very connection, in order of time; empty where none says of which it speaks. */
  readonly quoting: readonly ExactError[];
  /** The SYN was seen on the server's side of a translation, or at the point the answer begins at. */
  readonly byServer: boolean;
}

/** Who refuses has the server's address and another MAC than who accepts: seen at one point, on one link. */
export interface SecondOwner {
  readonly address: string;
  readonly refusing: string;
  readonly accepting: string;
  /** An answer that another connection to the same address got. */
  readonly acceptedBy: SightingFact;
}

/** Undefined: none accepts, or the same MAC does both. */
export function findSecondOwner(
  facts: CaseFacts,
  refused: readonly Refused[],
): SecondOwner | undefined {
  const own = refused.flatMap(({ answer, icmp, handshake }) => {
    const seen = lastSighting(answer);
    return icmp === null && seen.sourceMac !== '' && seen.source === handshake.asked.server
      ? [seen]
      : [];
  });
  if (own.length < THRESHOLDS.refusalsOfSecondOwner || own.length < refused.length)
    return undefined;
  const macs = new Set(own.map(({ sourceMac }) => sourceMac));
  if (macs.size !== 1) return undefined;
  const [{ point, source }] = own;
  const accepting = connectionsTo(facts, source)
    .filter(({ handshake }) => handshake === 'complete')
    .slice(0, THRESHOLDS.citedConnections)
    .flatMap((connection) =>
      facts
        .packetsOf(connection, THRESHOLDS.handshakePackets)
        .filter(({ kind }) => kind === 'syn-ack')
        .flatMap(({ way }) => way.filter((sighting) => sighting.point === point)),
    );
  const [acceptedBy] = accepting;
  if (accepting.length < THRESHOLDS.refusalsOfSecondOwner) return undefined;
  if (accepting.some(({ sourceMac }) => sourceMac === '' || macs.has(sourceMac))) return undefined;
  return {
    address: parseEndpoint(source).address,
    refusing: own[0].sourceMac,
    accepting: acceptedBy.sourceMac,
    acceptedBy,
  };
}

export const findRefused = onFacts((facts): readonly Refused[] =>
  facts.handshakes.flatMap((handshake) => {
    if (handshake.completed || handshake.replies.length > 0) return [];
    return refusedByReset(handshake) ?? refusedByIcmp(facts, handshake) ?? [];
  }),
);

/** RFC 9293 section 3.10.7.1: the reset of a SYN acknowledges it. */
function refusedByReset(handshake: HandshakeFacts): Refused | undefined {
  const { askedSyn, refusals, asked, arrived } = handshake;
  const reset = refusals.find(
    ({ acknowledgement }) => acknowledgement === sequenceAdd(askedSyn.sequence, 1),
  );
  if (reset === undefined) return undefined;
  const begin = firstSighting(reset);
  const target = lastSighting(askedSyn);
  const reached = begin.point === target.point && begin.source === target.destination;
  const translated = arrived !== null && arrived.server !== asked.server;
  return {
    handshake,
    answer: reset,
    icmp: null,
    quoting: [],
    byServer: reached && (translated || askedSyn.way.length > 1),
  };
}

/** An error that quotes a SYN says that its server, its port or its way is not there. */
function refusedByIcmp(facts: CaseFacts, handshake: HandshakeFacts): Refused | undefined {
  if (handshake.refusals.length > 0) return undefined;
  const about = icmpErrorsAbout(facts).get(handshake.connection.id) ?? [];
  const quoting = about.filter((error) => error.quoted.direction === 'forward' && refuses(error));
  const icmp = quoting[0] ?? findUnquoting(facts, handshake);
  if (icmp === undefined) return undefined;
  const target = lastSighting(handshake.syns[0]);
  const byServer =
    icmp.from === parseEndpoint(target.destination).address &&
    firstSighting(icmp.packet).point === target.point &&
    handshake.syns[0].way.length > 1;
  return { handshake, answer: icmp.packet, icmp, quoting, byServer };
}

/** Where errors quote too little to say of what they speak: each SYN is followed by one at once. */
function findUnquoting(facts: CaseFacts, { syns, asked }: HandshakeFacts): IcmpError | undefined {
  const client = parseEndpoint(asked.client).address;
  const errors = findIcmpErrors(facts).filter(
    (error) => error.quoted === null && error.to === client && refuses(error),
  );
  const answers = syns.map((syn) => {
    const sent = firstSighting(syn).referenceTime;
    return errors.find(({ packet }) => {
      const delay = lastSighting(packet).referenceTime - sent;
      return delay >= 0 && delay < THRESHOLDS.icmpAnswerNs;
    });
  });
  return answers.includes(undefined) ? undefined : answers[0];
}
