// Why two frames are, or are not, one packet: what the correlation made of them, the fields it goes by, and the rivals that it had to choose among.
// Field names are Wireshark's. The command line's `explain` prints it.
import type { FrameReference } from '../model/finding';
import {
  acknowledgementAt,
  JOURNEY_AMBIGUOUS,
  type JourneyWindow,
  sequenceAt,
} from '../model/journey-window';
import { packetLabels } from '../model/packet-label';
import { STATUS_TIMESTAMPS } from '../model/packet-status';
import { PROTOCOL_TCP } from '../model/protocols';
import { deriveRewrites } from '../model/rewrites';
import { TCP_IDENTITY_FLAGS } from '../model/tcp-flags';
import type { Analysis } from './analysis';
import { findFrameConnections } from './frame-connections';

export interface ExplainedFrame extends FrameReference {
  readonly point: string;
  /** ns after the analysis' base, by the capture's own clock. */
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  readonly label: string;
  readonly connection: string;
  /** Other frames of the same packet. */
  readonly sightings: readonly FrameReference[];
}

export interface ComparedField {
  readonly field: string;
  readonly first: string;
  readonly second: string;
  /** `equal`; `rewritten`: translation, routing or offload change it; `differs`: nothing on the way does. */
  readonly result: 'equal' | 'rewritten' | 'differs';
}

export interface Rival extends FrameReference {
  /** What tells it from the frame it competes with; empty: nothing does. */
  readonly differs: readonly string[];
}

export interface Explanation {
  readonly verdict: 'one-packet' | 'two-packets' | 'two-connections' | 'not-found';
  /** In a sentence or two, for a person. */
  readonly ground: string;
  readonly ambiguous: boolean;
  readonly frames: readonly ExplainedFrame[];
  readonly fields: readonly ComparedField[];
  /** Two connections that may be the two sides of a proxy: what speaks for it; empty: nothing does. */
  readonly possiblyContinues: readonly string[];
  /** Frames at the second frame's point that carry the same as the first. */
  readonly rivals: readonly Rival[];
}

/** A sighting's place in a window. */
interface Place {
  readonly window: JourneyWindow;
  readonly journey: number;
  readonly row: number;
}

export function explainFrames(
  analysis: Analysis,
  first: FrameReference,
  second: FrameReference,
): Explanation {
  const positions = new Map(analysis.connections.map(({ id }, position) => [id, position]));
  const ids = findFrameConnections(analysis, [first, second]);
  const window = analysis.journeysOf(ids.flatMap((id) => positions.get(id) ?? []));
  const places = [first, second].map((frame) => findPlaces(window, frame));
  const missing = [first, second].filter((_, index) => places[index].length === 0);
  if (missing.length > 0)
    return {
      verdict: 'not-found',
      ground: `${missing.map(({ file, frame }) => `${file}#${frame}`).join(' and ')}: no such frame, or one that belongs to no connection (it is no IP and no ARP, or could not be decoded).`,
      ambiguous: false,
      possiblyContinues: [],
      frames: [],
      fields: [],
      rivals: [],
    };
  // A frame can carry several packets: where one of them is the other frame's, that is meant.
  const shared = places[0].flatMap((a) =>
    places[1].flatMap((b) => (a.journey === b.journey ? [[a, b]] : [])),
  );
  const [a, b] = shared[0] ?? [places[0][0], places[1][0]];
  const sameWay = window.journeys.direction[a.journey] === window.journeys.direction[b.journey];
  const fields = sameWay ? compareFields(a, b) : [];
  const rivals = sameWay ? findRivals(a, b) : [];
  const ambiguous = [a, b].some(
    ({ journey }) => (window.journeys.flags[journey] & JOURNEY_AMBIGUOUS) !== 0,
  );
  const verdict =
    shared.length > 0
      ? 'one-packet'
      : window.journeys.connection[a.journey] === window.journeys.connection[b.journey]
        ? 'two-packets'
        : 'two-connections';
  return {
    verdict,
    ground: groundOf(verdict, a, b, fields, rivals, ambiguous, shared.length),
    ambiguous,
    possiblyContinues: verdict === 'two-connections' ? continuationGrounds(analysis, a, b) : [],
    frames: [describe(analysis, a), describe(analysis, b)],
    fields,
    rivals,
  };
}

/** Grounds on which the two connections are offered as both sides of a proxy. */
function continuationGrounds(analysis: Analysis, a: Place, b: Place): readonly string[] {
  const [first, second] = [a, b].map(
    ({ window, journey }) => window.connections[window.journeys.connection[journey]],
  );
  const position = analysis.connections.findIndex(({ id }) => id === first);
  const found = analysis.continuations.of(position).find(({ connection }) => connection === second);
  return found?.grounds ?? [];
}

function findPlaces(window: JourneyWindow, { file, frame }: FrameReference): Place[] {
  const capture = window.files.indexOf(file);
  const { journeys, sightings } = window;
  const places: Place[] = [];
  for (let journey = 0; journey < window.journeyCount; journey += 1)
    for (
      let row = journeys.firstSighting[journey];
      row < journeys.firstSighting[journey] + journeys.sightingCount[journey];
      row += 1
    )
      if (sightings.capture[row] === capture && sightings.frame[row] === frame)
        places.push({ window, journey, row });
  return places;
}

