// Fields of headers that no column holds: read from the frame's bytes, as the inspector shows them. A frame has one value for each place where its layers have the
// field: of both IPv4 headers of a tunnel, and of the packet that an ICMP error quotes, as in Wireshark.

import { STATUS_ICMP_ERROR } from '../model/packet-status';
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { type Field, type FieldKind, type Getter, UNREAD, type Value } from './field';
import {
  has,
  isArp,
  isIcmp,
  isIcmpv6,
  isIpv4,
  isIpv6,
  isSctp,
  isTcp,
  isUdp,
  protocolOf,
  type Test,
} from './getters';
import { numberOfText } from './literals';
import { TREE_NAMES } from './tree-names';

/** More of one field in a frame are not looked at: options of TCP, chunks of SCTP. */
const MOST_PLACES = 12;

type Place = Pick<ProtocolField, 'value' | 'start' | 'length'>;

const walked = new WeakMap<readonly ProtocolLayer[], ReadonlyMap<string, readonly Place[]>>();

/** Every field and layer of a frame by its name, outer ones first. */
function placesOf(layers: readonly ProtocolLayer[]): ReadonlyMap<string, readonly Place[]> {
  const known = walked.get(layers);
  if (known !== undefined) return known;
  const places = new Map<string, Place[]>();
  const add = (name: string, place: Place): void => {
    const list = places.get(name);
    if (list === undefined) places.set(name, [place]);
    else list.push(place);
  };
  const visit = (field: ProtocolField): void => {
    add(field.name, field);
    field.children?.forEach(visit);
  };
  for (const layer of layers) {
    add(layer.name, { value: layer.summary, start: layer.start, length: layer.length });
    layer.fields.forEach(visit);
  }
  walked.set(layers, places);
  return places;
}

const PORTS_OF_DNS: ReadonlySet<number> = new Set([53, 5353, 5355]);
const IGMP = 2;

const isQuoted: Test = (subject) => has(subject, STATUS_ICMP_ERROR);
const isTunnelled: Test = ({ link }) => link.tunnels.length > 0;
const hasPayload: Test = ({ table, row }) => table.payloadLength(row) > 0;
const isNamed: Test = ({ columns, index, tuples }) => {
  const tuple = columns.tuple[index];
  return (
    PORTS_OF_DNS.has(tuples.sourcePort(tuple)) || PORTS_OF_DNS.has(tuples.destinationPort(tuple))
  );
};
const isTcpPayload: Test = (subject) => isTcp(subject) && hasPayload(subject);
const isUdpPayload: Test = (subject) => isUdp(subject) && hasPayload(subject);
const either =
  (...tests: readonly Test[]): Test =>
  (subject) =>
    tests.some((test) => test(subject));

/** What the columns say of a frame that may have a field of this beginning: others are not read for it. */
const MAY_HAVE: readonly (readonly [beginning: string, test: Test])[] = [
  ['tcp', either(isTcp, isQuoted)],
  ['mptcp', either(isTcp, isQuoted)],
  ['tls', isTcpPayload],
  ['http', isTcpPayload],
  ['dns', (subject) => (isUdp(subject) || isTcpPayload(subject)) && isNamed(subject)],
  ['quic', isUdpPayload],
  ['wg', isUdpPayload],
  ['udp', either(isUdp, isQuoted, isTunnelled)],
  ['icmpv6', isIcmpv6],
  ['icmp', isIcmp],
  ['igmp', (subject) => protocolOf(subject) === IGMP],
  ['arp', isArp],
  ['sctp', either(isSctp, isQuoted)],
  ['ipv6', either(isIpv6, isQuoted, isTunnelled)],
  ['ip', either(isIpv4, isQuoted, isTunnelled)],
  ['vlan', ({ link }) => link.vlans.length > 0],
];

const mayHave = (name: string): Test => {
  const [beginning] = name.split(/[.2]/);
  return MAY_HAVE.find(([one]) => one === beginning)?.[1] ?? (() => true);
};

function readBits(bytes: Uint8Array, { start, length }: Place, bits: number): number {
  let value = 0;
  for (let at = start; at < start + length; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return ((value & bits) >>> 0) / (bits & -bits);
}

function readPlace(
  kind: FieldKind,
  bits: number | undefined,
  place: Place,
  bytes: Uint8Array,
): Value | undefined {
  if (kind === 'presence') return 1;
  if (bits !== undefined) return readBits(bytes, place, bits);
  if (kind === 'bytes') return bytes.subarray(place.start, place.start + place.length);
  if (kind === 'number' || kind === 'flag') return numberOfText(place.value);
  return place.value;
}

const treeField = (
  name: string,
  kind: FieldKind,
  label: string,
  read: (place: Place, bytes: Uint8Array) => Value | undefined,
): Field => {
  const test = mayHave(name);
  return {
    name,
    kind,
    label: `${label} (reads the files)`,
    getters: Array.from({ length: kind === 'presence' ? 1 : MOST_PLACES }, (_, at): Getter => {
      return (subject) => {
        if (!test(subject)) return undefined;
        const { bytes, layers } = subject;
        if (bytes === null || layers === null) return UNREAD;
        const place = placesOf(layers).get(name)?.[at];
        return place === undefined ? undefined : read(place, bytes);
      };
    }),
  };
};

/** Wireshark's numbers for what came of a checksum, and its words. */
const STATUS_WORDS: Readonly<Record<string, number>> = {
  Bad: 0,
  Good: 1,
  Unverified: 2,
  'Not present': 3,
};
const STATUS_OF_TEXT: Readonly<Record<string, number>> = { wrong: 0, right: 1, absent: 3 };
const SUMMED = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6', 'igmp', 'sctp', 'gre'] as const;

const CHECKSUM_STATUS: readonly Field[] = SUMMED.map((name) => ({
  ...treeField(
    `${name}.checksum.status`,
    'number',
    'Checksum: "Good", "Bad", "Unverified", "Not present"',
    ({ value }) => STATUS_OF_TEXT[value] ?? STATUS_WORDS.Unverified,
  ),
  words: STATUS_WORDS,
}));

/** A message by what only one of its kind has. */
const alias = (name: string, label: string, of: string): Field => ({
  ...treeField(of, 'presence', label, () => 1),
  name,
});

export const TREE_FIELDS: readonly Field[] = [
  ...Object.entries(TREE_NAMES).flatMap(([kind, rows]) =>
    rows.map(([name, label, bits]) =>
      treeField(name, kind as keyof typeof TREE_NAMES, label, (place, bytes) =>
        readPlace(kind as keyof typeof TREE_NAMES, bits, place, bytes),
      ),
    ),
  ),
  ...CHECKSUM_STATUS,
  alias('http.request', 'An HTTP request', 'http.request.method'),
  alias('http.response', 'An HTTP response', 'http.response.code'),
  alias('tls.handshake', 'A TLS handshake message', 'tls.handshake.type'),
];
