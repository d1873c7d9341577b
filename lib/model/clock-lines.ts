// A host's clock in few words: the lines that it runs along, without the moments around its steps at which either of two may hold.
import type { ClockSegment } from './connection';

/** A segment for each line, in order of time: the one that bounds it best. One more than the clock steps; none where nothing is known. */
export function clockLines(segments: readonly ClockSegment[]): readonly ClockSegment[] {
  const lines: ClockSegment[] = [];
  for (const segment of segments) {
    const index = lines.findIndex((line) => isOneLine(line, segment));
    if (index < 0) lines.push(segment);
    else if (errorOf(segment) < errorOf(lines[index])) lines[index] = segment;
  }
  return lines;
}

const isOneLine = (a: ClockSegment, b: ClockSegment): boolean =>
  a.epoch === b.epoch && a.offsetNs === b.offsetNs && a.driftPpm === b.driftPpm;

const errorOf = ({ errorNs }: ClockSegment): number => errorNs ?? Number.POSITIVE_INFINITY;
