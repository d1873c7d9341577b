// The fitness check of the captures: what they can't show, said before any verdict is drawn from them. Computed in lib/correlate/fitness.ts.

/** In the order in which they are told. */
export const FITNESS_CODES = [
  /** Two files hold the very same frames. */
  'same-frames',
  /** It shares no packet with any other capture. */
  'nothing-in-common',
  /** Two captures have no moment in common. */
  'spans-apart',
  /** Packets that should have come to it were sent before its first frame, or after its last. */
  'late-start',
  'early-end',
  /** A stretch without a frame while packets passed it. */
  'gap',
  /** Packets passed it unseen, here and there. */
  'capture-misses',
  /** The capture itself says that it dropped packets. */
  'drops',
  /** Cut within the headers, or before the payload that a packet is known by. */
  'headers-cut',
  'payload-cut',
  /** It shows one direction of connections that others show both ways. */
  'one-way',
  /** No capture shows the other direction. */
  'answers-missing',
  /** Packets come in to a host whose every interface was captured, and are seen behind it, but not leaving it. */
  'translation-hidden',
  /** It was taken with a filter, as it says itself; a warning where that names an address that is translated. */
  'filtered',
  /** Its clock can't be compared with the others' at all, or only from one side. */
  'clock-unknown',
  'clock-one-way',
] as const;

export type FitnessCode = (typeof FITNESS_CODES)[number];

export interface FitnessFinding {
  readonly code: FitnessCode;
  /** `warning`: verdicts about these captures may be wrong for it. */
  readonly severity: 'note' | 'warning';
  /** Ids of the captures (`c1`) and points (`p1`) it is about, ascending; at least one capture. */
  readonly captures: readonly string[];
  readonly points: readonly string[];
  /** Packets, frames or connections that bear it out; 0 where nothing is counted. */
  readonly count: number;
  readonly text: string;
}
