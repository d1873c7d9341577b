// Legs that someone pinned together or keeps apart, by two of their frames.
import type { FrameKey, MatchCorrection } from '../../model/corrections';
import { NO_TUPLE } from '../../model/packet-columns';
import type { CorrelationInput } from '../input/input';
import { type LegTable, NO_LEG } from './legs';

export interface LegPair {
  readonly first: number;
  readonly second: number;
  /** 1 when the two frames run opposite ways along their legs' tuples: pinned, they are one packet's and run the same way. */
  readonly differs: number;
}

/** The legs of the frames that corrections of this kind name; those of captures that are not here, or of frames without a leg, are left out. */
export function findCorrectedLegs(
  input: CorrelationInput,
  legs: LegTable,
  kind: MatchCorrection['kind'],
): readonly LegPair[] {
  return input.corrections.matches.flatMap((match) => {
    if (match.kind !== kind) return [];
    const first = findLeg(input, legs, match.first);
    const second = findLeg(input, legs, match.second);
    if (first === undefined || second === undefined || first.leg === second.leg) return [];
    return [{ first: first.leg, second: second.leg, differs: first.side ^ second.side }];
  });
}

function findLeg(
  input: CorrelationInput,
  legs: LegTable,
  key: FrameKey,
): { readonly leg: number; readonly side: number } | undefined {
  const capture = input.captures.findIndex(({ summary }) => summary.fingerprint === key.capture);
  const row = key.frame - 1;
  if (capture < 0 || row < 0 || row >= input.captures[capture].table.rows) return undefined;
  const leg = legs.legOfRow[input.rowBase[capture] + row];
  const tuple = input.captures[capture].table.get('tuple', row);
  return leg === NO_LEG || tuple === NO_TUPLE ? undefined : { leg, side: tuple & 1 };
}
