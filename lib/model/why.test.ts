// The ground of each join as it was written down while joining.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from '../testing/capture-file';
import { type TcpSpec, tcpFrame } from '../testing/frame-builder';
import { textArtSources } from '../testing/text-art';
import { rungOf } from './rung';
import { groundLine } from './why';

const START = 1_700_000_000_000_000_000n;
const at = (micros: number, spec: Partial<TcpSpec>): CapturedFrame => ({
  timeNs: START + BigInt(micros) * 1000n,
  bytes: tcpFrame({ source: '10.0.0.1:40000', destination: '10.0.0.2:80', ...spec }),
});

/** Each journey of two or more sightings: its rungs, and the ground of its first two. */
async function grounds(left: readonly CapturedFrame[], right: readonly CapturedFrame[]) {
  const { analysis } = await analyseSources([
    memorySource(pcapFile(left, { nanoseconds: true }), 'left.pcap'),
    memorySource(pcapFile(right, { nanoseconds: true }), 'right.pcap'),
  ]);
  return describeJoins(analysis.journeysOf([0]));
}

function describeJoins(window: Parameters<typeof groundLine>[0]['window']) {
  const { journeys, sightings } = window;
  return Array.from({ length: window.journeyCount }, (_, journey) => {
    const row = journeys.firstSighting[journey];
    const rungs = Array.from(
      sightings.rung.subarray(row, row + journeys.sightingCount[journey]),
      rungOf,
    );
    const text =
      rungs.length > 1
        ? groundLine({ window, journey, row }, { window, journey, row: row + 1 })
        : '';
    return [rungs.join(' '), text];
  });
}

describe('why one packet', () => {
  it('the full key, where timestamps are there', async () => {
    const segment = {
      sequence: 5,
      acknowledgement: 9,
      ipId: 7,
      timestamps: [3, 4] as const,
      payload: 20,
    };
    expect(await grounds([at(0, segment)], [at(50, segment)])).toEqual([
      [
        'key key',
        'same sequence, acknowledgement, flags, length, timestamps, payload, IP ID; no other frame there repeats it',
      ],
    ]);
  });

  it('the IP ID, where a segment was sent again without timestamps', async () => {
    const segment = { sequence: 5, acknowledgement: 9, payload: 20 };
    const sent = (micros: number) => [
      at(micros, { ...segment, ipId: 7 }),
      at(200_000 + micros, { ...segment, ipId: 8 }),
    ];
    const [first, second] = await grounds(sent(0), sent(50));
    expect(first[0]).toBe('ip-id ip-id');
    expect(second[1]).toContain('1 other frame there repeats it, told apart by the IP ID');
  });

  it('order alone, where packets are alike in everything', async () => {
    const segment = { sequence: 5, acknowledgement: 9, ipId: 0 };
    const sent = (micros: number) => [0, 10, 20].map((more) => at(micros + more, segment));
    const found = await grounds(sent(0), sent(25));
    expect(found.map(([rungs]) => rungs)).toEqual(Array(3).fill('order order'));
    expect(found[0][1]).toContain('2 other frames there repeat it, joined in order');
    expect(found[0][1]).toContain('ambiguous');
  });

  it('the bytes, where a segment was cut on the way', async () => {
    const segment = { acknowledgement: 9, timestamps: [3, 4] as const };
    const before = { ...segment, sequence: 1000, ipId: 6 };
    const [, ...found] = await grounds(
      [at(-90, before), at(0, { ...segment, sequence: 1000, ipId: 7, payload: 200 })],
      [
        at(-40, before),
        at(50, { ...segment, sequence: 1000, ipId: 7, payload: 100 }),
        at(51, { ...segment, sequence: 1100, ipId: 8, payload: 100 }),
      ],
    );
    expect(found.map(([rungs]) => rungs)).toEqual(['bytes alone', 'bytes alone']);
    expect(found[0][1]).toContain('bytes 1000 to 1100 of the stream');
  });

  it('the key and a shift, where a firewall changes sequence numbers', async () => {
    const { analysis } = await analyseSources(
      textArtSources(`
  cli = 10.0.0.1:40000
  srv = 10.0.0.9:443
  shift right left sequence +1000
  time      packet |  left     | right
  0      > P/100   |  cli>srv  | cli>srv
  0.011  < P/140   |  srv>cli  | srv>cli
  0.012  > P/200   |  cli>srv  | cli>srv
  0.013  < P/150   |  srv>cli  | srv>cli`),
    );
    const found = describeJoins(analysis.journeysOf([0]));
    expect(found).toHaveLength(4);
    expect(found[0][0]).toBe('key key');
    expect(found[0][1]).toContain('sequence numbers shifted by 1000');
    expect(found[1][1]).toContain('acknowledgement numbers shifted by -1000');
  });
});
