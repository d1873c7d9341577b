// What pcapng files say beside frames: drops and when, ids, verdicts, comments, names, interfaces, check sequences.
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../engine/frame-reader';
import { memorySource } from '../read/byte-source';
import { type PcapngBlock, pcapFile, pcapngFile } from '../testing/capture-file';
import { join, tcpFrame } from '../testing/frame-builder';
import { type CaptureRead, readCapture, summaryOf, tupleText } from '../testing/read-capture';

const FRAME = tcpFrame({ source: '10.0.0.1:1000', destination: '10.0.0.2:80', payload: 20 });
const SECOND = 1_700_000_000n;
/** Microseconds after SECOND in ticks of the default resolution. */
const at = (microseconds: number): bigint => SECOND * 1_000_000n + BigInt(microseconds);

const read = (...blocks: readonly PcapngBlock[]): Promise<CaptureRead> =>
  readCapture(pcapngFile([{ blocks }]));

const packet = (
  microseconds: number,
  rest: Partial<Extract<PcapngBlock, { kind: 'enhanced' | 'obsolete' }>> = {},
): PcapngBlock => ({ kind: 'enhanced', ticks: at(microseconds), bytes: FRAME, ...rest });

const rowsOf = (
  { table }: CaptureRead,
  name: 'drops' | 'packetIds' | 'packetFlags' | 'verdicts' | 'comments',
): number[] => [...table.sparse[name].finish()];

const detailOf = async (file: Uint8Array, frame: number) => {
  const capture = await readCapture(file);
  const reader = new FrameReader('x', memorySource(file, 'x'));
  return (await reader.read(
    { table: capture.table, links: capture.links, summary: summaryOf(capture) },
    frame,
  ))!;
};

describe('drops', () => {
  it('of packet blocks lie between the interface’s packet before and this one', async () => {
    const capture = await read(
      { kind: 'interface' },
      { kind: 'interface' },
      packet(10),
      packet(20, { interface: 1, drops: 7 }),
      packet(30, { drops: 2 }),
      packet(40, { drops: 0 }),
      packet(50, { kind: 'obsolete', interface: 1, drops: 3 }),
    );
    expect(rowsOf(capture, 'drops')).toEqual([
      ...[1, 1, Number.NEGATIVE_INFINITY, 20_000, 7],
      ...[2, 0, 10_000, 30_000, 2],
      ...[4, 1, 20_000, 50_000, 3],
    ]);
    expect(summaryOf(capture).dropped).toBe(12);
  });

  it('of interface statistics lie between one block and the next, and count no packet twice', async () => {
    const capture = await read(
      { kind: 'interface' },
      packet(10),
      { kind: 'statistics', ticks: at(15), startTicks: at(1), systemDrops: 4n },
      packet(20, { drops: 2 }),
      { kind: 'statistics', ticks: at(30), systemDrops: 5n, interfaceDrops: 3n },
      { kind: 'statistics', ticks: at(40), systemDrops: 5n, interfaceDrops: 3n },
    );
    expect(rowsOf(capture, 'drops')).toEqual([
      ...[1, 0, 1000, 15_000, 4],
      ...[1, 0, 10_000, 20_000, 2],
      ...[1, 0, 15_000, 30_000, 2],
    ]);
    expect(summaryOf(capture).dropped).toBe(8);
  });

  it('without times may have come at any moment', async () => {
    const capture = await read({ kind: 'interface' }, packet(10), {
      kind: 'statistics',
      systemDrops: 4n,
    });
    expect(rowsOf(capture, 'drops')).toEqual([
      ...[0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 4],
    ]);
  });
});

describe('a frame’s notes', () => {
  const id = 0x0123_4567_89ab_cdefn;
  const blocks: readonly PcapngBlock[] = [
    { kind: 'interface', spec: { name: 'eth0' } },
    packet(10, { comment: 'first', flags: 1 }),
    packet(20, {
      packetId: id,
      verdict: { kind: 2, value: 3n },
      flags: 2 | (1 << 9) | (2 << 2),
      comment: 'second',
    }),
    packet(30, { kind: 'obsolete', comment: 'third', flags: 1 << 24 }),
  ];

  it('are kept by frame', async () => {
    const capture = await read(...blocks);
    expect(rowsOf(capture, 'packetIds')).toEqual([1, 0x0123_4567, 0x89ab_cdef]);
    expect(rowsOf(capture, 'verdicts')).toEqual([1, 2, 0, 3]);
    expect(rowsOf(capture, 'packetFlags')).toEqual([1, 2 | (1 << 9) | (2 << 2), 2, 1 << 24]);
    expect(rowsOf(capture, 'comments')).toEqual([0, 0, 1, 1, 2, 2]);
    expect(summaryOf(capture).comments).toEqual(['first', 'second', 'third']);
    expect(capture.links[capture.table.get('link', 1)].direction).toBe('out');
  });

  it('are shown as a layer', async () => {
    const { layers, comments } = await detailOf(pcapngFile([{ blocks }]), 2);
    expect(comments).toEqual(['second']);
    const [frame] = layers;
    const fields = frame.fields.flatMap((field) => [field, ...(field.children ?? [])]);
    expect(fields.map(({ name, value }) => `${name} ${value}`)).toEqual([
      'frame.comment second',
      'frame.interface_name eth0',
      'frame.packet_id 0x0123456789abcdef',
      'frame.packet_flags 0x0000020a',
      'frame.packet_flags_direction outbound',
      'frame.packet_flags_reception_type multicast',
      'frame.packet_flags_checksum_not_ready yes',
      'frame.verdict.ebpf_xdp 0x0000000000000003',
    ]);
  });

  it('show names as labels beside the addresses', async () => {
    const file = pcapngFile([
      {
        blocks: [
          {
            kind: 'names',
            names: [
              [Uint8Array.of(10, 0, 0, 2), 'api.example'],
              [Uint8Array.of(0xfd, ...new Array(14).fill(0), 1), 'six'],
            ],
          },
          { kind: 'interface' },
          packet(10),
        ],
      },
    ]);
    expect(summaryOf(await readCapture(file)).names).toEqual([
      { address: '10.0.0.2', name: 'api.example' },
      { address: 'fd00::1', name: 'six' },
    ]);
    const { layers } = await detailOf(file, 1);
    const hosts = layers
      .flatMap(({ fields }) => fields)
      .filter(({ name }) => name.endsWith('_host'))
      .map(({ name, value }) => `${name} ${value}`);
    expect(hosts).toEqual(['ip.dst_host api.example']);
  });
});

