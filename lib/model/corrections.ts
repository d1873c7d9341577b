// What someone corrected by hand, as data: an input of the correlation, which is run again with it.
// Everything is named by what stays when the captures are read again or named otherwise: a capture by its fingerprint, a frame by its number.

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

export interface Corrections {
  readonly matches: readonly MatchCorrection[];
}

export const NO_CORRECTIONS: Corrections = { matches: [] };
