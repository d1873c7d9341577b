// What someone corrected by hand, as data: an input of the correlation, which is run again with it.
// Everything is named by what stays when the captures are read again or named otherwise: a capture by its fingerprint, a frame by its number.

export interface FrameKey {
  /** Fingerprint of the capture (CaptureSummary.fingerprint). */
  readonly capture: string;
  readonly frame: number;
}

export interface PlaceKey {
  readonly capture: string;
  /** Index in CaptureSummary.interfaces. */
  readonly interface: number;
  readonly ifindex: number | null;
}

/** Two frames whose legs are one connection, or are not, whatever their packets suggest. */
export interface MatchCorrection {
  readonly kind: 'pin' | 'forbid';
  readonly first: FrameKey;
  readonly second: FrameKey;
}

/** What tells the frames of one place apart that are really several: direction (in, out), VLAN tags, or tunnels around them. */
export type SplitKey = 'direction' | 'vlan' | 'tunnel';

export interface SplitCorrection {
  readonly place: PlaceKey;
  readonly by: SplitKey;
}

/** The clock of a capture as set by hand: reference time = time − offsetNs, without drift. */
export interface OffsetCorrection {
  readonly capture: string;
  readonly offsetNs: number;
}

export interface Corrections {
  /** Places that are one point. */
  readonly merges: readonly (readonly PlaceKey[])[];
  readonly splits: readonly SplitCorrection[];
  readonly matches: readonly MatchCorrection[];
  readonly offsets: readonly OffsetCorrection[];
}

export const NO_CORRECTIONS: Corrections = { merges: [], splits: [], matches: [], offsets: [] };
