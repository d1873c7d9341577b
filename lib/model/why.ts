// Why two sightings of a window are, or are not, one packet: the rung by which they were joined, the fields that were compared, the rivals.
// Field names are Wireshark's. `explain` (lib/engine) prints it, the inspector shows it.
import { counted } from '../base/counted';
import { sequenceDifference } from '../base/sequence-number';
import type { FrameReference } from './finding';
import {
  acknowledgementAt,
  JOURNEY_AMBIGUOUS,
  type JourneyWindow,
  sequenceAt,
} from './journey-window';
import { STATUS_TIMESTAMPS } from './packet-status';
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP } from './protocols';
import { describeQuotation, readQuotedEnds } from './quoted-ends';
import { deriveRewrites } from './rewrites';
import { type Rung, rungOf } from './rung';
import { TCP_IDENTITY_FLAGS } from './tcp-flags';

/** `not-found` has no sightings to compare. */
export type Verdict = 'one-packet' | 'two-packets' | 'two-connections' | 'not-found';

export interface ComparedField {
  readonly field: string;
  readonly first: string;
  readonly second: string;
  /** `equal`; `rewritten`: translation, routing or offload change it; `differs`: nothing on the way does; `unset`: neither gives one, which is no evidence. */
  readonly result: 'equal' | 'rewritten' | 'differs' | 'unset';
}

export interface Rival extends FrameReference {
  /** What tells it from the frame it competes with; empty: nothing does. */
  readonly differs: readonly string[];
}

/** A sighting's place in a window. */
export interface Place {
  readonly window: JourneyWindow;
  readonly journey: number;
  readonly row: number;
}

const isPart = ({ window, row }: Place): boolean =>
  window.sightings.byteStart[row] !== window.sightings.byteEnd[row];

/** Fields of the key ladder, and what the way may change. */
export function compareFields(a: Place, b: Place): ComparedField[] {
  const { window } = a;
  const { sightings } = window;
  const ofTcp = isTcp(a);
  const cut = isPart(a) || isPart(b);
  const joined = a.journey === b.journey;
  // What an error carries is translated with it.
  const isJoinedQuotation = joined && sightings.quote[a.row] !== 0;
  const fields: ComparedField[] = [];
  const add = (
    field: string,
    first: string | number,
    second: string | number,
    mayChange = false,
  ): void => {
    const result = first === second ? 'equal' : mayChange ? 'rewritten' : 'differs';
    fields.push({ field, first: String(first), second: String(second), result });
  };
  if (ofTcp) {
    const [seqA, seqB] = [sequenceAt(sightings, a.row), sequenceAt(sightings, b.row)];
    const [ackA, ackB] = [acknowledgementAt(sightings, a.row), acknowledgementAt(sightings, b.row)];
    // What differs by the connection's shift alone was rewritten by who shifts it.
    add('tcp.seq_raw', sightings.sequence[a.row], sightings.sequence[b.row], cut || seqA === seqB);
    add(
      'tcp.ack_raw',
      sightings.acknowledgement[a.row],
      sightings.acknowledgement[b.row],
      ackA === ackB,
    );
    add(
      'tcp.flags (SYN, ACK, FIN, RST)',
      hex(sightings.flags[a.row] & TCP_IDENTITY_FLAGS),
      hex(sightings.flags[b.row] & TCP_IDENTITY_FLAGS),
      cut,
    );
    add('tcp.len', sightings.payloadLength[a.row], sightings.payloadLength[b.row], cut);
    if ((sightings.status[a.row] | sightings.status[b.row]) & STATUS_TIMESTAMPS) {
      // Who shifts sequence numbers may shift timestamps, too.
      const shifted =
        joined &&
        (sightings.sequenceShift[a.row] !== sightings.sequenceShift[b.row] ||
          sightings.acknowledgementShift[a.row] !== sightings.acknowledgementShift[b.row]);
      add(
        'tcp.options.timestamp.tsval',
        sightings.timestampValue[a.row],
        sightings.timestampValue[b.row],
        shifted,
      );
      add(
        'tcp.options.timestamp.tsecr',
        sightings.timestampEcho[a.row],
        sightings.timestampEcho[b.row],
        shifted,
      );
    }
  } else {
    add(
      'length of the payload',
      sightings.payloadLength[a.row],
      sightings.payloadLength[b.row],
      cut || isJoinedQuotation,
    );
    if (sightings.sequence[a.row] !== 0 && sightings.sequence[b.row] !== 0)
      add(
        isIcmp(a) ? 'icmp.seq' : 'dns.id',
        numberOf(a, sightings.sequence[a.row]),
        numberOf(b, sightings.sequence[b.row]),
      );
  }
  if (sightings.payloadDigest[a.row] !== 0 && sightings.payloadDigest[b.row] !== 0)
    add(
      'first 64 bytes of payload (digest)',
      hex(sightings.payloadDigest[a.row]),
      hex(sightings.payloadDigest[b.row]),
      cut || isJoinedQuotation,
    );
  // NAT64 and some firewalls make up IP IDs: of one packet they tell no difference.
  const [idA, idB] = [sightings.ipId[a.row], sightings.ipId[b.row]];
  // 0 stands for none: Linux gives it to SYN-ACKs, resets and datagrams of sockets that are not connected.
  if (idA === 0 && idB === 0)
    fields.push({ field: 'ip.id', first: hex(0), second: hex(0), result: 'unset' });
  else add('ip.id', hex(idA), hex(idB), cut || joined);
  const known = new Set(fields.map(({ field }) => field));
  for (const { field, before, after } of deriveRewrites(window, a.row, b.row))
    if (!known.has(field)) add(field, before, after, true);
  return fields;
}

