// An analysis that was kept answers as the one that was computed; what is damaged, of another build or of other captures is computed anew.
import { describe, expect, it } from 'vitest';
import type { Corrections } from '../model/corrections';
import { NO_CORRECTIONS } from '../model/corrections';
import { BLOCK_BYTES } from '../model/packet-columns';
import { type ByteSource, memorySource } from '../read/byte-source';
import { scenarioSources } from '../testing/committed-captures';
import { buildManyConnections } from '../testing/many-connections';
import { analyseSources } from './analyse';
import { Engine } from './engine';
import { parseCapture } from './parse-capture';
import { writeAnalysis } from './stored-analysis';

const BUILD = 'this build';
const CASE = buildManyConnections(1000, 730).captures.map(({ name, bytes }) =>
  memorySource(bytes, name),
);

function joined(pieces: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const all = [...pieces];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** An engine that has read the captures in this order, after it was offered what was kept. */
async function open(
  sources: readonly ByteSource[],
  kept: Uint8Array<ArrayBuffer> | null,
  {
    build = BUILD,
    corrections = NO_CORRECTIONS,
  }: { build?: string; corrections?: Corrections } = {},
): Promise<Engine> {
  let tell = () => {};
  const engine = new Engine(() => tell(), undefined, build);
  engine.setCorrections(corrections);
  if (kept !== null) await engine.offerAnalysis(memorySource(kept, 'kept'));
  const ready = new Promise<void>((resolve) => {
    tell = () => engine.status().phase === 'ready' && resolve();
  });
  for (const [key, { name, size }] of sources.entries()) engine.beginCapture(key, name, size);
  for (const [key, source] of sources.entries()) {
    const read = await parseCapture(
      source,
      { block: (block) => engine.handle({ type: 'block', key, block }), progress: () => {} },
      { allocate: () => new ArrayBuffer(BLOCK_BYTES) },
    );
    if (read.ok) engine.handle({ type: 'done', key, summary: read.value });
  }
  await ready;
  return engine;
}

/** Everything that is asked of an analysis; the captures stand in the order in which they were begun. */
async function answers(engine: Engine) {
  const { captures: _, revision: __, ...status } = engine.status();
  const search = 'hop.lost || tcp.analysis.retransmission || nat.changed';
  const order = { sort: 'bytes', descending: true, group: 'service', folded: [] } as const;
  const list = await engine.ask('connections', { ...order, search: '', from: 0, count: 2000 });
  const ids = list.ids.filter((id) => id !== '');
  const some = ids.filter((_, index) => index % Math.ceil(ids.length / 40) === 0);
  const [hop] = status.hops;
  return {
    status,
    list,
    filtered: await engine.ask('connections', { ...order, search, from: 0, count: 2000 }),
    summaries: await engine.ask('summaries', ids),
    journeys: await engine.ask('journeys', { connections: some, limit: 5000 }),
    overview: await engine.ask('overview', { bins: 50, connections: some }),
    hops: await engine.ask('hopSeries', { bins: 20, connections: null, search: '' }),
    points:
      hop && (await engine.ask('hopPoints', { ...hop, connections: null, search: '', limit: 500 })),
    residuals: await Promise.all(
      status.clocks.map(({ host }) => engine.ask('clockResiduals', { host })),
    ),
    continuations: await Promise.all(
      some.map((connection) => engine.ask('continuations', { connection })),
    ),
    diagnosis: await engine.ask('diagnosis', null),
  };
}

async function keep(engine: Engine): Promise<[string, Uint8Array<ArrayBuffer>]> {
  const pieces: Uint8Array[] = [];
  const kept = await engine.keepAnalysis((piece) => pieces.push(piece));
  return [kept, joined(pieces)];
}

describe('a kept analysis', () => {
  // A clock that steps, one that is off, cooked captures, copies off the way, translations.
  it.each(['article-3.1', 'overlay-skew', 'sdn-any', 'sdn-flood', 'sdn-nat-untranslated'])(
    'answers as the computed one: %s',
    async (scenario) => {
      const sources = scenarioSources(scenario);
      const kept = joined(writeAnalysis(await analyseSources(sources), [], BUILD));
      const restored = await open(sources.toReversed(), kept);
      expect((await keep(restored))[0]).toBe('kept');
      expect(await answers(restored)).toEqual(await answers(await open(sources, null)));
    },
  );

  it('is written by the engine where computing it takes long, and taken by the next', async () => {
    const computed = await open(CASE, null);
    const [kept, bytes] = await keep(computed);
    expect(kept).toBe('written');
    const restored = await open(CASE, bytes);
    expect((await keep(restored))[0]).toBe('kept');
    expect(await answers(restored)).toEqual(await answers(computed));
    const [small] = await keep(await open(scenarioSources('article-3.1'), null));
    expect(small).toBe('none');
  });

  it('is left, and all computed, where it is of another build, other captures or other corrections', async () => {
    const computed = await open(CASE, null);
    const [, bytes] = await keep(computed);
    const [first, second] = computed.status().captures.map(({ status }) => {
      if (status.state !== 'ready') throw new Error('A capture was not read');
      return { capture: status.summary.fingerprint, frame: 1 };
    });
    const corrections = {
      ...NO_CORRECTIONS,
      matches: [{ kind: 'forbid' as const, first, second }],
    };
    const others = [
      await open(CASE, bytes, { build: 'another build' }),
      await open(CASE.slice(1), bytes),
      await open(CASE, bytes, { corrections }),
    ];
    for (const engine of others) expect((await keep(engine))[0]).not.toBe('kept');
    const [other, fewer, corrected] = await Promise.all(others.map(answers));
    expect(other).toEqual(await answers(await open(CASE, null)));
    expect(fewer).toEqual(await answers(await open(CASE.slice(1), null)));
    expect(corrected).toEqual(await answers(await open(CASE, null, { corrections })));
  });

  it('that is cut or damaged anywhere is left, and all computed', async () => {
    const computed = await open(CASE, null);
    const [, bytes] = await keep(computed);
    const expected = await answers(computed);
    for (const share of [0, 0.1, 0.6, 0.9999]) {
      const at = Math.floor(bytes.length * share);
      const engine = await open(CASE, bytes.slice(0, at));
      expect((await keep(engine))[0], `cut at ${at}`).toBe('written');
      expect(await answers(engine)).toEqual(expected);
      const damaged = bytes.slice();
      damaged[at] ^= 0x10;
      const other = await open(CASE, damaged);
      expect((await keep(other))[0], `damaged at ${at}`).toBe('written');
      expect(await answers(other)).toEqual(expected);
    }
  });
});
