// What a hop did to a packet: the fields that differ between two of its sightings, by Wireshark's names.
// The swimlane's badges, the inspector's differences and the command line's `rewrites` all come from here.
import { upperBound } from '../base/bisect';
import { parseShells, type Shell } from './encapsulation';
import { parseEndpoint } from './endpoint';
import type { JourneyWindow } from './journey-window';
import { STATUS_IPV6, STATUS_TIMESTAMPS } from './packet-status';
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from './protocols';
import { readQuotedEnds } from './quoted-ends';
import { TCP_ACK, TCP_SYN } from './tcp-flags';

export interface Rewrite {
  /** Wireshark's display-filter name: `ip.src`, `tcp.dstport`, `eth.dst`. */
  readonly field: string;
  /** Empty where the field was not there. */
  readonly before: string;
  readonly after: string;
}

/** Rewrites of address and port, which make a translation; all others are what forwarding does. */
export const isTranslationField = (field: string): boolean =>
  /^(ip|ipv6)\.(src|dst)$|\.(src|dst)port$|^icmp(v6\.echo)?\.ident/.test(field);

/** The journey that a sighting belongs to. */
export function journeyOfSighting(window: JourneyWindow, sighting: number): number {
  const { firstSighting } = window.journeys;
  return upperBound(firstSighting, sighting, 0, window.journeyCount) - 1;
}

/**
 * Fields that differ from sighting `from` to sighting `to` of one journey, in the order of the headers from the address inwards.
 * Both are rows of `window.sightings`; `from` is the earlier on the way.
 */
export function deriveRewrites(window: JourneyWindow, from: number, to: number): Rewrite[] {
  const { sightings, strings, journeys, protocols } = window;
  const protocol = protocols[journeys.connection[journeyOfSighting(window, from)]];
  const rewrites: Rewrite[] = [];
  const note = (field: string, before: string | number, after: string | number): void => {
    if (before !== after) rewrites.push({ field, before: String(before), after: String(after) });
  };

  const version6 = ((sightings.status[from] | sightings.status[to]) & STATUS_IPV6) !== 0;
  const ip = version6 ? 'ipv6' : 'ip';
  const transport =
    protocol === PROTOCOL_TCP ? 'tcp' : protocol === PROTOCOL_UDP ? 'udp' : ('sctp' as const);
  for (const end of ['source', 'destination'] as const) {
    if (sightings[end][from] === sightings[end][to]) continue;
    const before = parseEndpoint(strings[sightings[end][from]]);
    const after = parseEndpoint(strings[sightings[end][to]]);
    const short = end === 'source' ? 'src' : 'dst';
    note(`${ip}.${short}`, before.address, after.address);
    note(`${transport}.${short}port`, before.port ?? '', after.port ?? '');
  }
  if (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6)
    noteEchoIdentifier(window, protocol, from, to, note);

  noteQuote(window, from, to, ip, note);

  note(version6 ? 'ipv6.hlim' : 'ip.ttl', sightings.ttl[from], sightings.ttl[to]);
  note(
    version6 ? 'ipv6.tclass' : 'ip.dsfield',
    hexByte(sightings.tos[from]),
    hexByte(sightings.tos[to]),
  );
  // A link without MACs hides the address: nothing says that it was rewritten.
  for (const [field, column] of [
    ['eth.src', sightings.sourceMac],
    ['eth.dst', sightings.destinationMac],
  ] as const)
    if (column[from] !== 0 && column[to] !== 0)
      note(field, strings[column[from]], strings[column[to]]);

  if (protocol === PROTOCOL_TCP) noteTcp(window, from, to, note);
  if (sightings.encapsulation[from] !== sightings.encapsulation[to])
    noteEncapsulation(window, protocol, version6, from, to, note);
  return rewrites;
}

type Note = (field: string, before: string | number, after: string | number) => void;

function noteTcp(window: JourneyWindow, from: number, to: number, note: Note): void {
  const { sightings } = window;
  note('tcp.seq_raw', streamStart(window, from), streamStart(window, to));
  // A frame cut again may stand for several acknowledgements: only whole frames can be compared.
  const acknowledges = sightings.flags[from] & sightings.flags[to] & TCP_ACK;
  if (acknowledges && isWhole(window, from) && isWhole(window, to))
    note('tcp.ack_raw', sightings.acknowledgement[from], sightings.acknowledgement[to]);
  // Who shifts sequence numbers may shift timestamps as well (Linux SYNPROXY does).
  if (sightings.status[from] & sightings.status[to] & STATUS_TIMESTAMPS) {
    note(
      'tcp.options.timestamp.tsval',
      sightings.timestampValue[from],
      sightings.timestampValue[to],
    );
    note('tcp.options.timestamp.tsecr', sightings.timestampEcho[from], sightings.timestampEcho[to]);
  }
  if (sightings.flags[from] & sightings.flags[to] & TCP_SYN)
    note('tcp.options.mss_val', sightings.mss[from] || '', sightings.mss[to] || '');
}

