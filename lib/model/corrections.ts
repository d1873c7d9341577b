// What someone corrected by hand, as data: an input of the correlation, which is run again with it. (Names, order and hiding of lanes are the
// view's: LaneSettings.) Everything is named by what stays when the captures are read again or named otherwise: a capture by its fingerprint,
// a frame by its number, a place in a capture by its key (placeKey).

export interface FrameKey {
  /** Fingerprint of the capture (CaptureSummary.fingerprint). */
  readonly capture: string;
  readonly frame: number;
}

/** Two frames whose legs are one connection, or are not, whatever their packets suggest. */
export interface MatchCorrection {
  readonly kind: 'pin' | 'forbid';
  readonly first: FrameKey;
  readonly second: FrameKey;
}

/** The clock of the host that this capture is of is so much farther ahead of the reference than the packets say. */
export interface ClockCorrection {
  readonly capture: string;
  readonly nudgeNs: number;
}

/** What frames of one place can be told apart by. */
export const SPLITS = ['direction', 'vlan'] as const;
export type SplitBy = (typeof SPLITS)[number];

/** Two places that are one point, or one place that is several. */
export type PointCorrection =
  | {
      readonly kind: 'merge';
      readonly capture: string;
      readonly place: string;
      readonly into: string;
      /** The capture of the place `into`, where that is another one: files of one interface, taken one after the other or together. */
      readonly intoCapture?: string;
    }
  | {
      readonly kind: 'split';
      readonly capture: string;
      readonly place: string;
      readonly by: SplitBy;
    };

/** A capture was taken on a host of its own, or on one with another: captures of one host have one clock. In their order; the last word counts. */
export type HostCorrection =
  | { readonly kind: 'alone'; readonly capture: string }
  | { readonly kind: 'with'; readonly capture: string; readonly other: string };

export interface Corrections {
  readonly matches: readonly MatchCorrection[];
  readonly clocks: readonly ClockCorrection[];
  readonly points: readonly PointCorrection[];
  readonly hosts: readonly HostCorrection[];
}

export const NO_CORRECTIONS: Corrections = { matches: [], clocks: [], points: [], hosts: [] };

export const countCorrections = ({ matches, clocks, points, hosts }: Corrections): number =>
  matches.length + clocks.length + points.length + hosts.length;

/** Sets how far a clock is off what the packets say; 0 takes the correction back. */
export function nudgeClock(
  corrections: Corrections,
  capture: string,
  nudgeNs: number,
): Corrections {
  const others = corrections.clocks.filter((one) => one.capture !== capture);
  return {
    ...corrections,
    clocks: nudgeNs === 0 ? others : [...others, { capture, nudgeNs: Math.round(nudgeNs) }],
  };
}

const sameFrame = (a: FrameKey, b: FrameKey): boolean =>
  a.capture === b.capture && a.frame === b.frame;

/** Of two frames the last word counts. */
export function correctMatch(corrections: Corrections, match: MatchCorrection): Corrections {
  const others = corrections.matches.filter(
    ({ first, second }) =>
      !(
        (sameFrame(first, match.first) && sameFrame(second, match.second)) ||
        (sameFrame(first, match.second) && sameFrame(second, match.first))
      ),
  );
  return { ...corrections, matches: [...others, match] };
}

export const correctPoint = (corrections: Corrections, point: PointCorrection): Corrections => ({
  ...corrections,
  points: [...corrections.points, point],
});

/** A capture taken out is with none that it was put with before. */
export function correctHost(corrections: Corrections, host: HostCorrection): Corrections {
  const others = corrections.hosts.filter((one) =>
    host.kind === 'alone'
      ? one.capture !== host.capture && (one.kind === 'alone' || one.other !== host.capture)
      : one.kind === 'alone' || one.capture !== host.capture || one.other !== host.other,
  );
  return { ...corrections, hosts: [...others, host] };
}

/** Reads what was kept; what is not a correction is left out. */
export function parseCorrections(text: string): Corrections {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NO_CORRECTIONS;
  }
  const list = (name: keyof Corrections): readonly unknown[] => {
    const found = isRecord(value) ? value[name] : undefined;
    return Array.isArray(found) ? found : [];
  };
  return {
    matches: list('matches').filter(isMatch),
    clocks: list('clocks').filter(isClock),
    points: list('points').filter(isPoint),
    hosts: list('hosts').filter(isHost),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isFrame = (value: unknown): value is FrameKey =>
  isRecord(value) && typeof value.capture === 'string' && Number.isSafeInteger(value.frame);

const isMatch = (value: unknown): value is MatchCorrection =>
  isRecord(value) &&
  (value.kind === 'pin' || value.kind === 'forbid') &&
  isFrame(value.first) &&
  isFrame(value.second);

const isClock = (value: unknown): value is ClockCorrection =>
  isRecord(value) && typeof value.capture === 'string' && Number.isFinite(value.nudgeNs);

const isPoint = (value: unknown): value is PointCorrection =>
  isRecord(value) &&
  typeof value.capture === 'string' &&
  typeof value.place === 'string' &&
  ((value.kind === 'merge' &&
    typeof value.into === 'string' &&
    (value.intoCapture === undefined || typeof value.intoCapture === 'string')) ||
    (value.kind === 'split' && SPLITS.some((by) => by === value.by)));

const isHost = (value: unknown): value is HostCorrection =>
  isRecord(value) &&
  typeof value.capture === 'string' &&
  (value.kind === 'alone' || (value.kind === 'with' && typeof value.other === 'string'));