/** Sightings at the second's point, of the same connection and direction, that repeat what the first carries. */
export function findRivals(a: Place, b: Place): Rival[] {
  const { window } = a;
  const { journeys, sightings, files } = window;
  const connection = journeys.connection[a.journey];
  const rivals: Rival[] = [];
  for (let journey = 0; journey < window.journeyCount; journey += 1) {
    if (journeys.connection[journey] !== connection) continue;
    if (journey === a.journey || journey === b.journey) continue;
    if (journeys.direction[journey] !== journeys.direction[a.journey]) continue;
    const end = journeys.firstSighting[journey] + journeys.sightingCount[journey];
    for (let row = journeys.firstSighting[journey]; row < end; row += 1) {
      const at = { window, journey, row };
      if (sightings.point[row] !== sightings.point[b.row] || row === a.row) continue;
      if (!carriesTheSame(a, at)) continue;
      rivals.push({
        file: files[sightings.capture[row]],
        frame: sightings.frame[row],
        differs: compareFields(a, at)
          .filter(
            ({ result, field }) =>
              result === 'differs' || (field === 'ip.id' && result !== 'equal'),
          )
          .map(({ field, first, second }) => `${field} ${second} instead of ${first}`),
      });
    }
  }
  return rivals;
}

/** The same bytes of the stream, or an equal datagram: what a retransmission repeats. */
function carriesTheSame(a: Place, b: Place): boolean {
  const { sightings, protocols, journeys } = a.window;
  if (protocols[journeys.connection[a.journey]] !== PROTOCOL_TCP)
    return (
      sightings.payloadLength[a.row] === sightings.payloadLength[b.row] &&
      sightings.payloadDigest[a.row] === sightings.payloadDigest[b.row]
    );
  return (
    sequenceAt(sightings, a.row) === sequenceAt(sightings, b.row) &&
    sightings.payloadLength[a.row] === sightings.payloadLength[b.row] &&
    ((sightings.flags[a.row] ^ sightings.flags[b.row]) & TCP_IDENTITY_FLAGS) === 0
  );
}

/** The rung that joined two sightings of one packet: the higher of theirs. */
export const joiningRung = (a: Place, b: Place): Rung =>
  rungOf(Math.max(a.window.sightings.rung[a.row], b.window.sightings.rung[b.row]));

