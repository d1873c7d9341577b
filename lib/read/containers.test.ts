// pcap and pcapng in every variant: frames, times, interfaces; damage is found where it is, and no bytes make a reader throw or stall.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureSummary } from '../model/capture';
import { type PcapngSection, pcapFile, pcapngFile } from '../testing/capture-file';
import { join, tcpFrame, u32, udpFrame } from '../testing/frame-builder';
import { type CaptureRead, readCapture, summaryOf } from '../testing/read-capture';

const FRAMES = [
  tcpFrame({ source: '10.0.0.1:1000', destination: '10.0.0.2:80', flags: 'S' }),
  udpFrame({ source: '10.0.0.1:1000', destination: '10.0.0.2:53', payload: 'abc' }),
  tcpFrame({ source: '10.0.0.2:80', destination: '10.0.0.1:1000', payload: 100 }),
];
const TIME = 1_610_442_842_111_140_789n;
const RECORDS = FRAMES.map((bytes, i) => ({ timeNs: TIME + BigInt(i) * 1_000_000_007n, bytes }));

const timesOf = (capture: CaptureRead): bigint[] => {
  const base = BigInt(summaryOf(capture).baseTime);
  return Array.from(
    { length: capture.table.rows },
    (_, row) => base + BigInt(capture.table.get('time', row)),
  );
};

const warningCodes = (summary: CaptureSummary): string[] =>
  summary.warnings.map(({ code }) => code);

