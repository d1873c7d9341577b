import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absoluteNanoseconds } from '../base/time';
import type { AnalysisView } from '../model/analysis-view';
import type { CaptureSummary } from '../model/capture';
import type { Diagnosis } from '../model/finding';
import type { JourneyWindow } from '../model/journey-window';
import { articleSnapshot } from '../testing/article-snapshot';
import { buildWindow } from '../testing/window-builder';
import { absoluteTimes, buildAnalysisJson, journeyLines } from './analysis-json';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const load = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')));
const validAnalysis = load('analysis.schema.json');
const validJourney = load('journey.schema.json');

const summary = (fingerprint: string): CaptureSummary => ({
  format: 'pcap',
  frames: 23,
  bytes: 2300,
  baseTime: '1610442842111000000',
  firstTime: 140_000,
  lastTime: 15_174_892_000,
  snaplen: 262_144,
  dropped: null,
  interfaces: [],
  comments: [],
  warnings: [],
  fingerprint,
});

const viewOf = (windows: readonly JourneyWindow[]): AnalysisView => ({
  baseTime: articleSnapshot.journeys.baseTime,
  captures: articleSnapshot.captures.map(({ id, file, fingerprint }) => ({
    id,
    file,
    summary: summary(fingerprint),
  })),
  points: articleSnapshot.points,
  clocks: articleSnapshot.clocks,
  connections: windows.map((_, i) => ({ ...articleSnapshot.connections[0], id: `k${i}` })),
  hops: articleSnapshot.hops,
  fitness: [],
  quotes: [],
  journeysOf: ([connection]) => windows[connection],
});

const article = viewOf([articleSnapshot.journeys]);
const diagnosis: Diagnosis = { findings: articleSnapshot.findings, rules: articleSnapshot.rules };
const options = {
  sha256: (id: string) =>
    articleSnapshot.captures.find((capture) => capture.id === id)?.sha256 ?? null,
  tool: { name: 'hoplane', version: '0.1.0' },
};

const linesOf = (window: JourneyWindow) =>
  [...journeyLines(viewOf([window]))].map((line) => JSON.parse(line));

function expectValid(validate: typeof validAnalysis, value: unknown): void {
  validate(JSON.parse(JSON.stringify(value)));
  expect(validate.errors ?? []).toEqual([]);
}

describe('the analysis as JSON', () => {
  it('is as its schema says', () => {
    expectValid(validAnalysis, buildAnalysisJson(article, diagnosis, options));
  });

  it('is as its schema says where nothing is known', () => {
    const bare: AnalysisView = {
      ...article,
      captures: [
        {
          id: 'c1',
          file: 'a.pcap',
          summary: {
            ...summary('0'),
            firstTime: null,
            lastTime: null,
            dropped: 3,
            warnings: [{ code: 'cut-short', text: 'The file ends in a record.', offset: 24 }],
          },
        },
      ],
      points: [{ ...articleSnapshot.points[0], interface: 'eth0' }],
      connections: [{ ...articleSnapshot.connections[0], handshake: null, close: null }],
      hops: [{ ...articleSnapshot.hops[0], from: 'p1', to: 'p1/2', latencyNs: null }],
      fitness: [
        {
          code: 'drops',
          severity: 'warning',
          captures: ['c1'],
          points: ['p1'],
          count: 3,
          text: 'Three were dropped.',
        },
      ],
    };
    const json = buildAnalysisJson(
      bare,
      { findings: [{ ...articleSnapshot.findings[0], between: null, fix: null }], rules: [] },
      { ...options, sha256: () => null },
    );
    expectValid(validAnalysis, json);
    expect(json.captures[0]).toMatchObject({ sha256: null, firstTime: null, dropped: 3 });
    expect(json.captures[0].warnings.map(({ code }) => code)).toEqual(['cut-short', 'drops']);
  });

  it('has the keys of the contract in its order, and no others', () => {
    const json = buildAnalysisJson(article, diagnosis, options);
    expect(Object.keys(json)).toEqual([
      'schema',
      'tool',
      'captures',
      'points',
      'clocks',
      'connections',
      'hops',
      'findings',
      'rules',
    ]);
    expect(Object.keys(json.connections[0]).join(' ')).toBe(
      'id protocol client server points legs translations handshake close retransmissions journeys delivered lost missed unknown losses',
    );
    // An addition to the contract: after its keys, for readers that go by order.
    expect(Object.keys(json.findings[0]).join(' ')).toBe(
      'id rule severity confidence title summary connections between steps alternatives confirm evidence fix references cause',
    );
    expect(json.captures[0]).toMatchObject({
      firstTime: '1610442842111140000',
      lastTime: '1610442857285892000',
      sha256: articleSnapshot.captures[0].sha256,
    });
    expect(json.points[1]).toMatchObject({ id: 'p2', capture: 'c2' });
  });

  it('says who a point is, how sure its host is, and what a hop does besides', () => {
    const role = {
      kind: 'end',
      address: '10.128.3.214',
      confidence: 'certain',
      text: 'own interface of 10.128.3.214',
      grounds: ['3 packets of 10.128.3.214 begin here.'],
    } as const;
    const shared = { confidence: 'likely', apartNs: 90_000 } as const;
    const cutFrames = { frames: 2, firstByteNs: 4000, lastByteNs: 51_000 };
    const order = { confidence: 'tie', ground: 'none' } as const;
    const [point, ...points] = article.points;
    const [hop, ...hops] = article.hops;
    const json = buildAnalysisJson(
      {
        ...article,
        points: [
          { ...point, role },
          { ...points[0], role: undefined },
        ],
        clocks: [{ ...article.clocks[0], shared }],
        hops: [{ ...hop, reordered: 3, duplicated: 1, cutFrames, order }, ...hops],
      },
      diagnosis,
      options,
    );
    expectValid(validAnalysis, json);
    expect(json.points.map((one) => one.role)).toEqual([role, null]);
    expect(json.clocks[0].shared).toEqual(shared);
    expect(json.hops[0]).toMatchObject({ reordered: 3, duplicated: 1, cutFrames, order });
    expect(json.hops[1]).toMatchObject({ reordered: 0, duplicated: 0, cutFrames: null });
  });

  it('is refused by its schema with a key too many, one too few, a wrong word', () => {
    const json = JSON.parse(JSON.stringify(buildAnalysisJson(article, diagnosis, options)));
    const { rules: _, ...less } = json;
    expect(validAnalysis(less)).toBe(false);
    expect(validAnalysis({ ...json, more: 1 })).toBe(false);
    expect(validAnalysis({ ...json, hops: [{ ...json.hops[0], direction: 'up' }] })).toBe(false);
    expect(validAnalysis({ ...json, hops: [{ ...json.hops[0], from: 'p1/1' }] })).toBe(false);
  });
});

