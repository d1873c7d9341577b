import { describe, expect, it } from 'vitest';
import { describeBytes, describeCounts, describeLatency, describeOrder } from './hop-text';
import { describeSharing } from './host-text';

const latency = { min: -300, p50: 2000, p99: 22_000, max: 23_500, error: 22_500 };

describe('a hop in words', () => {
  it('tells all of the latency, and what clocks leave open', () => {
    expect(describeLatency(latency)).toBe(
      'min -300 ns, median 2 µs, 99 % 22 µs, max 23.5 µs, ± 22.5 µs by the clocks',
    );
    expect(describeLatency({ ...latency, error: 0 })).toMatch(/max 23\.5 µs$/);
    expect(describeLatency({ ...latency, error: null })).toContain('nothing bounds');
    expect(describeLatency(null)).toBe('latency not known');
  });

  it('counts what was lost always, reordered and duplicated where there are some', () => {
    const counts = { journeys: 1598, lost: 0 };
    expect(describeCounts(counts)).toBe('1,598 packets, 0 lost');
    expect(describeCounts({ ...counts, reordered: 2, duplicated: 1 })).toBe(
      '1,598 packets, 0 lost, 2 reordered, 1 duplicated',
    );
  });

  it('says how sure the order is, a tie as a tie', () => {
    expect(describeOrder({ confidence: 'certain', ground: 'ttl' })).toBe('certain: the TTL falls');
    expect(describeOrder({ confidence: 'tie', ground: 'none' })).toMatch(/^a tie: .*file name$/);
  });

  it('tells first and last byte only where frames were cut or joined', () => {
    const hop = { from: 'p1', to: 'p2', direction: 'forward', journeys: 3, lost: 0 } as const;
    expect(describeBytes({ ...hop, latencyNs: null })).toBeUndefined();
    const cutFrames = { frames: 1, firstByteNs: 4000, lastByteNs: 51_000 };
    expect(describeBytes({ ...hop, latencyNs: null, cutFrames })).toBe(
      '1 frame cut or joined: first byte 4 µs, last byte 51 µs (medians)',
    );
  });
});

describe('captures of one host', () => {
  it('are certain where nothing is left open, else likely, with by how much', () => {
    expect(describeSharing({ confidence: 'certain', apartNs: 0 })).toMatch(/^one host, certain/);
    expect(describeSharing({ confidence: 'likely', apartNs: 90_000 })).toContain('90 µs at most');
    expect(describeSharing({ confidence: 'likely', apartNs: null })).toContain('nothing bounds');
  });
});
