// SYNs that are refused: with a reset, or with an ICMP error. Where the refusal begins tells who refuses.
import { sequenceAdd } from '../base/sequence-number';
import { parseEndpoint } from '../model/endpoint';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import { findIcmpErrors, type IcmpError } from './icmp-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface Refused {
  readonly handshake: HandshakeFacts;
  /** What answers the first SYN: the reset, or the ICMP error. */
  readonly answer: PacketFact;
  /** Null: it is a reset. */
  readonly icmp: IcmpError | null;
  /** The SYN was seen on the server's side of a translation, or at the point the answer begins at. */
  readonly byServer: boolean;
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
    byServer: reached && (translated || askedSyn.way.length > 1),
  };
}

/** Every SYN is followed at once by an error that says that its server, its port or its way is not there. */
function refusedByIcmp(facts: CaseFacts, handshake: HandshakeFacts): Refused | undefined {
  const { syns, asked, refusals } = handshake;
  if (refusals.length > 0) return undefined;
  const client = parseEndpoint(asked.client).address;
  const errors = findIcmpErrors(facts).filter(
    ({ to, kind }) => to === client && kind !== 'too-big' && kind !== 'time-exceeded',
  );
  const answers = syns.map((syn) => {
    const sent = firstSighting(syn).referenceTime;
    return errors.find(({ packet }) => {
      const delay = lastSighting(packet).referenceTime - sent;
      return delay >= 0 && delay < THRESHOLDS.icmpAnswerNs;
    });
  });
  const [icmp] = answers;
  if (icmp === undefined || answers.includes(undefined)) return undefined;
  const target = lastSighting(syns[0]);
  const byServer =
    icmp.from === parseEndpoint(target.destination).address &&
    firstSighting(icmp.packet).point === target.point &&
    syns[0].way.length > 1;
  return { handshake, answer: icmp.packet, icmp, byServer };
}
