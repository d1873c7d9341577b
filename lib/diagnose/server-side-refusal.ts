// A half translated reply as the server's side alone shows it: the client's resets come from another port than its SYNs, and repeat the
// SYN-ACK's acknowledgement. So the client got the SYN-ACK, under a port that was restored, and refused it.

import { counted } from '../base/counted';
import { sequenceAdd } from '../base/sequence-number';
import { parseEndpoint } from '../model/endpoint';
import type { FindingStep } from '../model/finding';
import { elapsed } from './elapsed';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { findRefusals } from './reply-translation';
import { listed, pointNames, retrySentence, sightingsOf, step, tuple, utc } from './story';
import { THRESHOLDS } from './thresholds';

export interface ServerSideRefusal {
  readonly handshake: HandshakeFacts;
  /** Resets that refuse the SYN-ACK, from another port than the SYN's; at least one. */
  readonly resets: readonly PacketFact[];
}

/** Grouped by the server that answered; those whose client's side tells the same are left to findRefusals. */
export const findServerSideRefusals = onFacts(
  (facts): readonly (readonly ServerSideRefusal[])[] => {
    const told = new Set(findRefusals(facts).map(({ handshake }) => handshake.connection.id));
    const groups = new Map<string, ServerSideRefusal[]>();
    for (const handshake of facts.handshakes) {
      const { connection, asked, arrived, syns, replies, completed } = handshake;
      if (completed || replies.length === 0 || told.has(connection.id)) continue;
      const known = arrived ?? asked;
      const resets = handshake.resets.filter(
        (reset) =>
          reset.sequence === sequenceAdd(syns[0].sequence, 1) &&
          lastSighting(reset).destination === known.server &&
          lastSighting(reset).source !== known.client,
      );
      if (resets.length === 0) continue;
      groups.set(known.server, [...(groups.get(known.server) ?? []), { handshake, resets }]);
    }
    return [...groups.values()];
  },
);

export function tellServerSide(
  facts: CaseFacts,
  [told, ...others]: readonly ServerSideRefusal[],
): readonly FindingStep[] {
  const { handshake, resets } = told;
  const { syns, replies, arrived, asked, retries } = handshake;
  const known = arrived ?? asked;
  const [syn] = syns;
  const [reset] = resets;
  const [{ packet: reply }] = replies;
  const wait = firstSighting(reset).referenceTime - lastSighting(reply).referenceTime;
  const rest = [
    ...syns.slice(1),
    ...replies.slice(1).map(({ packet }) => packet),
    ...resets.slice(1),
  ];
  rest.sort((a, b) => firstSighting(a).referenceTime - firstSighting(b).referenceTime);
  const steps = [
    step(
      `A SYN (seq ${syn.sequence}) arrives at ${utc(facts, lastSighting(syn))} as ${tuple(known)}, seen at ${pointNames(facts, syn.way)}.`,
      syn.way,
    ),
    step(
      `The server answers to that tuple (SYN-ACK, ${known.server} > ${known.client}), seen at ${pointNames(facts, reply.way)}.`,
      reply.way,
    ),
    step(
      `${wait >= 0 ? `${elapsed(facts, lastSighting(reply), firstSighting(reset))} later a` : 'A'} RST comes back from another port of the client: ${lastSighting(reset).source} > ${lastSighting(reset).destination}, seq ${reset.sequence}, which is what the SYN-ACK acknowledges. So the client did get the SYN-ACK, under its own port ${parseEndpoint(lastSighting(reset).source).port}: the port had been changed and was restored. And it refuses it: the source address was not restored.`,
      reset.way,
    ),
    step(
      `The server knows only ${known.client}, so it ignores the RST.${syns.length > 1 ? ` The SYN comes again ${retrySentence(retries)}.` : ''} In all ${counted(syns.length, 'SYN')}, ${counted(replies.length, 'SYN-ACK')}, ${counted(resets.length, 'RST')}; the connection fails to establish.`,
      sightingsOf(rest.length > 0 ? rest : [reply]),
    ),
  ];
  if (others.length > 0) {
    const cited = others.slice(0, THRESHOLDS.citedConnections);
    steps.push(
      step(
        `The same happens to ${counted(others.length, 'more connection')}: ${listed(cited.map((other) => `RST from ${lastSighting(other.resets[0]).source} to the SYN-ACK for ${(other.handshake.arrived ?? other.handshake.asked).client}`))}.`,
        cited.flatMap((other) =>
          sightingsOf([
            other.handshake.syns[0],
            other.handshake.replies[0].packet,
            other.resets[0],
          ]),
        ),
      ),
    );
  }
  return steps;
}
