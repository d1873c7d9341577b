// Why two frames are, or are not, one packet, as the command line prints it and the inspector shows it. lib/engine/explain.ts finds it.

import { formatDuration } from '../base/time';
import { type ByteLatency, describeByteLatency } from './byte-latency';
import type { FrameReference } from './finding';
import { describeBound } from './latency-error';
import type { Rung } from './rung';
import type { ComparedField, Rival, Verdict } from './why';

export interface ExplainedFrame extends FrameReference {
  readonly point: string;
  /** Who the point is, as its traffic tells; null where it does not. */
  readonly role: string | null;
  readonly host: string;
  /** ns after the analysis' base, by the capture's own clock. */
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  readonly label: string;
  readonly connection: string;
  /** Other frames of the same packet. */
  readonly sightings: readonly FrameReference[];
}

export interface Explanation {
  readonly verdict: Verdict;
  /** By what two sightings of one packet were joined; null where they are not. */
  readonly rung: Rung | null;
  /** In a sentence or two, for a person. */
  readonly ground: string;
  readonly ambiguous: boolean;
  readonly frames: readonly ExplainedFrame[];
  readonly fields: readonly ComparedField[];
  /** Two connections that may be the two sides of a proxy: what speaks for it; empty: nothing does. */
  readonly possiblyContinues: readonly string[];
  /** Frames at the second frame's point that carry the same as the first. */
  readonly rivals: readonly Rival[];
  /** Whether the two points share a host, in words; empty: they are one point. */
  readonly hosts: string;
  /** Between the two sightings, along the way; null where they are not one packet, or no clock tells. */
  readonly latency: ExplainedLatency | null;
}

interface ExplainedLatency {
  readonly ns: number;
  /** By how much clocks may make it wrong; null: nothing bounds it. */
  readonly errorNs: number | null;
  /** Of the frame that the packet shares with others, where the way between the two cuts or joins it. */
  readonly bytes: ByteLatency | null;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  'one-packet': 'One packet.',
  'two-packets': 'Two packets of one connection.',
  'two-connections': 'Two connections.',
  'not-found': 'Not in the captures.',
};

/** `The one possibly continues as the other, as both sides of a proxy do: …`; undefined: nothing speaks for it. */
export const describeContinuation = ({ possiblyContinues }: Explanation): string | undefined =>
  possiblyContinues.length === 0
    ? undefined
    : `The one possibly continues as the other, as both sides of a proxy do: ${possiblyContinues.join('; ')}.`;

/** `Between them, along the way, 38.3 µs, ± 22.5 µs by the clocks; first byte 12 µs, last byte 61 µs, of the frame that 46 packets share`; empty: no clock tells. */
export function describeExplainedLatency({ latency }: Explanation): string {
  if (latency === null) return '';
  const { ns, errorNs, bytes } = latency;
  const parts =
    bytes === null
      ? ''
      : `; ${describeByteLatency(bytes)}, of the frame that ${bytes.packets} packets share`;
  return `Between them, along the way, ${formatDuration(ns)}${describeBound(errorNs)}${parts}`;
}

/** `ip.id 0x1005 instead of 0x1004`, or that nothing tells them apart. */
export const describeRival = ({ differs }: Rival): string =>
  differs.length === 0 ? 'alike in everything' : differs.join('; ');
