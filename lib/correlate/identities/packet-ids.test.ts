// One pcapng file with the frames at a program's entry and exit: its packet ids tell what content does not.
import { expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { rungOf } from '../../model/rung';
import { memorySource } from '../../read/byte-source';
import { pcapngFile } from '../../testing/capture-file';
import { tcpFrame } from '../../testing/frame-builder';
import { journeyLines } from '../../testing/journey-lines';

/** A frame at interface 0 (entry) or 1 (exit), in µs, with its id. */
type Seen = readonly [micros: number, at: 0 | 1, id: bigint];

/** As epb_packetid, or as Retis writes the event: in a custom option with its enterprise number, before the text. */
const asOption = (_at: number, id: bigint) => ({ packetId: id });
const asEvent = (at: number, id: bigint) => ({
  comment: 'kretprobe/ovs_dp_upcall',
  options: [
    [
      2988,
      new TextEncoder().encode(
        `\u0070\u0011\u0001\u0000${JSON.stringify({ common: { timestamp: at } }).slice(0, -1)},"skb-tracking":{"orig_head":1844662347901${1_000_000n + id},"timestamp":3041916912590${7n * id},"skb":1844662347901${at}}}`,
      ),
    ] as const,
  ],
});

const analyse = async (
  frames: readonly Seen[],
  bytesOf: (seen: Seen) => Uint8Array,
  named: typeof asOption | typeof asEvent = asOption,
) => {
  const file = pcapngFile([
    {
      blocks: [
        { kind: 'interface', spec: { name: 'eth0@entry' } },
        { kind: 'interface', spec: { name: 'eth0@exit' } },
        ...frames.map((seen) => ({
          kind: 'enhanced' as const,
          interface: seen[1],
          ticks: 1_700_000_000_000_000n + BigInt(seen[0]),
          bytes: bytesOf(seen),
          ...named(seen[0], seen[2]),
        })),
      ],
    },
  ]);
  return (await analyseSources([memorySource(file, 'xdp.pcapng')])).analysis;
};

/** Bare acknowledgements, alike in everything. */
const acknowledgement = (): Uint8Array =>
  tcpFrame({
    source: '10.0.0.1:40000',
    destination: '10.0.0.2:80',
    sequence: 5,
    acknowledgement: 9,
  });

it.each([
  ['epb_packetid', asOption],
  ['Retis events', asEvent],
])('tell apart what is alike in everything, whatever order it leaves in: %s', async (_, named) => {
  const analysis = await analyse(
    [
      [0, 0, 1n],
      [10, 0, 2n],
      [20, 0, 3n],
      [30, 1, 2n],
      [40, 1, 1n],
      [50, 1, 3n],
    ],
    acknowledgement,
    named,
  );
  expect(journeyLines(analysis)).toEqual([
    'tcp > xdp#1 xdp#5 delivered',
    'tcp > xdp#2 xdp#4 delivered',
    'tcp > xdp#3 xdp#6 delivered',
  ]);
  const { sightings } = analysis.journeysOf([0]);
  expect(new Set(Array.from(sightings.rung, rungOf))).toEqual(new Set(['packet-id']));
});

it('that each interface counts by itself are not believed', async () => {
  const numbered = (seen: Seen): Uint8Array =>
    tcpFrame({
      source: '10.0.0.1:40000',
      destination: '10.0.0.2:80',
      sequence: 1000 + (seen[1] === 0 ? Number(seen[2]) : Number(seen[2]) + 1) * 100,
      acknowledgement: 9,
      payload: 100,
    });
  const analysis = await analyse(
    [
      [0, 0, 1n],
      [10, 0, 2n],
      [15, 1, 1n],
      [20, 0, 3n],
      [25, 1, 2n],
    ],
    numbered,
  );
  expect(journeyLines(analysis).map((line) => line.replace(/ \d+-\d+/, ''))).toEqual([
    'tcp > xdp#1 lost',
    'tcp > xdp#2 xdp#3 delivered',
    'tcp > xdp#4 xdp#5 delivered',
  ]);
});