describe('interfaces', () => {
  it.each([false, true])('all their options, big-endian: %s', async (bigEndian) => {
    const speed = new Uint8Array(8);
    new DataView(speed.buffer).setBigUint64(0, 10_000_000_000n, !bigEndian);
    const capture = await readCapture(
      pcapngFile([
        {
          bigEndian,
          blocks: [
            {
              kind: 'interface',
              spec: {
                name: 'eth0',
                options: [
                  [4, Uint8Array.of(10, 0, 0, 1, 255, 255, 240, 0)],
                  [5, Uint8Array.of(0xfd, ...new Array(14).fill(0), 1, 64)],
                  [6, Uint8Array.of(0x0a, 0x58, 0, 0, 0, 9)],
                  [8, speed],
                  [11, join(Uint8Array.of(0), new TextEncoder().encode('host 10.0.0.1'))],
                  [12, 'Linux 5.14'],
                  [13, Uint8Array.of(4)],
                  [15, 'X710'],
                ],
              },
            },
          ],
        },
      ]),
    );
    const [{ details }] = summaryOf(capture).interfaces;
    expect(details).toMatchObject({
      addresses: ['10.0.0.1/20', 'fd00::1/64'],
      mac: '0a:58:00:00:00:09',
      filter: 'host 10.0.0.1',
      os: 'Linux 5.14',
      speed: 10_000_000_000,
      checkBytes: 4,
      hardware: 'X710',
    });
  });

  it('may be described after packets of others', async () => {
    const capture = await read(
      { kind: 'interface', spec: { name: 'a' } },
      packet(10),
      { kind: 'interface', spec: { name: 'b' } },
      packet(20, { interface: 1 }),
    );
    expect(summaryOf(capture).warnings).toEqual([]);
    expect([0, 1].map((row) => capture.links[capture.table.get('link', row)].interface)).toEqual([
      0, 1,
    ]);
  });
});

describe('a frame check sequence is no part of the packet', () => {
  // A payload whose end only the frame's length tells: 802.3 with a length that reaches to it, TSO with IP length 0.
  const tso = Uint8Array.from(FRAME);
  tso[16] = 0;
  tso[17] = 0;
  const withCheck = join(tso, Uint8Array.of(0xde, 0xad, 0xbe, 0xef));
  const files: readonly (readonly [string, Uint8Array])[] = [
    [
      'by the pcap link type’s upper bits',
      pcapFile([{ timeNs: SECOND, bytes: withCheck }], { linkType: (0x2400_0000 | 1) >>> 0 }),
    ],
    [
      'by the interface',
      pcapngFile([
        {
          blocks: [
            { kind: 'interface', spec: { options: [[13, Uint8Array.of(4)]] } },
            packet(1, { bytes: withCheck }),
          ],
        },
      ]),
    ],
    [
      'by the packet’s flags',
      pcapngFile([
        { blocks: [{ kind: 'interface' }, packet(1, { bytes: withCheck, flags: 4 << 5 })] },
      ]),
    ],
  ];

  it.each(files)('%s', async (_, file) => {
    const capture = await readCapture(file);
    expect(tupleText(capture, 0)).toBe('10.0.0.1:1000 > 10.0.0.2:80');
    expect(capture.table.wireLength(0)).toBe(withCheck.length);
    expect(capture.table.payloadLength(0)).toBe(20);
    const { layers, bytes } = await detailOf(file, 1);
    expect(bytes).toHaveLength(withCheck.length);
    const check = layers.flatMap(({ fields }) => fields).find(({ name }) => name === 'eth.fcs');
    expect(check).toMatchObject({ value: '0xdeadbeef', start: tso.length, length: 4 });
  });

  it('is none where nothing says so', async () => {
    const capture = await readCapture(pcapFile([{ timeNs: SECOND, bytes: withCheck }]));
    expect(capture.table.payloadLength(0)).toBe(24);
  });
});