/** What the numbers of the one are more than the other's, where something shifts them on the way; empty: nothing does. */
export function shiftText({ window: { sightings } }: Place, from: number, to: number): string {
  const by = (column: Uint32Array): number => sequenceDifference(column[to], column[from]);
  const parts = [
    ['sequence', by(sightings.sequenceShift)],
    ['acknowledgement', by(sightings.acknowledgementShift)],
  ] as const;
  return parts
    .filter(([, shift]) => shift !== 0)
    .map(([name, shift]) => `${name} numbers shifted by ${shift}`)
    .join(' and ');
}

export function groundOf(
  verdict: Verdict,
  a: Place,
  b: Place,
  fields: readonly ComparedField[],
  rivals: readonly Rival[],
  ambiguous: boolean,
  packets: number,
): string {
  const differing = fields.filter(({ result }) => result === 'differs');
  const rewritten = fields.filter(({ result }) => result === 'rewritten').length;
  if (verdict === 'two-connections')
    return (
      quotationGround(a, b, 'first', 'second') ??
      quotationGround(b, a, 'second', 'first') ??
      'Their connections share no packet: nothing that a translation leaves alone joins them.'
    );
  if (verdict === 'two-packets') {
    if (a.window.journeys.direction[a.journey] !== b.window.journeys.direction[b.journey])
      return 'They belong to one connection and run opposite ways.';
    return differing.length > 0
      ? `They belong to one connection, and differ in what nothing on the way changes: ${differing.map(({ field }) => field).join(', ')}.`
      : 'They belong to one connection and are alike in every field: told apart by their order and by the delay that other packets show.';
  }
  if (isPart(a) || isPart(b)) {
    const { start, end } = bytesOf(a);
    const shared = packets > 1 ? `; the two frames share ${packets} packets` : '';
    return isTcp(a)
      ? `One carries bytes ${start} to ${end} of the stream that the other carries, too: segmentation offload, or IP fragmentation, cut or joined them${shared}. Timestamps and acknowledgement agree as far as they are there.`
      : `One carries bytes ${start} to ${end} of the datagram that the other carries, too: IP fragments were cut, or put together, between them${shared}. They have one identification, or one content where that is made anew.`;
  }
  const equal = fields.filter(({ result }) => result === 'equal').map(({ field }) => field);
  const shift = shiftText(a, a.row, b.row);
  const quotation = describeQuotation(a.window, a.row, b.row);
  const changed = [
    shift === '' ? '' : ` On the way, ${shift}.`,
    quotation === undefined ? '' : ` It ${quotation}.`,
    rewritten > 0 ? ` What differs, the way rewrites (${counted(rewritten, 'field')}).` : '',
  ].join('');
  const alike = rivals.filter(({ differs }) => differs.length === 0);
  if (ambiguous)
    return `Equal in ${equal.join(', ')}, and so are ${alike.length > 0 ? `${alike.length} more` : 'others'} at that point: joined in order, at the delay that other packets show. It is marked ambiguous.${changed}`;
  return `${RUNG_TEXTS[joiningRung(a, b)]}: equal in ${equal.join(', ')}. ${rivals.length === 0 ? 'No other frame at that point repeats it.' : `${counted(rivals.length, 'other frame')} at that point ${rivals.length === 1 ? 'repeats' : 'repeat'} it; ${rivals.length === 1 ? 'it differs' : 'they differ'} in ${[...new Set(rivals.flatMap(({ differs }) => differs.map((text) => text.split(' ')[0])))].join(', ') || 'time alone'}.`}${changed}`;
}

/** An ICMP error and a packet of the connection that it is about; `name`, `otherName`: which of the two frames is which. */
function quotationGround(
  error: Place,
  other: Place,
  name: string,
  otherName: string,
): string | undefined {
  const { window } = other;
  const { sightings, strings, journeys } = window;
  const ends = readQuotedEnds(error.window, error.row);
  if (ends === undefined) return undefined;
  const first = journeys.firstSighting[other.journey];
  for (let row = first; row < first + journeys.sightingCount[other.journey]; row += 1) {
    const [source, destination] = [sightings.source, sightings.destination].map(
      (column) => strings[column[row]],
    );
    const forward = source === ends.source && destination === ends.destination;
    const back = source === ends.destination && destination === ends.source;
    if (forward || back)
      return `The ${name} is an ICMP error about the connection of the ${otherName}: it quotes ${ends.protocol} ${ends.source} > ${ends.destination}${back ? ', which ran the other way' : ''}. An error is a packet of its own.`;
  }
  return undefined;
}

