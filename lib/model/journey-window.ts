// Journeys as they leave the engine: of some connections, in columns, with all that a swimlane, a rule or a report needs of their frames.
// The same shape is drawn by lib/scene, read by lib/diagnose, written by the command line and kept in a snapshot.
//
// A row of `journeys` is one packet; its sightings are the rows firstSighting … firstSighting + sightingCount − 1 of `sightings`:
// first the way in path order (branch 0), then the copies off the way. Journeys are sorted by the time of their first sighting. Example:
//   journey  connection direction fate       sightings      point passage branch frame  source             destination
//   0        0          0         delivered  0, 1, 2    →   0     1       0      1      10.128.3.202:60170 172.30.249.115:9443
//                                                           2     1       0      1      10.128.3.202:60170 172.30.249.115:9443
//                                                           2     2       0      2      10.128.3.202:59906 10.128.3.214:9443
import type { ColumnsOf } from '../base/columns';
import { sequenceAdd } from '../base/sequence-number';

export const JOURNEY_COLUMNS = {
  /** Index in `connections`. */
  connection: Uint32Array,
  firstSighting: Uint32Array,
  /** Stops (lib/model/stop.ts) between which it was lost or missed; NO_STOP. */
  lostFrom: Uint32Array,
  lostTo: Uint32Array,
  /** Raw sequence numbers of the payload, end exclusive; both 0 unless JOURNEY_BYTES. */
  byteStart: Uint32Array,
  byteEnd: Uint32Array,
  sightingCount: Uint16Array,
  /** 0 forward (client to server), 1 reverse. */
  direction: Uint8Array,
  /** Codes of lib/model/fate.ts. */
  fate: Uint8Array,
  reason: Uint8Array,
  /** JOURNEY_* bits. */
  flags: Uint8Array,
} as const;

/** Packets alike in everything, joined in order. */
export const JOURNEY_AMBIGUOUS = 1;
/** byteStart and byteEnd hold. */
export const JOURNEY_BYTES = 2;
/** The packet repeats sequence numbers that its sender sent before. */
export const JOURNEY_RETRANSMISSION = 4;

export const SIGHTING_COLUMNS = {
  /** Time by the capture's own clock, ns after `baseTime`. */
  time: Float64Array,
  /** Time by the reference clock, ns after `baseTime`: for placing only, never printed as a frame's time. */
  referenceTime: Float64Array,
  /** Frame number in its capture, from 1. */
  frame: Uint32Array,
  /** Index in `strings`: endpoint `10.0.0.1:80`, or an address alone where the protocol has no ports. */
  source: Uint32Array,
  destination: Uint32Array,
  /** Index in `strings`; 0: the link has no MACs. */
  sourceMac: Uint32Array,
  destinationMac: Uint32Array,
  /** Index in `strings`: encapsulation such as `vxlan 7 10.0.0.1 > 10.0.0.2`, and VLANs; 0: none. */
  encapsulation: Uint32Array,
  /** Index in `strings`: the packet that an ICMP error quotes, such as `udp 10.0.0.1:53 > 10.0.0.2:5000` (lib/model/quoted-ends.ts); 0: it quotes none. */
  quote: Uint32Array,
  sequence: Uint32Array,
  acknowledgement: Uint32Array,
  /**
   * What `sequence` and `acknowledgement` are more here than at the connection's first sighting, modulo 2³²: a SYN proxy or firewall shifts them.
   * Whoever compares numbers of two points takes it off (`sequenceAt`).
   */
  sequenceShift: Uint32Array,
  acknowledgementShift: Uint32Array,
  timestampValue: Uint32Array,
  timestampEcho: Uint32Array,
  payloadDigest: Uint32Array,
  payloadLength: Uint32Array,
  wireLength: Uint32Array,
  /** Bits of lib/model/tcp-analysis.ts. */
  analysis: Uint32Array,
  /** The journey's bytes within this frame's stream; both 0 where the frame carries just this packet. */
  byteStart: Uint32Array,
  byteEnd: Uint32Array,
  /** Index in the analysis' points and captures. */
  point: Uint16Array,
  capture: Uint16Array,
  flags: Uint16Array,
  window: Uint16Array,
  ipId: Uint16Array,
  status: Uint16Array,
  /** MSS option of a SYN, 0: none; window scale of a SYN, 0xffff: none. */
  mss: Uint16Array,
  windowScale: Uint16Array,
  passage: Uint8Array,
  branch: Uint8Array,
  /** By what it was joined to its packet: a code of lib/model/rung.ts. */
  rung: Uint8Array,
  ttl: Uint8Array,
  tos: Uint8Array,
} as const;

export type JourneyColumns = ColumnsOf<typeof JOURNEY_COLUMNS>;
export type SightingColumns = ColumnsOf<typeof SIGHTING_COLUMNS>;

/** Sequence number of a sighting as the connection's first sighting would have it. */
export const sequenceAt = (sightings: SightingColumns, row: number): number =>
  sequenceAdd(sightings.sequence[row], -sightings.sequenceShift[row]);

export const acknowledgementAt = (sightings: SightingColumns, row: number): number =>
  sequenceAdd(sightings.acknowledgement[row], -sightings.acknowledgementShift[row]);

export interface JourneyWindow {
  /** Nanoseconds since 1970, decimal: base of all times here. */
  readonly baseTime: string;
  /** File names by `sightings.capture`. */
  readonly files: readonly string[];
  /** Ids of the connections that the journeys belong to, and their protocol numbers. */
  readonly connections: readonly string[];
  readonly protocols: readonly number[];
  /** Index 0 is the empty string. */
  readonly strings: readonly string[];
  readonly journeyCount: number;
  readonly sightingCount: number;
  readonly journeys: JourneyColumns;
  readonly sightings: SightingColumns;
  /** Journeys of these connections that were left out because a limit was asked for. */
  readonly omitted: number;
  /** How many of those come before the first that is here; absent: none. */
  readonly omittedBefore?: number;
}
