// Frames alike in everything: a packet's echoes where a capture has it twice, packets of their own where a generator sends them.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { MOST_POINTS } from '../../model/capture';
import { memorySource } from '../../read/byte-source';
import { pcapFile, pcapngFile } from '../../testing/capture-file';
import { udpFrame } from '../../testing/frame-builder';

const BASE = 1_700_000_000_000_000_000n;
const datagram = (ipId: number) =>
  udpFrame({ source: '10.0.0.1:1000', destination: '10.0.0.2:5000', ipId, payload: 40 });

/** Journeys of a capture whose frames come in bursts: frames of one burst are alike and 1 µs apart. */
async function journeysOf(bursts: readonly { readonly ipId: number; readonly frames: number }[]) {
  const records = bursts.flatMap(({ ipId, frames }, burst) =>
    Array.from({ length: frames }, (_, index) => ({
      timeNs: BASE + BigInt(burst) * 10_000_000n + BigInt(index) * 1000n,
      bytes: datagram(ipId),
    })),
  );
  const { analysis } = await analyseSources([memorySource(pcapFile(records), 'x.pcap')]);
  return analysis.correlation.journeys.count;
}

describe('frames alike in everything, within a moment', () => {
  it('are echoes of one packet where each packet of a conversation has a few', async () => {
    const bursts = Array.from({ length: 50 }, (_, index) => ({ ipId: index + 1, frames: 2 }));
    expect(await journeysOf(bursts)).toBe(50);
  });

  it('are packets of their own where a generator sends thousands', async () => {
    expect(await journeysOf([{ ipId: 0, frames: 4000 }])).toBe(4000);
    expect(await journeysOf([{ ipId: 7, frames: 4000 }])).toBe(4000);
  });
});

it('a frame at thousands of interfaces is no packet that passed them all', async () => {
  const file = pcapngFile([
    {
      blocks: Array.from({ length: 2000 }, (_, index) => [
        { kind: 'interface' } as const,
        { kind: 'enhanced', interface: index, ticks: BASE / 1000n, bytes: datagram(7) } as const,
      ]).flat(),
    },
  ]);
  const { analysis } = await analyseSources([memorySource(file, 'x.pcapng')]);
  expect(analysis.points).toHaveLength(MOST_POINTS);
  expect(analysis.correlation.journeys.count).toBe(2000);
  expect(analysis.captures[0].summary.warnings[0].text).toContain('2000 interfaces');
});
