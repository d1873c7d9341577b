// Legs of datagrams and echoes that NAT gave other tuples, joined by what they carry. Content may repeat (a heartbeat from many clients), so it
// proves one connection only where at each point and TTL one tuple alone shows it; and where the sender leaves the IP ID 0 and both endpoints
// changed, the client's port with its address, or IP IDs differ (NAT64 makes up its own, RFC 7915 section 5.1), only when two different contents (a query and its reply, two queries)
// link the same two legs.
import { DIGEST_BYTES, NO_TUPLE, type PacketColumns } from '../../model/packet-columns';
import { STATUS_ICMP_ERROR } from '../../model/packet-status';
import type { PacketTable } from '../../model/packet-table';
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from '../../model/protocols';
import { echoFlags } from '../identities/identity';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { rowSlices } from '../input/row-slices';
import { type LegTable, NO_LEG } from '../legs/legs';

/** Shorter payloads repeat by chance: they tell something only together with the IP ID and one end. */
const TELLING_PAYLOAD = 12;
/** Client ports of ephemeral ranges begin here (Linux: ip_local_port_range): a translation that kept one has kept a number that no other client has by habit. */
const EPHEMERAL_PORT = 32_768;
/** What translations take for connections beside TCP: UDP, ICMP, DCCP, GRE, ESP, SCTP, UDP-Lite (Linux: nf_nat_proto.c). */
const TRANSLATED: readonly number[] = [
  PROTOCOL_UDP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  33,
  47,
  50,
  132,
  136,
];

interface Content {
  readonly row: number;
  readonly leg: number;
  readonly tuple: number;
  readonly ttl: number;
  readonly point: number;
  readonly ipId: number;
  readonly isLong: boolean;
}

/** Calls `join(a, b, differs)` for every two legs that carry the same content; `differs`: 1 when their tuples run opposite ways. */
export function* joinEqualContents(
  input: CorrelationInput,
  legs: LegTable,
  join: (a: number, b: number, differs: number) => void,
): Generator<number> {
  const rows: number[] = [];
  const keys: number[] = [];
  const byLength = lengthsTell(input);
  for (const { source, columns, from, to, globalBase, rowBase, done } of rowSlices(input)) {
    const next = (i: number): number => nextDatagram(input, columns, i, to);
    for (let i = next(from); i < to; i = next(i + 1)) {
      if (legs.legOfRow[globalBase + i] === NO_LEG) continue;
      if (!tells(input, source.table, rowBase + i)) continue;
      rows.push(globalBase + i);
      keys.push(contentKey(input, source.table, rowBase + i, byLength));
    }
    yield done;
  }
  const order = Uint32Array.from(rows.keys()).sort((a, b) => keys[a] - keys[b] || a - b);
  const links = new Map<string, number>();
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && keys[order[to]] === keys[order[from]]) to += 1;
    if (to - from > 1)
      joinGroup(
        input,
        Array.from(order.subarray(from, to), (index) => readContent(input, legs, rows[index])),
        keys[order[from]],
        links,
        join,
      );
    from = to;
  }
}

/** The first frame from `from` on that is no TCP, as most are, and carries something; `to` where none does. */
function nextDatagram(
  { tuples }: CorrelationInput,
  { payloadDigest, tuple }: PacketColumns,
  from: number,
  to: number,
): number {
  let i = from;
  while (
    i < to &&
    (payloadDigest[i] === 0 || tuple[i] === NO_TUPLE || tuples.protocol(tuple[i]) === PROTOCOL_TCP)
  )
    i += 1;
  return i;
}

/** Only a payload whose digest is of all the bytes it covers, and that is no quotation; a short one with an IP ID. */
const tells = (input: CorrelationInput, table: PacketTable, row: number): boolean =>
  TRANSLATED.includes(input.tuples.protocol(table.get('tuple', row))) &&
  table.get('payloadDigest', row) !== 0 &&
  (table.get('status', row) & STATUS_ICMP_ERROR) === 0 &&
  (table.payloadLength(row) >= TELLING_PAYLOAD || table.get('ipId', row) !== 0);

/** Whether lengths tell contents apart: not where a datagram may be whole at one point and in fragments at another. */
const lengthsTell = ({ captures }: CorrelationInput): boolean =>
  captures.every(({ table }) => table.sparse.fragments.length === 0);

