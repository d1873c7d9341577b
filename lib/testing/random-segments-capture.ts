// Random segments as a capture file, for tshark (scripts/tcp-oracle.mjs) and for our own pipeline.
import { pcapFile } from './capture-file';
import { tcpFrame } from './frame-builder';
import { type RandomSegment, randomSegments } from './random-segments';

const START_NS = 1_600_000_000_000_000_000n;
const FLAG_LETTERS = ['F', 'S', 'R', 'P', '.'] as const;

/** The conversations that `e2e/captures/random-segments` holds tshark's answer to. */
export const RECORDED_SEGMENTS = { seed: 1, conversations: 400, segments: 60 } as const;

/** One file; conversation n is between ports 10000 + n and 443. */
export function randomSegmentsCapture(): Uint8Array<ArrayBuffer> {
  const { seed, conversations, segments } = RECORDED_SEGMENTS;
  const frames = randomSegments(seed, conversations, segments).map((segment) => ({
    timeNs: START_NS + BigInt(segment.time),
    bytes: frameOf(segment),
  }));
  return pcapFile(frames, { nanoseconds: true });
}

function frameOf(segment: RandomSegment): Uint8Array {
  const client = `10.0.0.1:${10_000 + segment.conversation}`;
  const server = '10.0.0.2:443';
  return tcpFrame({
    source: segment.fromClient ? client : server,
    destination: segment.fromClient ? server : client,
    flags: FLAG_LETTERS.filter((_, bit) => segment.flags & (1 << bit)).join(''),
    sequence: segment.sequence,
    acknowledgement: segment.acknowledgement,
    window: segment.window,
    payload: segment.length,
    ...(segment.windowScale === null ? {} : { windowScale: segment.windowScale }),
  });
}