describe('journeys as lines', () => {
  it('are as their schema says, and tell the article’s handshake', () => {
    const lines = linesOf(articleSnapshot.journeys);
    for (const line of lines) expectValid(validJourney, line);
    expect(lines).toHaveLength(23);
    expect(lines[0]).toEqual({
      id: '1f0c7a52d9e3b846-1',
      connection: articleSnapshot.connections[0].id,
      direction: 'forward',
      fate: 'delivered',
      reason: 'seen at the last point of its way',
      between: null,
      bytes: null,
      ambiguous: false,
      sightings: [
        {
          point: 'p2',
          passage: 1,
          branch: 0,
          file: 'article-3.1-cpe.pcap',
          frame: 1,
          time: '1610442842111000000',
        },
        {
          point: 'p1',
          passage: 1,
          branch: 0,
          file: 'article-3.1-baw.pcap',
          frame: 1,
          time: '1610442842111140000',
        },
      ],
      rewrites: [
        { from: 0, to: 1, field: 'tcp.srcport', before: '60170', after: '59906' },
        { from: 0, to: 1, field: 'ip.dst', before: '172.30.249.115', after: '10.128.3.214' },
        { from: 0, to: 1, field: 'ip.ttl', before: '64', after: '63' },
        {
          from: 0,
          to: 1,
          field: 'eth.src',
          before: '0a:58:0a:80:03:ca',
          after: '0a:58:0a:80:02:01',
        },
        {
          from: 0,
          to: 1,
          field: 'eth.dst',
          before: '0a:58:0a:80:02:01',
          after: '0a:58:0a:80:03:d6',
        },
      ],
    });
  });

  it('give stops, byte ranges and ambiguity', () => {
    const [line] = linesOf(
      buildWindow({
        journeys: [
          {
            fate: 'lost',
            reason: 'sent-again',
            between: [
              [1, 2],
              [0, 1],
            ],
            bytes: [100, 200],
            ambiguous: true,
            sightings: [{ time: 0, point: 1, byteStart: 100, byteEnd: 200 }],
          },
        ],
      }),
    );
    expectValid(validJourney, line);
    expect(line).toMatchObject({
      id: '1f0c7a52d9e3b846-1-b100',
      fate: 'lost',
      between: ['p2/2', 'p1'],
      bytes: [100, 200],
      ambiguous: true,
      sightings: [{ bytes: [100, 200] }],
      rewrites: [],
    });
  });

  it('make no rewrite of a copy off the way', () => {
    const [line] = linesOf(
      buildWindow({
        journeys: [
          {
            sightings: [
              { time: 0, point: 0, ttl: 64 },
              { time: 9, point: 1, ttl: 63 },
              { time: 5, point: 1, ttl: 60, branch: 1 },
            ],
          },
        ],
      }),
    );
    expect(line.rewrites).toEqual([{ from: 0, to: 1, field: 'ip.ttl', before: '64', after: '63' }]);
    expect(line.sightings[2].branch).toBe(1);
  });

  it('have an id each, though packets share a frame', () => {
    const journey = { sightings: [{ time: 0, frame: 7 }] };
    const lines = linesOf(buildWindow({ journeys: [journey, journey] }));
    expect(lines.map((line) => line.id)).toEqual(['7c01a4b3d2e8f596-7', '7c01a4b3d2e8f596-7-2']);
  });

  it('come connection by connection', () => {
    const asked: (readonly number[])[] = [];
    const view = viewOf([articleSnapshot.journeys, articleSnapshot.journeys]);
    const lines = [
      ...journeyLines({
        ...view,
        journeysOf: (indices) => {
          asked.push(indices);
          return view.journeysOf(indices);
        },
      }),
    ];
    expect(asked).toEqual([[0], [1]]);
    expect(lines).toHaveLength(46);
  });
});

describe('absolute times', () => {
  it('agree with whole numbers of any size', () => {
    const base = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n });
    fc.assert(
      fc.property(base, fc.integer({ min: -1e12, max: 9e14 }), (from, relative) => {
        expect(absoluteTimes(from.toString())(relative)).toBe(absoluteNanoseconds(from, relative));
      }),
      {
        examples: [
          [0n, 0],
          [0n, 5],
          [1_000_000_000n, -1_000_000_000],
          [1_999_999_999n, 1],
        ],
      },
    );
  });
});