describe('pcap', () => {
  it.each([
    [{}, 'pcap'],
    [{ bigEndian: true }, 'pcap'],
    [{ nanoseconds: true }, 'pcap-ns'],
    [{ nanoseconds: true, bigEndian: true }, 'pcap-ns'],
    [{ modified: true }, 'pcap-modified'],
  ])('reads %j', async (options, format) => {
    const capture = await readCapture(pcapFile(RECORDS, { ...options, snaplen: 1500 }));
    const summary = summaryOf(capture);
    const unit = format === 'pcap-ns' ? 1n : 1000n;
    expect(summary).toMatchObject({ format, frames: 3, snaplen: 1500, dropped: null });
    expect(summary.warnings).toEqual([]);
    expect(timesOf(capture)).toEqual(RECORDS.map(({ timeNs }) => (timeNs / unit) * unit));
    expect(summary.baseTime).toBe('1610442842000000000');
    expect(capture.tuples).toHaveLength(2);
  });

  it.each([
    ['Red Hat 6.1: longer headers under the plain magic number', { recordHeaderBytes: 24 }],
    ['Nokia: a word more', { recordHeaderBytes: 20 }],
    ['SuSE 6.3: a word more than the modified variant', { modified: true, recordHeaderBytes: 28 }],
    ['version 2.2: lengths the other way round', { version: [2, 2] }],
    ['version 2.3: either way, here the other', { version: [2, 3] }],
    ['DG/UX, version 543.0: the other way round', { version: [543, 0] }],
  ] as const)('reads %s', async (_, options) => {
    const records = RECORDS.map((record) => ({ ...record, wireLength: record.bytes.length + 900 }));
    for (const bigEndian of [false, true]) {
      const capture = await readCapture(pcapFile(records, { ...options, bigEndian }));
      expect(warningCodes(summaryOf(capture))).toEqual([]);
      expect(capture.table.rows).toBe(records.length);
      records.forEach(({ bytes, wireLength }, row) => {
        expect(capture.table.capturedLength(row)).toBe(bytes.length);
        expect(capture.table.wireLength(row)).toBe(wireLength);
        expect(capture.table.get('tuple', row)).toBeLessThan(4);
      });
    }
  });

  it('reads AIX: nanoseconds, and its own numbers of link types', async () => {
    const file = pcapFile(RECORDS, { nanoseconds: true, version: [2, 2], linkType: 6 });
    new DataView(file.buffer).setUint32(0, 0xa1b2c3d4, true);
    const capture = await readCapture(file);
    expect(summaryOf(capture)).toMatchObject({ format: 'pcap-aix', interfaces: [{ linkType: 1 }] });
    expect(timesOf(capture)).toEqual(RECORDS.map(({ timeNs }) => timeNs));
    expect(capture.tuples).toHaveLength(2);
  });

  it('takes a plain file for what it says, also where its records are damaged', async () => {
    const file = pcapFile(RECORDS);
    new DataView(file.buffer).setUint32(24 + 8, 0xffff_ffff, true);
    const { result } = await readCapture(file);
    expect(result).toMatchObject({ ok: true, value: { format: 'pcap', frames: 0 } });
  });

  it('takes a plain file for what it says, also where zeros could be records of longer headers', async () => {
    // As lo has it: no MACs, and segments larger than what is looked at.
    const zeros = (length: number) => ({ ...RECORDS[0], bytes: new Uint8Array(length) });
    const frames = [RECORDS[0], zeros(80), zeros(66_000), RECORDS[2]];
    const capture = await readCapture(pcapFile(frames));
    expect(summaryOf(capture)).toMatchObject({ format: 'pcap', frames: 4, warnings: [] });
    expect(capture.table.capturedLength(2)).toBe(66_000);
  });

  it('takes a plain file for what it says, also where a time is none', async () => {
    const file = pcapFile(RECORDS);
    const view = new DataView(file.buffer);
    const second = 24 + 16 + FRAMES[0].length;
    // A million microseconds; and what follows would be a record of a longer header.
    view.setUint32(second + 4, 1_000_000, true);
    view.setUint32(second + 16, 100, true);
    const { result } = await readCapture(file);
    expect(result).toMatchObject({ ok: true, value: { format: 'pcap', frames: 3 } });
  });

  it('keeps times before the first frame exact', async () => {
    const records = [RECORDS[2], RECORDS[0]];
    const capture = await readCapture(pcapFile(records, { nanoseconds: true }));
    expect(timesOf(capture)).toEqual(records.map(({ timeNs }) => timeNs));
    expect(summaryOf(capture).firstTime).toBe(Number(TIME - 1_610_442_844n * 1_000_000_000n));
  });

  it('warns where times lie too far apart to be exact', async () => {
    const late = { ...RECORDS[0], timeNs: TIME + 105n * 86_400_000_000_000n };
    expect(warningCodes(summaryOf(await readCapture(pcapFile([RECORDS[0], late]))))).toEqual([
      'time-range',
    ]);
  });

  it('says that a capture without frames is empty', async () => {
    const summary = summaryOf(await readCapture(pcapFile([])));
    expect(summary).toMatchObject({ frames: 0, firstTime: null, lastTime: null });
    expect(warningCodes(summary)).toEqual(['empty']);
  });

  it('reads what is whole of a file cut anywhere', async () => {
    const file = pcapFile(RECORDS);
    const ends = [24];
    for (const bytes of FRAMES) ends.push(ends[ends.length - 1] + 16 + bytes.length);
    for (let length = 0; length < file.length; length++) {
      const capture = await readCapture(file.slice(0, length));
      if (length < 24) {
        expect(capture.result.ok).toBe(false);
        continue;
      }
      const summary = summaryOf(capture);
      const whole = ends.filter((end) => end <= length).length - 1;
      expect(summary.frames).toBe(whole);
      const cut = summary.warnings.find(({ code }) => code === 'cut-short');
      expect(cut?.offset).toBe(ends.includes(length) ? undefined : ends[whole]);
    }
  });

  it('stops where a file was never written, and says where; a frame of no bytes is one', async () => {
    const whole = pcapFile([...RECORDS, { timeNs: TIME, bytes: new Uint8Array(0), wireLength: 0 }]);
    const unwritten = new Uint8Array(whole.length + 5000);
    unwritten.set(whole);
    const capture = await readCapture(unwritten);
    expect(summaryOf(capture).frames).toBe(RECORDS.length + 1);
    expect(summaryOf(capture).warnings).toEqual([
      {
        code: 'damaged',
        text: `the record at byte ${whole.length} is nothing but zeros: the file was not written to its end; nothing after it was read`,
        offset: whole.length,
      },
    ]);
  });

  it('stops at a record of an absurd length, and says where', async () => {
    const file = pcapFile(RECORDS);
    const place = 24 + 16 + FRAMES[0].length;
    file.set([0xff, 0xff, 0xff, 0x7f], place + 8);
    const summary = summaryOf(await readCapture(file));
    expect(summary.frames).toBe(1);
    expect(summary.warnings).toMatchObject([{ code: 'damaged', offset: place }]);
    expect(summary.warnings[0].text).toContain(`byte ${place} claims 2147483647 captured bytes`);
  });
});

