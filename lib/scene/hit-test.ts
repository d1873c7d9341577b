// What stands under the pointer: a sighting's glyph first, then a badge or a label, then the line of a journey.
import type { JourneyWindow } from '../model/journey-window';
import type { Marks } from './marks';

export interface Hit {
  readonly journey: number;
  /** Row of the window's sightings. */
  readonly sighting: number;
}

const GLYPH_REACH_PX = 9;
const LINE_REACH_PX = 6;
const TEXT_HALF_PX = 9;

/** The nearest thing within reach of (x, y) in the marks' own px; null when there is none. */
export function findHit(marks: Marks, window: JourneyWindow, x: number, y: number): Hit | null {
  return findGlyph(marks, x, y) ?? findBox(marks, x, y) ?? findLine(marks, window, x, y);
}

function findGlyph({ glyphs }: Marks, x: number, y: number): Hit | null {
  let best = GLYPH_REACH_PX ** 2;
  let hit: Hit | null = null;
  for (let row = 0; row < glyphs.length; row++) {
    const sighting = glyphs.get('sighting', row);
    if (sighting < 0) continue;
    const distance = (glyphs.get('x', row) - x) ** 2 + (glyphs.get('y', row) - y) ** 2;
    if (distance > best) continue;
    best = distance;
    hit = { journey: glyphs.get('journey', row), sighting };
  }
  return hit;
}

function findBox({ boxes }: Marks, x: number, y: number): Hit | null {
  for (let row = 0; row < boxes.length; row++) {
    const left = boxes.get('x', row);
    const top = boxes.get('y', row);
    const inside =
      x >= left &&
      x <= left + boxes.get('width', row) &&
      y >= top &&
      y <= top + boxes.get('height', row);
    if (inside && boxes.get('sighting', row) >= 0)
      return { journey: boxes.get('journey', row), sighting: boxes.get('sighting', row) };
  }
  return null;
}

/** A line or a label means its journey: the sighting nearest to the pointer on its line. */
function findLine(marks: Marks, window: JourneyWindow, x: number, y: number): Hit | null {
  const { lines, texts } = marks;
  let best = LINE_REACH_PX ** 2;
  let journey = -1;
  for (let row = 0; row < lines.length; row++) {
    const owner = lines.get('journey', row);
    if (owner < 0) continue;
    const distance = distanceSquared(
      x,
      y,
      lines.get('x1', row),
      lines.get('y1', row),
      lines.get('x2', row),
      lines.get('y2', row),
    );
    if (distance > best) continue;
    best = distance;
    journey = owner;
  }
  for (let row = 0; row < texts.length && journey < 0; row++) {
    const left = texts.get('x', row);
    if (
      texts.get('journey', row) >= 0 &&
      Math.abs(texts.get('y', row) - y) <= TEXT_HALF_PX &&
      x >= left &&
      x <= left + texts.get('width', row)
    )
      journey = texts.get('journey', row);
  }
  return journey < 0 ? null : { journey, sighting: nearestSighting(marks, window, journey, x) };
}

function nearestSighting(
  { glyphs }: Marks,
  window: JourneyWindow,
  journey: number,
  x: number,
): number {
  let best = Number.POSITIVE_INFINITY;
  let sighting = window.journeys.firstSighting[journey];
  for (let row = 0; row < glyphs.length; row++) {
    if (glyphs.get('journey', row) !== journey || glyphs.get('sighting', row) < 0) continue;
    const distance = Math.abs(glyphs.get('x', row) - x);
    if (distance >= best) continue;
    best = distance;
    sighting = glyphs.get('sighting', row);
  }
  return sighting;
}

function distanceSquared(
  x: number,
  y: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share =
    length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
  return (x1 + share * dx - x) ** 2 + (y1 + share * dy - y) ** 2;
}
