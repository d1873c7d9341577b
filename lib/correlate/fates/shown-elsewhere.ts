// Datagrams that seem lost while the very capture that should have seen them shows their content in another conversation: a translation may have changed
// more than one packet can tell (both ends, IP ID), so that the two were not joined. Nothing is known of them then.
import { FATE_LOST, FATE_UNKNOWN, fateReasonCode } from '../../model/fate';
import { PROTOCOL_TCP } from '../../model/protocols';
import { stopPoint } from '../../model/stop';
import type { ConnectionTable } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';
import type { LegTable } from '../legs/legs';
import { JOURNEY_YIELD_ROWS } from '../limits';

/** Runs when all fates are known. Yields 0 … 1. */
export function* settleShownElsewhere(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
  journeys: JourneyTable,
  numbers: JourneyNumbers,
): Generator<number> {
  const contentOf = (journey: number): string => {
    const { digest, payload } = numbers.header(journey);
    return `${digest} ${payload}`;
  };
  const doubtful: { journey: number; point: number }[] = [];
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connections.protocol[connection] === PROTOCOL_TCP) continue;
    const points = pointsOf(legs, connections, connection);
    for (
      let j = journeys.firstJourney[connection];
      j < journeys.firstJourney[connection + 1];
      j += 1
    ) {
      if (j % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0;
      if (journeys.fate[j] !== FATE_LOST || numbers.header(j).digest === 0) continue;
      const point = stopPoint(journeys.stops.toOf(j));
      // Where the conversation itself was seen at the point, its packets are joined there.
      if (!points.has(point)) doubtful.push({ journey: j, point });
    }
  }
  if (doubtful.length === 0) return;
  const cursor = new RowCursor(input);
  const wanted = new Map<string, Set<number>>();
  for (const { journey } of doubtful) wanted.set(contentOf(journey), new Set());
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connections.protocol[connection] === PROTOCOL_TCP) continue;
    for (
      let j = journeys.firstJourney[connection];
      j < journeys.firstJourney[connection + 1];
      j += 1
    ) {
      if (j % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0.5;
      const points = wanted.get(contentOf(j));
      if (points === undefined) continue;
      for (let s = journeys.firstSighting[j]; s < journeys.firstSighting[j + 1]; s += 1)
        points.add(cursor.pointAt(cursor.seek(journeys.sightingRow[s])));
    }
  }
  for (const { journey, point } of doubtful) {
    if (wanted.get(contentOf(journey))?.has(point) !== true) continue;
    journeys.fate[journey] = FATE_UNKNOWN;
    journeys.reason[journey] = fateReasonCode('shown-elsewhere');
  }
}

function pointsOf(
  legs: LegTable,
  { firstLeg, legs: members }: ConnectionTable,
  connection: number,
): ReadonlySet<number> {
  const points = new Set<number>();
  for (let at = firstLeg[connection]; at < firstLeg[connection + 1]; at += 1)
    points.add(legs.point[members[at]]);
  return points;
}
