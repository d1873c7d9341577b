// Captures built frame by frame, lane by lane: for what a drawing as text (text-art.ts) has no words for, such as UDP, ARP and ICMP.
import type { ByteSource } from '../read/byte-source';
import { memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from './capture-file';

const START_NS = 1_700_000_000_000_000_000n;

/** Seconds after the start, and the frame's bytes; in any order. */
export type Lane = readonly (readonly [number, Uint8Array])[];

/** One capture a lane, named like it. Times begin where those of a drawing as text begin. */
export const laneSources = (lanes: Readonly<Record<string, Lane>>): readonly ByteSource[] =>
  Object.entries(lanes).map(([name, lane]) => {
    const frames = lane.map(
      ([seconds, bytes]): CapturedFrame => ({
        timeNs: START_NS + BigInt(Math.round(seconds * 1e9)),
        bytes,
      }),
    );
    frames.sort((a, b) => Number(a.timeNs - b.timeNs));
    return memorySource(pcapFile(frames, { nanoseconds: true }), `${name}.pcap`);
  });
