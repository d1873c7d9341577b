// Rotated series: which names are one, and that an analysis of the pieces is the analysis of the whole.
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type AnalysedFiles, analyseSources } from '../../engine/analyse';
import { unpackArchive } from '../../read/archives';
import { memorySource } from '../../read/byte-source';
import { memoryStorage } from '../../read/storage';
import { pcapFile } from '../../testing/capture-file';
import { scenarioSources } from '../../testing/committed-captures';
import { tcpFrame } from '../../testing/frame-builder';
import {
  asWhole,
  ROTATIONS,
  type RotatedCapture,
  rotateCapture,
} from '../../testing/rotate-capture';
import { scoreTruth, type Truth } from '../../testing/score-truth';
import { tarFile } from '../../testing/tar-file';
import { findSeries } from './series';
import { parseSeriesName } from './series-name';

const readTruth = (scenario: string): Truth =>
  JSON.parse(
    gunzipSync(
      readFileSync(new URL(`../../../e2e/captures/${scenario}/truth.json.gz`, import.meta.url)),
    ).toString(),
  );

describe('names of a rotated series', () => {
  const keyOf = (file: string): string | undefined => parseSeriesName(file)?.key;

  it.each([
    ['x', ['x.pcap', 'x.pcap1', 'x.pcap12.gz']],
    ['x', ['x.pcap00', 'x.pcap01']],
    ['eth0', ['eth0-20210301120000.pcap', 'eth0-20210301130000.pcap.zst']],
    ['eth0', ['eth0_2021-03-01_12:00:00.pcap', 'eth0_2021-03-02_00:00:00.pcap']],
    ['eth0', ['eth0.1614556800.pcap', 'eth0.1614560400.pcap1']],
    ['eth0', ['eth0-120000.pcapng', 'eth0-121500.pcapng']],
    ['veth01', ['veth01-2026-11-22_18:11:16.pcap', 'veth01-2026-11-22_18:11:19.pcap']],
    ['trace-b', ['trace-20210301-b.pcap', 'trace-20210302-b.pcap']],
    ['x', ['x_00001_20210301120000.pcapng', 'x_00002_20210301120500.pcapng']],
    ['x', ['x_20210301120000_00001.pcapng', 'x_20210301120500_00002.pcapng']],
    ['x', ['a.tar.gz/n/x.pcap1', 'a.tar.gz/n/x.pcap2.xz']],
    ['node1', ['node1_Mar-01-2026_12.00.00.pcap', 'node1_Mar-02-2026_00.00.00.pcap']],
    ['node1', ['node1-1Mar2026.pcap', 'node1-12Mar2026.pcap.gz']],
    ['node1', ['node1-08.pcap', 'node1-21.pcap']],
    ['node1', ['node1-20260301-08.pcap', 'node1-20260302-21.pcap']],
    ['node1', ['node1-0815.pcap', 'node1-21h00.pcap']],
    ['node1', ['node1.2026-059.pcap', 'node1.2026-060.pcap']],
    ['node1', ['node1-Sun.pcap', 'node1-Monday.pcap']],
    ['trace', ['trace', 'trace1', 'trace12.gz']],
  ])('%s: %j', (name, files) => {
    expect(new Set(files.map(keyOf)).size).toBe(1);
    expect(files.map((file) => parseSeriesName(file)?.name)).toEqual(files.map(() => name));
  });

  it.each([
    [['node1.pcap', 'node2.pcap']],
    [['a/x.pcap1', 'b/x.pcap2']],
    [['x.pcap1', 'y.pcap2']],
    [['case-0123456.pcap', 'case-0123457.pcap']],
    [['eth0-20210301.pcap', 'eth1-20210301.pcap']],
    [['eth0-99999999.pcap', 'eth0-99999998.pcap']],
    [['node12.pcap', 'node13.pcap']],
    [['node12-20210301120000.pcap', 'node13-20210301130000.pcap']],
    [['sunrise.pcap', 'monitor.pcap']],
  ])('not one: %j', (files) => {
    expect(new Set(files.map(keyOf)).size).toBe(files.length);
  });
});

/** What is said of a whole capture, without the names of files. */
const verdict = ({ analysis, diagnosis }: AnalysedFiles) => ({
  points: analysis.points.map(({ id, name, frames, host }) => [id, name, frames, host]),
  fates: analysis.connections.map(({ protocol, client, server, points, losses, ...rest }) => [
    protocol,
    client,
    server,
    points,
    losses,
    rest.delivered,
    rest.lost,
    rest.missed,
    rest.unknown,
    rest.retransmissions,
    rest.handshake,
    rest.close,
  ]),
  clocks: analysis.clocks.map(({ host, state, samples, segments }) => [
    host,
    state,
    samples,
    segments,
  ]),
  hops: analysis.hops,
  findings: diagnosis.findings.map(({ rule, severity, confidence, title, between, steps }) => [
    rule,
    severity,
    confidence,
    title,
    between,
    steps.length,
  ]),
  fitness: analysis.fitness.map(({ code, points, count }) => [code, points, count]),
});