const inSections = (bigEndian: boolean): PcapngSection[] => [
  {
    bigEndian,
    comment: 'taken on node 1',
    blocks: [
      { kind: 'interface', spec: { name: 'eth0', description: 'uplink', snaplen: 96 } },
      { kind: 'interface', spec: { name: 'any', linkType: 276, resolution: 9 } },
      { kind: 'enhanced', ticks: TIME / 1000n, bytes: FRAMES[0], comment: 'here it starts' },
      { kind: 'enhanced', ticks: TIME / 1000n + 5n, bytes: FRAMES[1], flags: 2 },
      { kind: 'statistics', interfaceDrops: 3n, systemDrops: 4n },
      { kind: 'statistics', interface: 1, systemDrops: 10n },
    ],
  },
  {
    bigEndian: !bigEndian,
    blocks: [
      { kind: 'other', type: 0x1234, body: new Uint8Array(40) },
      { kind: 'interface', spec: { name: 'tun0', resolution: 9, offsetSeconds: -3600n } },
      { kind: 'enhanced', ticks: TIME + 3_600_000_000_001n, bytes: FRAMES[2] },
      { kind: 'obsolete', ticks: TIME + 3_600_000_000_002n, bytes: FRAMES[0], drops: 2 },
    ],
  },
];

describe('pcapng', () => {
  it.each([false, true])('reads sections and interfaces, big-endian first: %s', async (big) => {
    const capture = await readCapture(pcapngFile(inSections(big)));
    const summary = summaryOf(capture);
    expect(summary.format).toBe('pcapng');
    expect(summary.interfaces).toEqual([
      { name: 'eth0', description: 'uplink', linkType: 1, snaplen: 96 },
      { name: 'any', description: null, linkType: 276, snaplen: 262144 },
      { name: 'tun0', description: null, linkType: 1, snaplen: 262144 },
    ]);
    expect(timesOf(capture)).toEqual([
      (TIME / 1000n) * 1000n,
      (TIME / 1000n + 5n) * 1000n,
      TIME + 1n,
      TIME + 2n,
    ]);
    expect(summary.comments).toEqual(['taken on node 1', 'here it starts']);
    expect(summary.dropped).toBe(17);
    const links = [0, 1, 2, 3].map((row) => capture.links[capture.table.get('link', row)]);
    expect(links.map((link) => [link.interface, link.direction])).toEqual([
      [0, 'unknown'],
      [0, 'out'],
      [2, 'unknown'],
      [2, 'unknown'],
    ]);
  });

  it.each([false, true])(
    'obsolete packet blocks say interface, direction and drops, big-endian: %s',
    async (bigEndian) => {
      const ticks = TIME / 1000n;
      const capture = await readCapture(
        pcapngFile([
          {
            bigEndian,
            blocks: [
              { kind: 'interface', spec: { name: 'eth0' } },
              { kind: 'interface', spec: { name: 'tun0' } },
              { kind: 'obsolete', ticks, bytes: FRAMES[0], interface: 1, flags: 1, drops: 0xffff },
              {
                kind: 'obsolete',
                ticks: ticks + 1n,
                bytes: FRAMES[1],
                flags: 2,
                drops: 3,
                comment: 'x',
              },
            ],
          },
        ]),
      );
      expect(timesOf(capture)).toEqual([ticks * 1000n, (ticks + 1n) * 1000n]);
      const links = [0, 1].map((row) => capture.links[capture.table.get('link', row)]);
      expect(links.map((link) => [link.interface, link.direction])).toEqual([
        [1, 'in'],
        [0, 'out'],
      ]);
      expect(summaryOf(capture).dropped).toBe(3);
      expect(summaryOf(capture).comments).toEqual(['x']);
      expect(capture.table.sparse.drops.length).toBe(1);
    },
  );

  it('reads times of any resolution to the nanosecond', async () => {
    const time = 1_700_000_000n;
    const cases: [number, bigint, bigint][] = [
      [0, time, 0n],
      [3, time * 1000n + 7n, 7_000_000n],
      [6, time * 1_000_000n + 7n, 7000n],
      [9, time * 1_000_000_000n + 999_999_999n, 999_999_999n],
      [10, time * 10_000_000_000n + 19n, 1n],
      [0x80 | 10, time * 1024n + 512n, 500_000_000n],
      [0x80 | 30, (time << 30n) + 1n, 0n],
    ];
    for (const [resolution, ticks, expected] of cases) {
      const capture = await readCapture(
        pcapngFile([
          {
            blocks: [
              { kind: 'interface', spec: { resolution } },
              { kind: 'enhanced', ticks, bytes: FRAMES[0] },
            ],
          },
        ]),
      );
      expect([resolution, timesOf(capture)]).toEqual([
        resolution,
        [time * 1_000_000_000n + expected],
      ]);
    }
  });

  it('rounds fine ticks down, also before the base', async () => {
    const second = 1_700_000_000n;
    const ticks = [second * 10_000_000_000n, second * 10_000_000_000n - 1n];
    const capture = await readCapture(
      pcapngFile([
        {
          blocks: [
            { kind: 'interface', spec: { resolution: 10 } },
            ...ticks.map((tick) => ({
              kind: 'enhanced' as const,
              ticks: tick,
              bytes: FRAMES[0],
            })),
          ],
        },
      ]),
    );
    expect([capture.table.get('time', 0), capture.table.get('time', 1)]).toEqual([0, -1]);
  });

  it('shows simple packets at the time of the frame before, cut to the snaplen', async () => {
    const capture = await readCapture(
      pcapngFile([
        {
          blocks: [
            { kind: 'interface', spec: { snaplen: 40 } },
            { kind: 'enhanced', ticks: TIME / 1000n, bytes: FRAMES[0] },
            { kind: 'simple', bytes: FRAMES[2].slice(0, 40), wireLength: FRAMES[2].length },
          ],
        },
      ]),
    );
    expect(capture.table.get('time', 1)).toBe(capture.table.get('time', 0));
    expect(capture.table.capturedLength(1)).toBe(40);
    expect(capture.table.wireLength(1)).toBe(FRAMES[2].length);
    expect(warningCodes(summaryOf(capture))).toEqual(['time-missing']);
  });

  it.each([
    ['decryption secrets', 0x0a],
    ['hashes', 0x8000_0001],
    ['what nobody knows', 0x0777],
  ])('passes over %s', async (_, type) => {
    const bytes = FRAMES[0];
    const capture = await readCapture(
      pcapngFile([
        {
          blocks: [
            { kind: 'interface' },
            { kind: 'enhanced', ticks: TIME / 1000n, bytes },
            { kind: 'other', type, body: new Uint8Array(40).fill(0xff) },
            { kind: 'enhanced', ticks: TIME / 1000n, bytes },
          ],
        },
      ]),
    );
    expect(summaryOf(capture)).toMatchObject({ frames: 2, warnings: [] });
  });

  it('counts custom blocks as frames, as Wireshark numbers them', async () => {
    const capture = await readCapture(
      pcapngFile([
        {
          blocks: [
            { kind: 'interface' },
            { kind: 'other', type: 0x0bad, body: new Uint8Array(12) },
            { kind: 'enhanced', ticks: TIME / 1000n, bytes: FRAMES[0] },
          ],
        },
      ]),
    );
    expect(summaryOf(capture).frames).toBe(2);
    expect(capture.tuples).toHaveLength(1);
  });

  it('counts them also before the first interface, which stays the first', async () => {
    const custom = { kind: 'other', type: 0x0bad, body: new Uint8Array(12) } as const;
    const section = (name: string) => ({
      blocks: [
        custom,
        custom,
        { kind: 'interface', spec: { name } } as const,
        { kind: 'enhanced', ticks: TIME / 1000n, bytes: FRAMES[0] } as const,
      ],
    });
    const capture = await readCapture(
      pcapngFile([section('eth0'), { blocks: [custom] }, section('eth1')]),
    );
    const summary = summaryOf(capture);
    expect(summary.frames).toBe(7);
    expect(summary.warnings).toEqual([]);
    expect(summary.interfaces.map(({ name }) => name)).toEqual(['eth0', null, 'eth1']);
    const interfaceOf = (row: number) => capture.links[capture.table.get('link', row)].interface;
    expect([2, 6].map(interfaceOf)).toEqual([0, 2]);
    // A packet needs an interface all the same.
    const none = pcapngFile([
      { blocks: [custom, { kind: 'enhanced', ticks: 1n, bytes: FRAMES[0] }] },
    ]);
    expect(summaryOf(await readCapture(none))).toMatchObject({
      frames: 1,
      warnings: [{ code: 'damaged' }],
    });
  });

  const block = (type: number, length: number, body: readonly number[]): Uint8Array =>
    join(...[type, length, ...body].map((value) => u32(value).reverse()));
  it.each([
    ['a length that is no multiple of four', block(6, 37, [0, 0, 0])],
    ['a length below any block', block(6, 8, [0, 0, 0])],
    ['a length beyond any block', block(6, 0x7fff_fffc, [0, 0, 0])],
    ['another length at its end', block(99, 16, [0, 20])],
    ['more captured bytes than it holds', block(6, 32, [0, 0, 0, 999, 999, 32])],
    ['an interface that nobody described', block(6, 32, [7, 0, 0, 0, 0, 32])],
    ['a body too short for its type', block(6, 16, [0, 16])],
  ])('stops at a block with %s', async (_, damaged) => {
    const good = pcapngFile([
      {
        blocks: [
          { kind: 'interface' },
          { kind: 'enhanced', ticks: TIME / 1000n, bytes: FRAMES[0] },
        ],
      },
    ]);
    const summary = summaryOf(await readCapture(join(good, damaged, good)));
    expect(summary.frames).toBe(1);
    expect(summary.warnings).toMatchObject([{ code: 'damaged', offset: good.length }]);
  });
});

