// Which packet of which connection an ICMP error is about: by the addresses, ports and sequence number that it quotes.
import type { ConnectionSummary, Direction } from '../model/connection';
import { PROTOCOL_TCP } from '../model/protocols';
import type { Quote } from '../model/quote';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface Quoted {
  readonly quote: Quote;
  readonly connection: ConnectionSummary;
  readonly direction: Direction;
  /** Null: of the connection's packets none that was looked at is the one. */
  readonly packet: PacketFact | null;
}

interface Holder {
  readonly connection: ConnectionSummary;
  readonly direction: Direction;
}

const frameKey = (file: string, frame: number): string => `${file}#${frame}`;
const tupleKey = (source: string, destination: string): string => `${source} ${destination}`;

/** Quotes by the frame of the error, and connections by the directed tuples that are quoted. */
const indexQuotes = onFacts((facts) => {
  const byFrame = new Map<string, Quote>();
  const byTuple = new Map<string, Holder[]>();
  for (const quote of facts.quotes) {
    byFrame.set(frameKey(quote.file, quote.frame), quote);
    byTuple.set(tupleKey(quote.source, quote.destination), []);
  }
  if (byFrame.size > 0)
    for (const connection of facts.connections)
      for (const { client, server } of connection.legs) {
        hold(byTuple, tupleKey(client, server), { connection, direction: 'forward' });
        hold(byTuple, tupleKey(server, client), { connection, direction: 'reverse' });
      }
  return { byFrame, byTuple };
});

function hold(byTuple: Map<string, Holder[]>, key: string, holder: Holder): void {
  const holders = byTuple.get(key);
  if (holders !== undefined && !holders.some(({ connection }) => connection === holder.connection))
    holders.push(holder);
}

/** What an ICMP error quotes: `elsewhere` where the captures do not show that, null where it quotes nothing. */
export function findQuoted(facts: CaseFacts, error: PacketFact): Quoted | 'elsewhere' | null {
  const { byFrame, byTuple } = indexQuotes(facts);
  const time = firstSighting(error).referenceTime;
  let quotes = false;
  for (const { file, frame } of [...error.way, ...error.copies]) {
    const quote = byFrame.get(frameKey(file, frame));
    if (quote === undefined) continue;
    quotes = true;
    // Of several that had the tuple one after the other, the last that had begun.
    const holder = byTuple
      .get(tupleKey(quote.source, quote.destination))
      ?.findLast(({ connection }) => connection.firstTime <= time);
    if (holder !== undefined)
      return { quote, ...holder, packet: findPacket(facts, holder, quote, time) };
  }
  return quotes ? 'elsewhere' : null;
}

function findPacket(
  facts: CaseFacts,
  { connection, direction }: Holder,
  { protocol, sequence, payloadDigest }: Quote,
  time: number,
): PacketFact | null {
  const isQuoted = (packet: PacketFact): boolean =>
    packet.direction === direction &&
    (protocol === PROTOCOL_TCP || sequence !== 0
      ? packet.sequence === sequence
      : payloadDigest === 0 || packet.payloadDigest === payloadDigest);
  const packets = facts.packetsOf(connection, THRESHOLDS.lossPackets);
  return (
    packets.findLast((packet) => isQuoted(packet) && firstSighting(packet).referenceTime <= time) ??
    null
  );
}
