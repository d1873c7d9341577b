// Strokes that no pen has by itself: the torn edge of a folded silence, the hatching of a way not gone.

type PointPx = readonly [number, number];

const WAVE_PX = 6;
const WAVE_HEIGHT_PX = 1.6;
const HATCH_PX = 6;
const HATCH_HALF_PX = 3;

/** A zigzag from (x1, y) to x2. */
export function wavePoints(x1: number, y: number, x2: number): readonly PointPx[] {
  const points: PointPx[] = [];
  let up = true;
  for (let x = x1; x <= x2; x += WAVE_PX) {
    points.push([x, up ? y - WAVE_HEIGHT_PX : y + WAVE_HEIGHT_PX]);
    up = !up;
  }
  return points;
}

/** Slanted strokes along the line from (x1, y) to x2, in either direction. */
export function hatchStrokes(x1: number, y: number, x2: number): readonly (readonly PointPx[])[] {
  const low = Math.min(x1, x2) + 8;
  const high = Math.max(x1, x2);
  const strokes: (readonly PointPx[])[] = [];
  for (let x = low; x <= high; x += HATCH_PX)
    strokes.push([
      [x - HATCH_HALF_PX, y + HATCH_HALF_PX],
      [x + HATCH_HALF_PX, y - HATCH_HALF_PX],
    ]);
  return strokes;
}
