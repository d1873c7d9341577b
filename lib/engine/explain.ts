// Two frames looked up in the whole analysis, and why they are, or are not, one packet (lib/model/why.ts). The command line's `explain` prints it.
import { findByteLatency } from '../model/byte-latency';
import type { ExplainedFrame, Explanation } from '../model/explanation';
import type { FrameReference } from '../model/finding';
import { describeSharing } from '../model/host-text';
import { JOURNEY_AMBIGUOUS, type JourneyWindow } from '../model/journey-window';
import { packetLabels, partOf } from '../model/packet-label';
import { STATUS_TIMESTAMPS } from '../model/packet-status';
import { compareFields, findRivals, groundOf, joiningRung, type Place } from '../model/why';
import type { Analysis } from './analysis';
import { findFrameConnections } from './frame-connections';

/** Packets of the two connections that the page has looked through: beyond, it would wait for seconds. */
const MOST_EXPLAINED = 200_000;

/** The same for the page; null: the connections are too long for that. */
export function explainSoon(
  analysis: Analysis,
  first: FrameReference,
  second: FrameReference,
): Explanation | null {
  const ids = new Set(findFrameConnections(analysis, [first, second]));
  const packets = analysis.connections.reduce(
    (sum, { id, journeys }) => (ids.has(id) ? sum + journeys : sum),
    0,
  );
  return packets > MOST_EXPLAINED ? null : explainFrames(analysis, first, second);
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
      rung: null,
      ambiguous: false,
      possiblyContinues: [],
      frames: [],
      fields: [],
      rivals: [],
      hosts: '',
      latency: null,
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
    rung: verdict === 'one-packet' ? joiningRung(a, b) : null,
    ambiguous,
    possiblyContinues: verdict === 'two-connections' ? continuationGrounds(analysis, a, b) : [],
    frames: [describe(analysis, a), describe(analysis, b)],
    fields,
    rivals,
    hosts: describeHosts(analysis, a, b),
    latency: verdict === 'one-packet' ? latencyOf(analysis, a, b) : null,
  };
}

/** `cpe-eth0 and node-tun0: one host, certain: …` */
function describeHosts({ points, clocks }: Analysis, a: Place, b: Place): string {
  const [first, second] = [a, b].map(({ window, row }) => points[window.sightings.point[row]]);
  if (first === second) return '';
  const names = `${first.name} and ${second.name}`;
  if (first.host !== second.host) return `${names}: two hosts, by their clocks`;
  const shared = clocks.find(({ host }) => host === first.host)?.shared;
  return shared === undefined || first.capture === second.capture
    ? `${names}: one host, of one capture`
    : `${names}: ${describeSharing(shared)}`;
}

function latencyOf({ correlation }: Analysis, a: Place, b: Place): Explanation['latency'] {
  const { clocks } = correlation;
  const { sightings } = a.window;
  const [captureA, captureB] = [a, b].map(({ row }) => sightings.capture[row]);
  if (a.row === b.row || !clocks.comparable(captureA, captureB)) return null;
  const own = ({ row }: Place, capture: number): number =>
    sightings.time[row] - correlation.input.captures[capture].baseDelta;
  const [from, to] = a.row < b.row ? [a.row, b.row] : [b.row, a.row];
  const onWay = sightings.branch[from] === 0 && sightings.branch[to] === 0;
  return {
    ns: Math.round(sightings.referenceTime[to] - sightings.referenceTime[from]),
    errorNs: clocks.errorAt(captureA, own(a, captureA), captureB, own(b, captureB)),
    bytes: (onWay && findByteLatency(a.window, a.journey, from, to)) || null,
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

function describe(analysis: Analysis, { window, journey, row }: Place): ExplainedFrame {
  const { sightings, journeys, strings, files } = window;
  const protocol = window.protocols[journeys.connection[journey]];
  const point = analysis.points[sightings.point[row]];
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
    part: partOf(window, journey),
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
    point: point.name,
    role: point.role?.text ?? null,
    host: point.host,
    time: sightings.time[row],
    source: strings[sightings.source[row]],
    destination: strings[sightings.destination[row]],
    label,
    connection: window.connections[journeys.connection[journey]],
    sightings: others,
  };
}