const RUNG_TEXTS: Readonly<Record<Rung, string>> = {
  alone: 'One frame',
  key: 'Joined by the full key',
  'key-without-timestamps': 'Joined by the key without timestamps',
  'ip-id': 'Joined by the IP ID, since other packets have the same key',
  payload: 'Joined by the payload, since other packets have the same key',
  bytes: 'Joined by the bytes they carry',
  'packet-id': 'Joined by the packet id that the capture gives both',
  order: 'Joined in order, since other packets are alike, at the delay that the connection shows',
};

/** Words for the fields of the key; two fields with one word are named once. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  'tcp.seq_raw': 'sequence',
  'tcp.ack_raw': 'acknowledgement',
  'tcp.flags (SYN, ACK, FIN, RST)': 'flags',
  'tcp.len': 'length',
  'length of the payload': 'length',
  'tcp.options.timestamp.tsval': 'timestamps',
  'tcp.options.timestamp.tsecr': 'timestamps',
  'first 64 bytes of payload (digest)': 'payload',
  'dns.id': 'DNS id',
  'icmp.seq': 'number',
  'ip.id': 'IP ID',
};

/** The ground in one line, for two sightings of one packet: `same sequence, length, timestamps; nothing else there is alike`. */
export function groundLine(a: Place, b: Place): string {
  const { window } = a;
  const rung = joiningRung(a, b);
  const { start, end } = bytesOf(a);
  const same = compareFields(a, b)
    .filter(({ result }) => result === 'equal')
    .flatMap(({ field }) => FIELD_WORDS[field] ?? []);
  const what =
    rung === 'bytes'
      ? `bytes ${start} to ${end} of the ${isTcp(a) ? 'stream' : 'datagram'}, cut or joined on the way`
      : `same ${[...new Set(same)].join(', ')}`;
  const rivals = findRivals(a, b);
  const alike = rivals.filter(({ differs }) => differs.length === 0).length;
  const isAmbiguous = (window.journeys.flags[a.journey] & JOURNEY_AMBIGUOUS) !== 0;
  const told: Readonly<Record<Rung, string>> = {
    alone: '',
    key: 'told apart by their numbers and timestamps',
    'key-without-timestamps': 'told apart by their numbers',
    'ip-id': 'told apart by the IP ID',
    payload: 'told apart by the payload',
    bytes: '',
    'packet-id': 'told apart by their packet ids',
    order: isAmbiguous ? 'joined in order: ambiguous' : 'joined in order',
  };
  const company =
    rivals.length === 0
      ? 'no other frame there repeats it'
      : [
          `${counted(rivals.length, 'other frame')} there ${rivals.length === 1 ? 'repeats' : 'repeat'} it${alike > 0 && alike < rivals.length ? `, ${alike} of them alike in all` : ''}`,
          told[rung],
        ]
          .filter((text) => text !== '')
          .join(', ');
  const quoted = describeQuotation(window, a.row, b.row) ?? '';
  return [what, shiftText(a, a.row, b.row), quoted, company]
    .filter((text) => text !== '')
    .join('; ');
}

const isTcp = ({ window, journey }: Place): boolean =>
  window.protocols[window.journeys.connection[journey]] === PROTOCOL_TCP;

const isIcmp = ({ window, journey }: Place): boolean => {
  const protocol = window.protocols[window.journeys.connection[journey]];
  return protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6;
};

/** An echo's number; its identifier is rewritten like a port. */
const numberOf = (place: Place, sequence: number): number =>
  isIcmp(place) ? sequence & 0xffff : sequence;

const bytesOf = ({ window, journey }: Place): { start: number; end: number } => ({
  start: window.journeys.byteStart[journey],
  end: window.journeys.byteEnd[journey],
});

const hex = (value: number): string => `0x${value.toString(16)}`;
