// From frames to the connections whose packets they carry: a story or a note may cite frames that the picture does not show yet.
import { upperBound } from '../base/bisect';
import { connectionOf } from '../correlate/journeys/journeys';
import type { FrameReference } from '../model/finding';
import type { Analysis } from './analysis';

/** Ids in the order of the frames, each once. Frames of no connection are left out. Goes once over all sightings. */
export function findFrameConnections(
  analysis: Analysis,
  frames: readonly FrameReference[],
): readonly string[] {
  const { input, journeys, order } = analysis.correlation;
  const places = new Map<number, number[]>();
  frames.forEach(({ file, frame }, place) => {
    const capture = input.captures.findIndex((one) => one.file === file);
    if (capture < 0) return;
    const row = input.rowBase[capture] + frame - 1;
    places.set(row, [...(places.get(row) ?? []), place]);
  });
  const found: (string | undefined)[] = frames.map(() => undefined);
  const { sightingRow, firstSighting } = journeys;
  for (let sighting = 0; sighting < sightingRow.length; sighting += 1) {
    const here = places.get(sightingRow[sighting]);
    if (here === undefined) continue;
    const journey = upperBound(firstSighting, sighting, 0, journeys.count) - 1;
    const position = order.indexOf(connectionOf(journeys, journey));
    for (const place of here) found[place] ??= analysis.connections[position]?.id;
  }
  return [...new Set(found.filter((id) => id !== undefined))];
}
