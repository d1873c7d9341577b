// Datagrams, echoes, errors and fragments drawn as text, as text-art.ts draws TCP: lanes as columns, packets as rows. Example:
//
//     c = 10.1.1.11:5000           names of endpoints; of an echo the port is the identifier
//     n = 192.0.2.1:41000
//     s = 198.51.100.9:7000
//     r = 192.0.2.2:0
//
//     time   packet              | in                    | out
//     0      > ask udp 3000      | c>s[0-1480,1480-3008] | n>s
//     0.001  < error size of ask | r>c(c>s)              | r>n(n>s)
//
// packet: `>` runs from the left lane to the right, `<` back; a name, where another row speaks of it; `udp`, `echo`, `reply`, `sctp` with a text or a number
// of bytes, `echo` and `reply` with their sequence number behind a colon (`echo:3 64`); `error port|size|time of NAME`, which quotes that packet.
// `id=N`: the IP ID, else it counts on. cell: sightings in the order of time: the tuple; in brackets the bytes of the IP payload that each fragment carries; in
// parentheses the tuple that an error quotes; `#N`: an IP ID of its own there. `-`: does not pass here. Each is 20 µs after the one before; the TTL falls
// where the tuple changes, and the MACs are then the router's.
import type { ByteSource } from '../read/byte-source';
import {
  icmpFrame,
  ipFrame,
  join,
  parseEndpoint,
  payloadBytes,
  u16,
  udpFrame,
} from './frame-builder';
import { type Lane, laneSources } from './lane-captures';

const HOP_SECONDS = 20e-6;
const MACS = { left: '0a:58:0a:80:03:01', router: '0a:58:0a:80:03:fe', right: '0a:58:0a:80:03:02' };
const PROTOCOLS = { udp: 17, sctp: 132 } as const;
/** Bytes of an IP packet that a router quotes at most (RFC 1812 section 4.3.2.3). */
const MOST_QUOTED = 548;

/** A packet, whatever addresses it bears. */
interface DrawnPacket {
  readonly kind: 'udp' | 'sctp' | 'echo' | 'reply' | 'error';
  readonly payload: Uint8Array;
  readonly sequence: number;
  readonly id: number;
  /** Of an error: what it says, and which row it quotes. */
  readonly says?: { readonly error: string; readonly quoted: DrawnPacket };
}

interface Look {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly id: number;
  readonly macs: { readonly sourceMac: string; readonly destinationMac: string };
  readonly quoted?: readonly [string, string];
}