/** The second IP header of an ICMP error is the quoted packet's: Wireshark's filters tell layers of one name apart by `#`. */
function noteQuote(window: JourneyWindow, from: number, to: number, ip: string, note: Note): void {
  if (window.sightings.quote[from] === window.sightings.quote[to]) return;
  const [before, after] = [from, to].map((row) => readQuotedEnds(window, row));
  if (before === undefined || after === undefined) return;
  for (const [end, short] of [
    ['source', 'src'],
    ['destination', 'dst'],
  ] as const) {
    const [old, changed] = [parseEndpoint(before[end]), parseEndpoint(after[end])];
    note(`${ip}.${short}#2`, old.address, changed.address);
    note(`${after.protocol}.${short}port#1`, old.port ?? '', changed.port ?? '');
  }
}

function noteEchoIdentifier(
  window: JourneyWindow,
  protocol: number,
  from: number,
  to: number,
  note: Note,
): void {
  const { flags, sequence } = window.sightings;
  const type = flags[from] >>> 8;
  const echo = protocol === PROTOCOL_ICMP ? type === 8 || type === 0 : type === 128 || type === 129;
  if (echo)
    note(
      protocol === PROTOCOL_ICMP ? 'icmp.ident' : 'icmpv6.echo.identifier',
      sequence[from] >>> 16,
      sequence[to] >>> 16,
    );
}

const IDENTIFIER_FIELDS: Readonly<Record<string, string>> = {
  vlan: 'vlan.id',
  pppoe: 'pppoe.session_id',
  mpls: 'mpls.label',
  vxlan: 'vxlan.vni',
  geneve: 'geneve.vni',
  gre: 'gre.key',
};

function noteEncapsulation(
  window: JourneyWindow,
  protocol: number,
  version6: boolean,
  from: number,
  to: number,
  note: Note,
): void {
  const { strings, sightings } = window;
  const before = parseShells(strings[sightings.encapsulation[from]]);
  const after = parseShells(strings[sightings.encapsulation[to]]);
  const inner = `${version6 ? 'ipv6' : 'ip'}${innerName(protocol)}`;
  note('frame.protocols', protocolChain(before, inner), protocolChain(after, inner));
  for (const [kind, field] of Object.entries(IDENTIFIER_FIELDS))
    note(field, identifiers(before, kind), identifiers(after, kind));
  for (const [column, field] of [
    ['group', 'vxlan.gbp'],
    ['applied', 'vxlan.flag_a'],
    ['unlearned', 'vxlan.flag_d'],
    ['options', 'geneve.options'],
  ] as const)
    note(field, valuesOf(before, column), valuesOf(after, column));
}

const valuesOf = (
  shells: readonly Shell[],
  column: 'group' | 'applied' | 'unlearned' | 'options',
): string =>
  shells
    .map((shell) => shell[column])
    .filter((value) => value !== '')
    .join(',');

const identifiers = (shells: readonly Shell[], kind: string): string =>
  shells
    .filter((shell) => shell.kind === kind)
    .map((shell) => shell.identifier)
    .join(',');

const innerName = (protocol: number): string =>
  protocol === PROTOCOL_TCP
    ? ':tcp'
    : protocol === PROTOCOL_UDP
      ? ':udp'
      : protocol === PROTOCOL_ICMP
        ? ':icmp'
        : protocol === PROTOCOL_ICMPV6
          ? ':icmpv6'
          : '';

/** Wireshark's `frame.protocols` from the first shell inwards; the link layer before it is no encapsulation. */
function protocolChain(shells: readonly Shell[], inner: string): string {
  let chain = '';
  for (const { kind, version6 } of shells) {
    const outer = version6 ? 'ipv6' : 'ip';
    if (kind === 'vlan') chain += 'vlan:ethertype:';
    else if (kind === 'pppoe') chain += 'pppoes:ppp:';
    else if (kind === 'mpls-in-udp') chain += `${outer}:udp:`;
    else if (kind === 'mpls') chain += chain.endsWith('mpls:') ? '' : 'mpls:';
    else if (kind === 'vxlan' || kind === 'geneve') chain += `${outer}:udp:${kind}:eth:ethertype:`;
    else if (kind === 'gre') chain += `${outer}:gre:`;
    else if (kind === 'erspan') chain += `${outer}:gre:erspan:eth:ethertype:`;
    else chain += `${outer}:`;
  }
  return chain + inner;
}

/** Sequence number at which the journey's bytes begin in this sighting's stream. */
const streamStart = ({ sightings }: JourneyWindow, sighting: number): number =>
  isWholeRow(sightings.byteStart[sighting], sightings.byteEnd[sighting])
    ? sightings.sequence[sighting]
    : sightings.byteStart[sighting];

const isWhole = ({ sightings }: JourneyWindow, sighting: number): boolean =>
  isWholeRow(sightings.byteStart[sighting], sightings.byteEnd[sighting]);

const isWholeRow = (byteStart: number, byteEnd: number): boolean =>
  byteStart === 0 && byteEnd === 0;

const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;