const isPart = ({ window, row }: Place): boolean =>
  window.sightings.byteStart[row] !== window.sightings.byteEnd[row];

/** Fields of the key ladder, and what the way may change. */
function compareFields(a: Place, b: Place): ComparedField[] {
  const { window } = a;
  const { sightings, journeys, protocols } = window;
  const isTcp = protocols[journeys.connection[a.journey]] === PROTOCOL_TCP;
  const cut = isPart(a) || isPart(b);
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
  if (isTcp) {
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
        a.journey === b.journey &&
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
    add('length of the payload', sightings.payloadLength[a.row], sightings.payloadLength[b.row]);
    if (sightings.sequence[a.row] !== 0 && sightings.sequence[b.row] !== 0)
      add('dns.id or icmp.seq', sightings.sequence[a.row], sightings.sequence[b.row]);
  }
  if (sightings.payloadDigest[a.row] !== 0 && sightings.payloadDigest[b.row] !== 0)
    add(
      'first 64 bytes of payload (digest)',
      hex(sightings.payloadDigest[a.row]),
      hex(sightings.payloadDigest[b.row]),
      cut,
    );
  add('ip.id', hex(sightings.ipId[a.row]), hex(sightings.ipId[b.row]), cut);
  const known = new Set(fields.map(({ field }) => field));
  for (const { field, before, after } of deriveRewrites(window, a.row, b.row))
    if (!known.has(field)) add(field, before, after, true);
  return fields;
}

/** Sightings at the second's point, of the same connection and direction, that repeat what the first carries. */
function findRivals(a: Place, b: Place): Rival[] {
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

function groundOf(
  verdict: Explanation['verdict'],
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
    return 'Their connections share no packet: nothing that a translation leaves alone joins them.';
  if (verdict === 'two-packets') {
    if (a.window.journeys.direction[a.journey] !== b.window.journeys.direction[b.journey])
      return 'They belong to one connection and run opposite ways.';
    return differing.length > 0
      ? `They belong to one connection, and differ in what nothing on the way changes: ${differing.map(({ field }) => field).join(', ')}.`
      : 'They belong to one connection and are alike in every field: told apart by their order and by the delay that other packets show.';
  }
  if (isPart(a) || isPart(b)) {
    const { start, end } = bytesOf(a);
    return `One carries bytes ${start} to ${end} of the stream that the other carries, too: segmentation offload cut or joined them${packets > 1 ? `; the two frames share ${packets} packets` : ''}. Timestamps and acknowledgement agree as far as they are there.`;
  }
  const equal = fields.filter(({ result }) => result === 'equal').map(({ field }) => field);
  const changed =
    rewritten > 0
      ? ` What differs, the way rewrites (${rewritten} ${rewritten === 1 ? 'field' : 'fields'}).`
      : '';
  const alike = rivals.filter(({ differs }) => differs.length === 0);
  if (ambiguous)
    return `Equal in ${equal.join(', ')}, and so are ${alike.length > 0 ? `${alike.length} more` : 'others'} at that point: joined in order, at the delay that other packets show. It is marked ambiguous.${changed}`;
  return `Equal in ${equal.join(', ')}. ${rivals.length === 0 ? 'No other frame at that point repeats it.' : `${rivals.length} other ${rivals.length === 1 ? 'frame' : 'frames'} at that point repeat it; ${rivals.length === 1 ? 'it differs' : 'they differ'} in ${[...new Set(rivals.flatMap(({ differs }) => differs.map((text) => text.split(' ')[0])))].join(', ') || 'time alone'}.`}${changed}`;
}

const bytesOf = ({ window, journey }: Place): { start: number; end: number } => ({
  start: window.journeys.byteStart[journey],
  end: window.journeys.byteEnd[journey],
});

function describe(analysis: Analysis, { window, journey, row }: Place): ExplainedFrame {
  const { sightings, journeys, strings, files } = window;
  const protocol = window.protocols[journeys.connection[journey]];
  const [label] = packetLabels({
    protocol,
    flags: sightings.flags[row],
    sequence: sightings.sequence[row],
    acknowledgement: sightings.acknowledgement[row],
    window: sightings.window[row],
    payloadLength: sightings.payloadLength[row],
    timestampValue: sightings.timestampValue[row],
    timestampEcho: sightings.timestampEcho[row],
    hasTimestamps: (sightings.status[row] & STATUS_TIMESTAMPS) !== 0,
  });
  const others: FrameReference[] = [];
  for (
    let other = journeys.firstSighting[journey];
    other < journeys.firstSighting[journey] + journeys.sightingCount[journey];
    other += 1
  )
    if (other !== row)
      others.push({ file: files[sightings.capture[other]], frame: sightings.frame[other] });
  return {
    file: files[sightings.capture[row]],
    frame: sightings.frame[row],
    point: analysis.points[sightings.point[row]].name,
    time: sightings.time[row],
    source: strings[sightings.source[row]],
    destination: strings[sightings.destination[row]],
    label,
    connection: window.connections[journeys.connection[journey]],
    sightings: others,
  };
}

const hex = (value: number): string => `0x${value.toString(16)}`;
