// ICMP errors across points: what NAT and NAT64 leave of an error and of the packet it quotes, and which legs carry errors of one packet.
// Each quoted conversation's errors are a leg of their own (engine/conversation-tuples.ts); those of one quoted connection belong together.
import type { PacketTable } from '../../model/packet-table';
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6 } from '../../model/protocols';
import type { CorrelationInput } from '../input/input';
import { type LegTable, NO_LEG } from '../legs/legs';

/** What ICMP and ICMPv6 both can say (RFC 7915 sections 4.2 and 5.2): codes beyond these are told apart by version and number. */
export const SIZE = 1;
const PORT = 2;
export const TIME = 3;
export const HOST = 4;
export const PROHIBITED = 5;

/** The same for an error before and behind a translation between IP versions. */
export function errorKind(protocol: number, typeAndCode: number): number {
  const [type, code] = [typeAndCode >>> 8, typeAndCode & 0xff];
  if (protocol === PROTOCOL_ICMPV6) {
    if (type === 2) return SIZE;
    if (type === 3) return TIME;
    if (type === 1 && code === 4) return PORT;
    if (type === 1 && code === 1) return PROHIBITED;
    if (type === 1) return HOST;
  } else {
    if (type === 3 && code === 4) return SIZE;
    if (type === 11) return TIME;
    if (type === 3 && code === 3) return PORT;
    if (type === 3 && (code === 9 || code === 10 || code === 13)) return PROHIBITED;
    if (type === 3 && code !== 2) return HOST;
  }
  return 0x100 + typeAndCode + (protocol === PROTOCOL_ICMPV6 ? 0x10000 : 0);
}

/** The quoted packet by what no translation changes; a row of `quotes`. An echo's identifier is rewritten like a port. */
export interface QuotedPacket {
  readonly protocol: number;
  readonly sequence: number;
  readonly ipId: number;
  readonly payloadLength: number;
  readonly payloadDigest: number;
  /** Directed as it ran; NO_TUPLE where its addresses are cut. */
  readonly tuple: number;
}

/** `position`: row of `table.sparse.quotes`. */
export function readQuote(
  { tuples }: CorrelationInput,
  { sparse: { quotes } }: PacketTable,
  position: number,
): QuotedPacket {
  const tuple = quotes.get(position, 'tuple');
  const protocol = tuples.protocol(tuple);
  const isIcmp = protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6;
  const sequence = quotes.get(position, 'sequence');
  return {
    protocol: isIcmp ? PROTOCOL_ICMP : protocol,
    sequence: isIcmp ? sequence & 0xffff : sequence,
    ipId: quotes.get(position, 'ipId'),
    payloadLength: quotes.get(position, 'payloadLength'),
    payloadDigest: quotes.get(position, 'payloadDigest'),
    tuple,
  };
}

/** One error as it is compared with others. */
interface SeenError {
  readonly leg: number;
  /** Directed tuple of the error itself. */
  readonly tuple: number;
  readonly isVersion6: boolean;
  readonly quote: QuotedPacket;
}

/** Legs with errors alike in what is compared, at most: more are a flood, in which none is told from the other. */
const MOST_ALIKE = 64;

/**
 * Calls `join(a, b, differs)` for every two legs whose errors quote one packet. `rootOf`: the set a leg is in so far, so that what is quoted is
 * known to be one connection. Where either quoted packet was not captured itself, its IP ID and one end that no translation touched must agree.
 */
export function joinErrors(
  input: CorrelationInput,
  legs: LegTable,
  rootOf: (leg: number) => number,
  join: (a: number, b: number, differs: number) => void,
): void {
  const groups = gatherErrors(input, legs);
  if (groups.size === 0) return;
  const connections = connectionsOfQuoted(legs, groups, rootOf);
  for (const group of groups.values()) {
    const ofLeg = new Map<number, SeenError>();
    for (const error of group) if (!ofLeg.has(error.leg)) ofLeg.set(error.leg, error);
    const [...seen] = ofLeg.values();
    if (seen.length > MOST_ALIKE) continue;
    seen.forEach((first, index) => {
      for (const second of seen.slice(index + 1))
        if (quoteOnePacket(input, connections, first, second))
          join(first.leg, second.leg, (first.tuple ^ second.tuple) & 1);
    });
  }
}

/** By kind of error and what both IP versions show of the quoted packet, with its content, which a snapshot length may cut, or its IP ID. */
function gatherErrors(input: CorrelationInput, legs: LegTable): Map<string, SeenError[]> {
  const groups = new Map<string, SeenError[]>();
  input.captures.forEach(({ table }, capture) => {
    const { quotes } = table.sparse;
    for (let position = 0; position < quotes.length; position += 1) {
      const row = quotes.get(position, 'row');
      const leg = legs.legOfRow[input.rowBase[capture] + row];
      if (leg === NO_LEG) continue;
      const tuple = table.get('tuple', row);
      const protocol = input.tuples.protocol(tuple);
      const quote = readQuote(input, table, position);
      const kind = errorKind(protocol, table.get('flags', row));
      const error = { leg, tuple, isVersion6: protocol === PROTOCOL_ICMPV6, quote };
      const content = `any ${quote.payloadDigest}`;
      for (const told of quote.ipId === 0 ? [content] : [content, `id ${quote.ipId}`]) {
        const key = `${kind} ${quote.protocol} ${quote.sequence} ${quote.payloadLength} ${told}`;
        const group = groups.get(key);
        if (group) group.push(error);
        else groups.set(key, [error]);
      }
    }
  });
  return groups;
}

/** Sets of legs by undirected tuple, of the tuples that errors quote. */
function connectionsOfQuoted(
  legs: LegTable,
  groups: ReadonlyMap<string, readonly SeenError[]>,
  rootOf: (leg: number) => number,
): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>();
  for (const group of groups.values())
    for (const { quote } of group) found.set(quote.tuple >>> 1, new Set());
  for (let leg = 0; leg < legs.count; leg += 1) found.get(legs.tuple[leg])?.add(rootOf(leg));
  return found;
}

const NO_SETS: ReadonlySet<number> = new Set();

function quoteOnePacket(
  { tuples }: CorrelationInput,
  connections: ReadonlyMap<number, ReadonlySet<number>>,
  first: SeenError,
  second: SeenError,
): boolean {
  const [a, b] = [first.quote, second.quote];
  const sameVersion = first.isVersion6 === second.isVersion6;
  if (sameVersion && a.ipId !== b.ipId) return false;
  if (a.payloadDigest !== b.payloadDigest && a.payloadDigest !== 0 && b.payloadDigest !== 0)
    return false;
  const [ofA, ofB] = [a, b].map(({ tuple }) => connections.get(tuple >>> 1) ?? NO_SETS);
  if (ofA.size > 0 && ofB.size > 0) return [...ofA].some((root) => ofB.has(root));
  if (a.ipId === 0 || !sameVersion) return false;
  const sameEnd = (x: number, y: number): boolean =>
    tuples.sourceAddress(x) === tuples.sourceAddress(y) &&
    tuples.sourcePort(x) === tuples.sourcePort(y);
  return sameEnd(a.tuple, b.tuple) || sameEnd(a.tuple ^ 1, b.tuple ^ 1);
}
