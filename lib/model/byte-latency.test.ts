// One segment at the pod and several on the wire: when its first byte came over, and when its last.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from '../testing/capture-file';
import { tcpFrame } from '../testing/frame-builder';
import { describeByteLatency, findByteLatency } from './byte-latency';

const START = 1_700_000_000_000_000_000n;

interface Segment {
  readonly micros: number;
  readonly sequence: number;
  readonly bytes: number;
}

const PAYLOAD = Uint8Array.from({ length: 4000 }, (_, index) => (index * 7 + (index >> 8)) % 251);

const ENDS = { source: '10.0.0.1:40000', destination: '10.0.0.2:80' };
/** What both sides saw whole joins the connection. */
const SYN: CapturedFrame = {
  timeNs: START - 1_000_000n,
  bytes: tcpFrame({ ...ENDS, sequence: 999, flags: 'S', timestamps: [1, 0] }),
};

const frames = (segments: readonly Segment[]): CapturedFrame[] => [
  SYN,
  ...segments.map(({ micros, sequence, bytes }) => ({
    timeNs: START + BigInt(micros) * 1000n,
    bytes: tcpFrame({
      ...ENDS,
      sequence,
      acknowledgement: 9,
      timestamps: [3, 4],
      payload: PAYLOAD.subarray(sequence - 1000, sequence - 1000 + bytes),
    }),
  })),
];

async function latencies(left: readonly Segment[], right: readonly Segment[]) {
  const { analysis } = await analyseSources([
    memorySource(pcapFile(frames(left), { nanoseconds: true }), 'left.pcap'),
    memorySource(pcapFile(frames(right), { nanoseconds: true }), 'right.pcap'),
  ]);
  const window = analysis.journeysOf([0]);
  const { firstSighting, sightingCount } = window.journeys;
  const [hop] = analysis.hops;
  expect([...sightingCount]).toEqual([2, 2, 2, 2]);
  const told = Array.from({ length: 4 }, (_, journey) =>
    findByteLatency(window, journey, firstSighting[journey], firstSighting[journey] + 1),
  );
  expect(told[0]).toBeUndefined();
  return { told: told.slice(1), hop };
}

const WHOLE = [{ micros: 0, sequence: 1000, bytes: 3000 }];
const PIECES = [
  { micros: 10, sequence: 1000, bytes: 1000 },
  { micros: 25, sequence: 2000, bytes: 1000 },
  { micros: 47, sequence: 3000, bytes: 1000 },
];

describe('the latency of a frame that is cut or joined', () => {
  it('is its first byte’s and its last byte’s, for each packet that shares it and for the hop', async () => {
    const { told, hop } = await latencies(WHOLE, PIECES);
    const expected = { firstByteNs: 10_000, lastByteNs: 47_000, packets: 3 };
    expect(told).toEqual([expected, expected, expected]);
    expect(hop.cutFrames).toEqual({ frames: 1, firstByteNs: 10_000, lastByteNs: 47_000 });
    expect(describeByteLatency(expected)).toBe('first byte 10 µs, last byte 47 µs');
  });

  it('goes by the bytes, not by who came first', async () => {
    const [a, b, c] = PIECES;
    const swapped = [
      { ...c, micros: 10 },
      { ...b, micros: 25 },
      { ...a, micros: 47 },
    ];
    const { told, hop } = await latencies(WHOLE, swapped);
    expect(told[0]).toEqual({ firstByteNs: 47_000, lastByteNs: 10_000, packets: 3 });
    expect(hop.cutFrames).toEqual({ frames: 1, firstByteNs: 47_000, lastByteNs: 10_000 });
  });

  it('of frames that a receiver joined counts from when each byte left', async () => {
    const sent = PIECES.map((piece) => ({ ...piece, micros: piece.micros - 10 }));
    const { told, hop } = await latencies(sent, [{ ...WHOLE[0], micros: 60 }]);
    const expected = { firstByteNs: 60_000, lastByteNs: 23_000, packets: 3 };
    expect(told).toEqual([expected, expected, expected]);
    expect(hop.cutFrames).toEqual({ frames: 1, firstByteNs: 60_000, lastByteNs: 23_000 });
  });

  it('is not told where frames pass whole', async () => {
    const later = PIECES.map((piece) => ({ ...piece, micros: piece.micros + 10 }));
    const { told, hop } = await latencies(PIECES, later);
    expect(told).toEqual([undefined, undefined, undefined]);
    expect(hop.cutFrames).toBeUndefined();
  });
});