const ENDPOINT = /^(\w+)\s*=\s*(\S+:\d+)$/;
const ROW =
  /^([\d.]+)\s*([<>])\s*(?:(\w+)\s+)??(?:(udp|sctp|echo|reply)(?::(\d+))?\s+('[^']*'|\d+)|error\s+(port|size|time)\s+of\s+(\w+))(?:\s+id=(\d+))?$/;
const CELL = /^(\w+)>(\w+)(?:\((\w+)>(\w+)\))?(?:\[([\d,-]+)\])?(?:#(\d+))?$/;

/** The drawing's lanes as capture files, each named like its lane. Throws where the text does not follow the syntax above. */
export function datagramArtSources(text: string): readonly ByteSource[] {
  const endpoints = new Map<string, string>();
  const packets = new Map<string, DrawnPacket>();
  const lanes: Record<string, [number, Uint8Array][]> = {};
  let nextId = 1000;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\s+#\s.*$/, '').trim();
    if (line === '') continue;
    const [head, ...cells] = line.split('|').map((part) => part.trim());
    const endpoint = head.match(ENDPOINT);
    if (cells.length === 0) {
      if (endpoint === null) throw new Error(`not understood: ${line}`);
      endpoints.set(endpoint[1], endpoint[2]);
    } else if (Object.keys(lanes).length === 0) for (const lane of cells) lanes[lane] = [];
    else {
      const match = head.match(ROW);
      if (match === null) throw new Error(`no packet: ${head}`);
      const [, seconds, way, name, kind, number, content, error, quotedName, id] = match;
      const quoted = packets.get(quotedName ?? '');
      if (error !== undefined && quoted === undefined) throw new Error(`no packet ${quotedName}`);
      const packet: DrawnPacket = {
        kind: (kind ?? 'error') as DrawnPacket['kind'],
        payload: payloadBytes(
          content?.startsWith("'") ? content.slice(1, -1) : Number(content ?? 0),
        ),
        sequence: Number(number ?? 1),
        id: id === undefined ? nextId++ : Number(id),
        ...(quoted && { says: { error, quoted } }),
      };
      if (name !== undefined) packets.set(name, packet);
      drawRow(lanes, cells, way === '>', Number(seconds), packet, endpoints);
    }
  }
  return laneSources(lanes as Readonly<Record<string, Lane>>);
}

function drawRow(
  lanes: Readonly<Record<string, [number, Uint8Array][]>>,
  cells: readonly string[],
  fromLeft: boolean,
  seconds: number,
  packet: DrawnPacket,
  endpoints: ReadonlyMap<string, string>,
): void {
  const columns = Object.keys(lanes).map((lane, index) => ({ lane, cell: cells[index] ?? '-' }));
  let passed = 0;
  let first: string | undefined;
  for (const { lane, cell } of fromLeft ? columns : columns.toReversed())
    for (const word of cell.split(/\s+/)) {
      if (word === '-') continue;
      const match = word.match(CELL);
      if (match === null) throw new Error(`no sighting: ${word}`);
      const [, from, to, quotedFrom, quotedTo, ranges, id] = match;
      const nameOf = (end: string): string => {
        const found = endpoints.get(end);
        if (found === undefined) throw new Error(`unknown endpoint ${end}`);
        return found;
      };
      first ??= `${from}>${to}`;
      const translated = `${from}>${to}` !== first;
      const [near, far] = fromLeft ? [MACS.left, MACS.right] : [MACS.right, MACS.left];
      const look: Look = {
        source: nameOf(from),
        destination: nameOf(to),
        ttl: translated ? 63 : 64,
        id: id === undefined ? packet.id : Number(id),
        macs: {
          sourceMac: translated ? MACS.router : near,
          destinationMac: translated ? far : MACS.router,
        },
        ...(quotedFrom && { quoted: [nameOf(quotedFrom), nameOf(quotedTo)] as const }),
      };
      for (const bytes of framesOf(packet, look, ranges)) {
        lanes[lane].push([seconds + passed * HOP_SECONDS, bytes]);
        passed += 0.01;
      }
      passed = Math.floor(passed) + 1;
    }
}

/** The packet as it looks at one point: whole, or in the fragments `0-1480,1480-3008` of its IP payload. */
function framesOf(packet: DrawnPacket, look: Look, ranges: string | undefined): Uint8Array[] {
  if (ranges === undefined) return [wholeFrame(packet, look, 'ethernet')];
  const [source] = parseEndpoint(look.source);
  const [destination] = parseEndpoint(look.destination);
  const body = ipPayload(packet, look);
  const protocol = protocolOf(packet, source.length === 4);
  return ranges.split(',').map((range) => {
    const [start, end] = range.split('-').map(Number);
    const spec = {
      ...look.macs,
      ttl: look.ttl,
      ipId: look.id,
      fragmentOffset: start,
      moreFragments: end < body.length,
    };
    return ipFrame(spec, source, destination, protocol, body.subarray(start, end));
  });
}

const protocolOf = ({ kind }: DrawnPacket, isVersion4: boolean): number =>
  kind === 'udp' || kind === 'sctp' ? PROTOCOLS[kind] : isVersion4 ? 1 : 58;

const ipPayload = (packet: DrawnPacket, look: Look): Uint8Array => {
  const bytes = wholeFrame(packet, look, 'raw');
  return bytes.subarray(bytes[0] >>> 4 === 4 ? 20 : 40);
};

/** Types and codes of ICMP and ICMPv6. */
const ECHOES = { echo: [8, 128], reply: [0, 129] } as const;
const ERRORS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  port: [
    [3, 3],
    [1, 4],
  ],
  size: [
    [3, 4],
    [2, 0],
  ],
  time: [
    [11, 0],
    [3, 0],
  ],
};

function wholeFrame(packet: DrawnPacket, look: Look, link: 'ethernet' | 'raw'): Uint8Array {
  const { kind, payload, says } = packet;
  const { source, destination, ttl, id } = look;
  const header = { ...look.macs, link, ttl, ipId: id, dontFragment: false };
  const [from, sourcePort] = parseEndpoint(source);
  const [to, destinationPort] = parseEndpoint(destination);
  if (kind === 'udp') return udpFrame({ ...header, source, destination, payload });
  if (kind === 'sctp') {
    // Verification tag, checksum (not looked at), a DATA chunk of the text.
    const tag = Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0);
    const body = join(
      u16(sourcePort),
      u16(destinationPort),
      tag,
      Uint8Array.of(0, 3),
      u16(payload.length + 4),
      payload,
    );
    return ipFrame(header, from, to, PROTOCOLS.sctp, body);
  }
  const isVersion4 = from.length === 4;
  const addresses = { source: addressOf(source), destination: addressOf(destination) };
  if (kind !== 'error')
    return icmpFrame({
      ...header,
      ...addresses,
      type: ECHOES[kind][isVersion4 ? 0 : 1],
      identifier: kind === 'echo' ? sourcePort : destinationPort,
      sequence: packet.sequence,
      payload,
    });
  const [type, code] = ERRORS[says!.error][isVersion4 ? 0 : 1];
  const [quotedSource, quotedDestination] = look.quoted!;
  const quoted = wholeFrame(
    says!.quoted,
    {
      ...look,
      source: quotedSource,
      destination: quotedDestination,
      ttl: 62,
      id: isVersion4 ? says!.quoted.id : 0,
    },
    'raw',
  );
  return icmpFrame({
    ...header,
    ...addresses,
    type,
    code,
    payload: quoted.subarray(0, MOST_QUOTED),
  });
}

const addressOf = (endpoint: string): string =>
  endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');
