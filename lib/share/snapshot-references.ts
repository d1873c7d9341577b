// What a schema cannot say of a snapshot: that every index and every name points at something that is there.
// Drawing code trusts these, so a link from a stranger is refused here.
import {
  JOURNEY_AMBIGUOUS,
  JOURNEY_BYTES,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
} from '../model/journey-window';
import type { CaseSnapshot } from '../model/snapshot';
import { NO_STOP, stopPassage, stopPoint } from '../model/stop';

const KNOWN_JOURNEY_FLAGS = JOURNEY_AMBIGUOUS | JOURNEY_BYTES | JOURNEY_RETRANSMISSION;
const STOP = /^(.+?)(?:\/([1-9]\d{0,2}))?$/;

/** The first thing that does not hold together, in words; undefined where all does. Findings, notes and the view may name what was not kept. */
export function findBrokenReference(snapshot: CaseSnapshot): string | undefined {
  const { captures, points, connections, hops, journeys: window } = snapshot;
  const pointIds = new Set(points.map((point) => point.id));
  const isStop = (stop: string): boolean => pointIds.has(STOP.exec(stop)?.[1] ?? '');
  const connectionIds = new Set(connections.map((connection) => connection.id));

  if (pointIds.size !== points.length) return 'two points have one id';
  if (connectionIds.size !== connections.length) return 'two connections have one id';
  if (points.some((point) => point.capture >= captures.length))
    return 'a point belongs to a capture that is not there';
  for (const connection of connections) {
    const stops = [
      ...connection.forwardStops,
      ...connection.reverseStops,
      ...connection.translations.flatMap((translation) => [translation.from, translation.to]),
      ...connection.losses.flatMap((loss) => [loss.from, loss.to]),
      ...(connection.closing?.at ? [connection.closing.at] : []),
    ];
    const ids = [...connection.points, ...connection.legs.map((leg) => leg.point)];
    if (!ids.every((id) => pointIds.has(id)) || !stops.every(isStop))
      return `connection ${connection.id} passes a point that is not there`;
  }
  if (!hops.every((hop) => isStop(hop.from) && isStop(hop.to)))
    return 'a hop joins points that are not there';
  if (!snapshot.findings.every((finding) => finding.between?.every(isStop) ?? true))
    return 'a finding lies between points that are not there';
  if (!window.connections.every((id) => connectionIds.has(id)))
    return 'journeys belong to a connection that is not there';
  return findBrokenRow(window, points.length, captures.length);
}

function findBrokenRow(
  window: JourneyWindow,
  points: number,
  captures: number,
): string | undefined {
  const { journeys, sightings, connections, protocols, strings, files } = window;
  if (protocols.length !== connections.length) return 'connections and protocols differ in number';
  if (files.length !== captures) return 'files and captures differ in number';
  if (strings[0] !== '') return 'the first string is not the empty one';
  const isStop = (stop: number): boolean =>
    stop === NO_STOP || (stopPoint(stop) < points && stopPassage(stop) > 0);

  for (let j = 0; j < window.journeyCount; j++) {
    if (
      journeys.connection[j] >= connections.length ||
      journeys.direction[j] > 1 ||
      (journeys.flags[j] & ~KNOWN_JOURNEY_FLAGS) !== 0 ||
      !isStop(journeys.lostFrom[j]) ||
      !isStop(journeys.lostTo[j])
    )
      return `journey ${j} points at what is not there`;
  }
  const texts = [
    sightings.source,
    sightings.destination,
    sightings.sourceMac,
    sightings.destinationMac,
    sightings.encapsulation,
    sightings.quote,
  ];
  for (let i = 0; i < window.sightingCount; i++) {
    if (
      sightings.point[i] >= points ||
      sightings.capture[i] >= captures ||
      sightings.frame[i] === 0 ||
      sightings.passage[i] === 0 ||
      texts.some((column) => column[i] >= strings.length)
    )
      return `sighting ${i} points at what is not there`;
  }
  return undefined;
}