const SECOND = 1_000_000_000n;

/** A segment each, at seconds after 2020. */
const captureOf = (name: string, seconds: readonly number[], linkType = 1, ttl = 64) =>
  memorySource(
    pcapFile(
      seconds.map((second) => ({
        timeNs: (1_577_836_800n + BigInt(second)) * SECOND + BigInt(64 - ttl) * 1000n,
        bytes: tcpFrame({
          source: '10.0.0.1:40000',
          destination: '10.0.0.2:80',
          sequence: 1000 + second,
          ipId: second,
          ttl,
          payload: 10,
        }),
      })),
      { linkType },
    ),
    name,
  );

const pointsOf = async (...captures: readonly ReturnType<typeof captureOf>[]) =>
  (await analyseSources(captures)).analysis.points.map(({ name, frames }) => `${name} ${frames}`);

describe('what makes files one point', () => {
  it('a ring is put in order of time', async () => {
    const { analysis } = await analyseSources([
      captureOf('x.pcap0', [30, 31]),
      captureOf('x.pcap1', [10, 11]),
      captureOf('x.pcap2', [20, 21]),
    ]);
    expect(analysis.points).toMatchObject([{ name: 'x', frames: 6, capture: 0 }]);
    expect(analysis.captures.map(({ id, file }) => `${id} ${file}`)).toEqual([
      'c1 x.pcap1',
      'c2 x.pcap2',
      'c3 x.pcap0',
    ]);
    const window = analysis.journeysOf([0]);
    expect([...window.sightings.frame]).toEqual([1, 2, 1, 2, 1, 2]);
  });

  it('a file in which nothing was captured yet belongs to them, wherever it stands', async () => {
    const first = captureOf('x-103111.pcap', []);
    const rest = [captureOf('x-103115.pcap', [10, 11]), captureOf('x-103117.pcap', [12, 13])];
    expect(await pointsOf(first, ...rest)).toEqual(['x 4']);
    expect(await pointsOf(...rest, first)).toEqual(['x 4']);
    expect(await pointsOf(first, rest[0])).toEqual(['x 2']);
  });

  it('a file without a frame is not absent from the count', async () => {
    const goesOn = async (...files: readonly (readonly [string, readonly number[]])[]) => {
      const { analysis } = await analyseSources(
        files.map(([name, seconds]) => captureOf(name, seconds)),
      );
      return findSeries(analysis.captures)[0].goesOn;
    };
    const [zero, one, two] = [
      ['x.pcap0', [1, 2]],
      ['x.pcap1', []],
      ['x.pcap2', [30, 31]],
    ] as const;
    expect(await goesOn(zero, one, two)).toEqual([true, true, true]);
    expect(await goesOn(zero, two)).toEqual([true, false]);
  });

  it('spans that overlap are of several points, whatever the names say', async () => {
    expect(await pointsOf(captureOf('x.pcap0', [1, 5]), captureOf('x.pcap1', [3, 9]))).toEqual([
      'x.pcap0 2',
      'x.pcap1 2',
    ]);
  });

  const HOUR = 3600;
  it.each<[string, string, readonly (readonly [name: string, second: number])[]]>([
    [
      '%H, by a clock two hours ahead',
      'x',
      [
        ['x-14.pcap', 12 * HOUR + 9],
        ['x-15.pcap', 13 * HOUR],
        ['x-16.pcap', 14 * HOUR + 1],
      ],
    ],
    [
      '%H over midnight',
      'x',
      [
        ['x-23.pcap', 23 * HOUR],
        ['x-00.pcap', 24 * HOUR],
      ],
    ],
    [
      '%Y%m%d-%H',
      'x',
      [
        ['x-20200101-08.pcap', 8 * HOUR],
        ['x-20200101-09.pcap', 9 * HOUR],
      ],
    ],
    [
      '%H%M, the first file waited for its first frame',
      'x',
      [
        ['x-0815.pcap', 8.4 * HOUR],
        ['x-0830.pcap', 8.5 * HOUR],
        ['x-0845.pcap', 8.75 * HOUR],
      ],
    ],
    [
      '%j',
      'x',
      [
        ['x.001.pcap', 5],
        ['x.002.pcap', 24 * HOUR],
      ],
    ],
    [
      '%a',
      'x',
      [
        ['x-Wed.pcap', 5],
        ['x-Thu.pcap', 24 * HOUR],
      ],
    ],
  ])(
    'a moment that may be none is one where the frames were captured then: %s',
    async (_, name, files) => {
      const captures = files.map(([file, second]) => captureOf(file, [second]));
      expect(await pointsOf(...captures)).toEqual([`${name} ${files.length}`]);
    },
  );

  it.each<[string, readonly (readonly [name: string, second: number])[]]>([
    [
      'numbers of interfaces',
      [
        ['veth-12.pcap', 5],
        ['veth-13.pcap', 60],
      ],
    ],
    [
      'days of a month',
      [
        ['x-01.pcap', 5],
        ['x-02.pcap', 24 * HOUR],
      ],
    ],
    [
      'ports',
      [
        ['x-0443.pcap', 5],
        ['x-0853.pcap', 60],
      ],
    ],
  ])('and none where they were not: %s', async (_, files) => {
    const captures = files.map(([file, second]) => captureOf(file, [second]));
    expect(await pointsOf(...captures)).toHaveLength(files.length);
  });

  it('numbers behind a name without an ending count only where one file follows the other at once', async () => {
    const at = (...seconds: number[]) =>
      pointsOf(
        ...['trace', 'trace1', 'trace2'].map((name, place) => captureOf(name, [seconds[place]])),
      );
    expect(await at(1, 2, 3)).toEqual(['trace 3']);
    expect(await at(1, 2, 9)).toHaveLength(3);
    expect(await pointsOf(captureOf('pod1', [1]), captureOf('pod2', [2]))).toHaveLength(2);
  });

  it('members that lie packed in an archive, in any order', async () => {
    const files = Array.from({ length: 12 }, (_, place) => ({
      name: `node/x.pcap${String((place * 5) % 12).padStart(2, '0')}`,
      seconds: [((place * 5) % 12) * 2, ((place * 5) % 12) * 2 + 1],
    }));
    const entries = await Promise.all(
      files.map(async ({ name, seconds }, place) => {
        const source = captureOf(name, seconds);
        const bytes = await source.read(0, source.size);
        return place % 2 ? { name: `${name}.gz`, bytes: gzipSync(bytes) } : { name, bytes };
      }),
    );
    const archive = memorySource(gzipSync(tarFile(entries)), 'case.tar.gz');
    const unpacked = await unpackArchive(archive, memoryStorage);
    expect(unpacked?.captures).toHaveLength(12);
    expect(await pointsOf(...(unpacked?.captures ?? []))).toEqual(['x 24']);
    expect(await pointsOf(...[...(unpacked?.captures ?? [])].reverse())).toEqual(['x 24']);
  });

  it('so are other interfaces', async () => {
    expect(
      await pointsOf(captureOf('x.pcap0', [1, 5]), captureOf('x.pcap1', [6, 9], 101)),
    ).toHaveLength(2);
  });

  it('a plain file beside a series that counts from 0 is another capture', async () => {
    expect(
      await pointsOf(
        captureOf('x.pcap', [1]),
        captureOf('x.pcap0', [2]),
        captureOf('x.pcap1', [3, 4]),
      ),
    ).toEqual(['x (x.pcap) 1', 'x (x.pcap0) 3']);
  });

  it('of a file that is absent between two nothing is known: no loss is claimed', async () => {
    const there = Array.from({ length: 30 }, (_, second) => second);
    const sender = captureOf('sender.pcap', there);
    const lost = there.filter((second) => second !== 15);
    const fatesOf = async (names: readonly [string, string]) => {
      const { analysis } = await analyseSources([
        sender,
        captureOf(names[0], lost.slice(0, 15), 1, 63),
        captureOf(names[1], lost.slice(15), 1, 63),
      ]);
      return analysis.connections.map((connection) => [connection.lost, connection.unknown]);
    };
    expect(await fatesOf(['end.pcap1', 'end.pcap2'])).toEqual([[1, 0]]);
    expect(await fatesOf(['end.pcap1', 'end.pcap3'])).toEqual([[0, 1]]);
  });

  it('points of one name are told apart by their folders', async () => {
    expect(
      await pointsOf(
        captureOf('case/node1/eth0.pcap', [1]),
        captureOf('case/node2/eth0.pcap', [1, 2]),
        captureOf('case/node2/tun0.pcap', [1]),
      ),
    ).toEqual(['node1/eth0 1', 'node2/eth0 2', 'tun0 1']);
  });
});

describe.each([
  ['sdn-loss', 'tcpdump -C'],
  ['sdn-healthy', 'tcpdump -C -W'],
  ['overlay-skew', 'tcpdump -G'],
  ['sdn-any', 'tcpdump -G, seconds since 1970'],
  ['article-3.1', 'dumpcap -b'],
])('%s, cut as %s would', (scenario, rotation) => {
  it('is one point a series, and says what the whole files say', async () => {
    const whole = scenarioSources(scenario);
    const rotated: RotatedCapture[] = [];
    for (const source of whole) rotated.push(await rotateCapture(source, ROTATIONS[rotation]));
    const pieces = rotated.flatMap(({ members }) => members);
    expect(pieces.length).toBeGreaterThan(whole.length * 2);
    const one = await analyseSources(whole);
    const many = await analyseSources(pieces);
    expect(many.analysis.captures).toHaveLength(pieces.length);
    expect(verdict(many)).toEqual(verdict(one));
    const score = scoreTruth(asWhole(many.analysis, rotated), readTruth(scenario));
    expect(score.missed).toEqual([]);
    expect(score.wrong).toEqual([]);
    expect(score.truePairs).toBeGreaterThan(20);
  });
});
