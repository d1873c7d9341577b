// Strokes that no pen has by itself: the torn edge of a folded silence, the hatching of a way not gone. Along a level line or an upright one.

type PointPx = readonly [number, number];

const WAVE_PX = 6;
const WAVE_HEIGHT_PX = 1.6;
const HATCH_PX = 6;
const HATCH_HALF_PX = 3;

/** A zigzag from (x1, y1) to (x2, y2). */
export function wavePoints(x1: number, y1: number, x2: number, y2: number): readonly PointPx[] {
  const upright = x1 === x2;
  const [from, to, level] = upright ? [y1, y2, x1] : [x1, x2, y1];
  const points: PointPx[] = [];
  let up = true;
  for (let at = from; at <= to; at += WAVE_PX) {
    const off = up ? level - WAVE_HEIGHT_PX : level + WAVE_HEIGHT_PX;
    points.push(upright ? [off, at] : [at, off]);
    up = !up;
  }
  return points;
}

/** Slanted strokes along the line, in either direction. */
export function hatchStrokes(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): readonly (readonly PointPx[])[] {
  const upright = x1 === x2;
  const [from, to] = upright ? [y1, y2] : [x1, x2];
  const strokes: (readonly PointPx[])[] = [];
  for (let at = Math.min(from, to) + 8; at <= Math.max(from, to); at += HATCH_PX) {
    const [x, y] = upright ? [x1, at] : [at, y1];
    strokes.push([
      [x - HATCH_HALF_PX, y + HATCH_HALF_PX],
      [x + HATCH_HALF_PX, y - HATCH_HALF_PX],
    ]);
  }
  return strokes;
}