describe('strangers', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  it.each([
    ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)],
    ['a snoop capture', text('snoop\0\0\0\0\0\0\x02')],
    ['JSON text', text('{"a": 1}')],
    ["tcpdump's printed text", text('13:53:53.103262 IP 10.0.0.1 > 10.0.0.2')],
    ['an ELF program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1)],
    ['xz data', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)],
    ['ERF', join(new Uint8Array(8), Uint8Array.of(2, 4, 0, 80, 0, 0, 0, 60), new Uint8Array(64))],
  ])('are named: %s', async (name, bytes) => {
    const { result } = await readCapture(bytes, 'x.bin');
    expect(result).toMatchObject({ ok: false, error: { code: 'not-a-capture', offset: 0 } });
    if (!result.ok) expect(result.error.text).toContain(`x.bin: not a capture at byte 0: `);
    if (!result.ok) expect(result.error.text).toContain(name);
  });

  it('are shown by their first bytes where nothing is known', async () => {
    const { result } = await readCapture(Uint8Array.of(1, 2, 0xff, 4, 5), 'x.bin');
    if (!result.ok) expect(result.error.text).toContain('01 02 ff 04');
  });

  it('may be empty', async () => {
    const { result } = await readCapture(new Uint8Array(0), 'x.pcap');
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'empty', text: 'x.pcap: the file is empty (0 bytes)' },
    });
  });
});

describe('any bytes', () => {
  const seeds = [
    pcapFile(RECORDS),
    pcapFile(RECORDS, { bigEndian: true, nanoseconds: true }),
    pcapngFile(inSections(false)),
  ];
  const damaged = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      fc.nat(),
    )
    .map(([seed, changes, cut]) => {
      const bytes = seed.slice(0, seed.length - (cut % 40));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });

  it('end in frames or a reason, never in an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), async (bytes) => {
        const { result, table } = await readCapture(bytes);
        if (result.ok) expect(table.rows).toBe(result.value.frames);
        else expect(result.error.text.length).toBeGreaterThan(10);
      }),
      { numRuns: 600 },
    );
  });
});
