// Ids and texts of a correlation's things: stable, from frame keys and point ids, never from an index.
import { formatStop, makeStop } from '../../model/stop';
import type { Correlation } from '../correlate';
import { captureOfRow } from '../input/input';
import type { RouteDirection } from '../stations/stations';

/** First half of a frame's key in ids: enough to tell captures apart, short enough to read. */
const FINGERPRINT_DIGITS = 8;

const frameKey = ({ input }: Correlation, globalRow: number): string => {
  const capture = captureOfRow(input, globalRow);
  const fingerprint = input.captures[capture].summary.fingerprint.slice(0, FINGERPRINT_DIGITS);
  return `${fingerprint}-${globalRow - input.rowBase[capture] + 1}`;
};

/** `3f9a12bc-17`: the capture and frame that showed the connection first. */
export const connectionId = (correlation: Correlation, connection: number): string => {
  const { journeys } = correlation;
  const first = journeys.firstJourney[connection];
  return frameKey(correlation, journeys.sightingRow[journeys.firstSighting[first]]);
};

/** Stop of a position in a pattern. */
export const patternStop = ({ shape }: RouteDirection, station: number, passage: number): number =>
  makeStop(shape.looks[station].point, passage);

/** `p3` or `p3/2`. */
export const stopText = ({ input }: Correlation, stop: number): string =>
  formatStop(input.points[stop >>> 8].id, stop & 0xff);