/** Digest, and below it length and, of an echo, what it is and its number, folded: below 2⁵³. */
const contentKey = (
  input: CorrelationInput,
  table: PacketTable,
  row: number,
  byLength: boolean,
): number => {
  const payload = table.payloadLength(row);
  const length = byLength || payload < DIGEST_BYTES ? payload : DIGEST_BYTES;
  const protocol = input.tuples.protocol(table.get('tuple', row));
  const isEcho = protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6;
  const echo = isEcho
    ? echoFlags(protocol, table.get('flags', row)) + (table.get('sequence', row) & 0xffff) * 31
    : 0;
  return table.get('payloadDigest', row) * 2 ** 20 + ((length * 0x9e3b + echo) & 0xfffff);
};

function readContent(input: CorrelationInput, legs: LegTable, globalRow: number): Content {
  const capture = captureOfRow(input, globalRow);
  const { table } = input.captures[capture];
  const row = globalRow - input.rowBase[capture];
  const leg = legs.legOfRow[globalRow];
  return {
    row: globalRow,
    leg,
    tuple: table.get('tuple', row),
    ttl: table.get('ttl', row),
    point: legs.point[leg],
    ipId: table.get('ipId', row),
    isLong: table.payloadLength(row) >= TELLING_PAYLOAD,
  };
}

/** Frames with one content: first those with one IP ID, which is as good as more content, then all. */
function joinGroup(
  input: CorrelationInput,
  group: readonly Content[],
  key: number,
  links: Map<string, number>,
  join: (a: number, b: number, differs: number) => void,
): void {
  const byId = new Map<number, Content[]>();
  for (const content of group) {
    const list = byId.get(content.ipId);
    if (list) list.push(content);
    else byId.set(content.ipId, [content]);
  }
  for (const [ipId, alike] of byId)
    joinAlike(alike, key, links, join, (a, b) =>
      ipId === 0
        ? a.isLong &&
          (sharesEnd(input, a.tuple, b.tuple) || sharesClientPort(input, a.tuple, b.tuple))
        : a.isLong || sharesEnd(input, a.tuple, b.tuple),
    );
  if (byId.size > 1)
    joinAlike(
      group.filter(({ isLong }) => isLong),
      key,
      links,
      join,
      () => false,
    );
}

/** Joins the legs of frames alike, at once where `isProof` says so, else when another content links them, too. */
function joinAlike(
  group: readonly Content[],
  key: number,
  links: Map<string, number>,
  join: (a: number, b: number, differs: number) => void,
  isProof: (a: Content, b: Content) => boolean,
): void {
  const byLeg = new Map<number, Content>();
  const tupleAt = new Map<number, number>();
  for (const content of group) {
    if (!byLeg.has(content.leg)) byLeg.set(content.leg, content);
    const place = content.point * 256 + content.ttl;
    const tuple = tupleAt.get(place);
    if (tuple !== undefined && tuple !== content.tuple) return;
    tupleAt.set(place, content.tuple);
  }
  const [first, ...others] = byLeg.values();
  for (const other of others) {
    const differs = (first.tuple ^ other.tuple) & 1;
    if (isProof(first, other)) {
      join(first.leg, other.leg, differs);
      continue;
    }
    if (!first.isLong) continue;
    const link = `${Math.min(first.leg, other.leg)}/${Math.max(first.leg, other.leg)}`;
    const before = links.get(link);
    if (before === undefined) links.set(link, key);
    else if (before !== key) join(first.leg, other.leg, differs);
  }
}

function sharesEnd({ tuples }: CorrelationInput, a: number, b: number): boolean {
  const sameSource = (x: number, y: number): boolean =>
    tuples.sourceAddress(x) === tuples.sourceAddress(y) &&
    tuples.sourcePort(x) === tuples.sourcePort(y);
  return sameSource(a, b) || sameSource(a ^ 1, b ^ 1);
}

/** The port of a client, chosen by chance, at the same end of both; the other end has a service's. */
function sharesClientPort({ tuples }: CorrelationInput, a: number, b: number): boolean {
  const isClients = (x: number, y: number): boolean =>
    tuples.sourcePort(x) >= EPHEMERAL_PORT &&
    tuples.sourcePort(x) === tuples.sourcePort(y) &&
    [x, y].every((tuple) => tuples.sourcePort(tuple ^ 1) < EPHEMERAL_PORT);
  return isClients(a, b) || isClients(a ^ 1, b ^ 1);
}
