// Where the numbers of a finding's steps and the notes stand: frames of files turned into rows of the sightings.
import type { Finding } from '../model/finding';
import type { JourneyWindow } from '../model/journey-window';
import type { Annotation } from '../model/snapshot';

export interface Marker {
  readonly sighting: number;
  /** Number of the step; for a note its index in the notes. */
  readonly number: number;
}

type FrameKey = string;
const frameKey = (file: string, frame: number): FrameKey => `${frame}@${file}`;

/** First sighting of each frame that steps and notes name: one pass over the window, which may be long. */
function findSightings(
  window: JourneyWindow,
  finding: Pick<Finding, 'steps'> | null,
  notes: readonly Annotation[],
): ReadonlyMap<FrameKey, number> {
  const wanted = window.files.map(() => new Set<number>());
  const fileIndex = new Map(window.files.map((file, index) => [file, index]));
  const want = (file: string, frame: number): void => {
    const index = fileIndex.get(file);
    if (index !== undefined) wanted[index].add(frame);
  };
  for (const step of finding?.steps ?? [])
    for (const { file, frame } of step.frames) want(file, frame);
  for (const { target } of notes) if (target.kind === 'frame') want(target.file, target.frame);

  const found = new Map<FrameKey, number>();
  if (wanted.every((frames) => frames.size === 0)) return found;
  const { frame, capture } = window.sightings;
  for (let row = 0; row < window.sightingCount; row++) {
    if (!wanted[capture[row]]?.has(frame[row])) continue;
    const key = frameKey(window.files[capture[row]], frame[row]);
    // A frame that was cut again further on is part of many journeys: its first is marked.
    if (!found.has(key)) found.set(key, row);
  }
  return found;
}

/** Markers of a finding's steps and of the notes on frames, each sorted by sighting. */
export function readMarkers(
  window: JourneyWindow,
  finding: Pick<Finding, 'steps'> | null,
  notes: readonly Annotation[],
): { readonly steps: readonly Marker[]; readonly notes: readonly Marker[] } {
  const found = findSightings(window, finding, notes);
  const markersOf = (file: string, frame: number, number: number): readonly Marker[] => {
    const sighting = found.get(frameKey(file, frame));
    return sighting === undefined ? [] : [{ sighting, number }];
  };
  const steps = (finding?.steps ?? []).flatMap(({ frames }, index) =>
    frames.flatMap(({ file, frame }) => markersOf(file, frame, index + 1)),
  );
  const noteMarkers = notes.flatMap(({ target }, index) =>
    target.kind === 'frame' ? markersOf(target.file, target.frame, index) : [],
  );
  const bySighting = (a: Marker, b: Marker): number =>
    a.sighting - b.sighting || a.number - b.number;
  return { steps: steps.sort(bySighting), notes: noteMarkers.sort(bySighting) };
}

/** Row of a frame's first sighting; undefined when the window has none. */
export function findSighting(
  window: JourneyWindow,
  file: string,
  frame: number,
): number | undefined {
  const capture = window.files.indexOf(file);
  if (capture < 0) return undefined;
  const { sightings } = window;
  for (let row = 0; row < window.sightingCount; row++)
    if (sightings.frame[row] === frame && sightings.capture[row] === capture) return row;
  return undefined;
}

/** Markers of the sightings `from` … `to` − 1; the list is sorted by sighting. */
export function markersBetween(
  markers: readonly Marker[],
  from: number,
  to: number,
): readonly Marker[] {
  let low = 0;
  let high = markers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (markers[middle].sighting < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < markers.length && markers[end].sighting < to) end++;
  return markers.slice(low, end);
}
