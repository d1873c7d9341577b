import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES } from '../model/packet-columns';
import type { ParsedBlock } from '../model/parsed-block';
import { memorySource } from '../read/byte-source';
import { scenarioSources } from '../testing/committed-captures';
import { Engine } from './engine';
import { parseCapture } from './parse-capture';
import { readTables, writeTablesBlock, writeTablesHead, writeTablesSummary } from './stored-tables';

const allocate = () => new ArrayBuffer(BLOCK_BYTES);

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Tables of the captures of a scenario as they are written while the captures are read. */
async function keep(scenario: string) {
  const kept = [];
  for (const source of scenarioSources(scenario)) {
    const parts = [writeTablesHead()];
    const read = await parseCapture(source, {
      block: (block) => void parts.push(writeTablesBlock(block)),
      progress: () => {},
    });
    if (!read.ok) throw new Error(read.error.text);
    parts.push(writeTablesSummary(read.value));
    kept.push({ source, summary: read.value, bytes: joined(parts) });
  }
  return kept;
}

async function connectionsOf(fill: (engine: Engine) => Promise<void>) {
  let tell = () => {};
  const engine = new Engine(() => tell());
  const ready = new Promise<void>((resolve) => {
    tell = () => engine.status().phase === 'ready' && resolve();
  });
  await fill(engine);
  await ready;
  const list = await engine.ask('connections', {
    search: '',
    sort: 'time',
    descending: false,
    group: 'none',
    folded: [],
    from: 0,
    count: 1000,
  });
  return engine.ask('summaries', list.ids);
}

describe('tables in their written form', () => {
  it('give the analysis that the captures themselves give', async () => {
    const kept = await keep('sdn-nat-untranslated');
    const fromTables = await connectionsOf(async (engine) => {
      for (const [key, { source }] of kept.entries())
        engine.beginCapture(key, source.name, source.size);
      for (const [key, { bytes, summary }] of kept.entries()) {
        const read = await readTables(memorySource(bytes, 'tables'), allocate, (block) =>
          engine.handle({ type: 'block', key, block }),
        );
        expect(read).toEqual({ ok: true, value: summary });
        engine.handle({ type: 'done', key, summary });
      }
    });
    const fromCaptures = await connectionsOf(async (engine) => {
      for (const [key, { source }] of kept.entries())
        engine.beginCapture(key, source.name, source.size);
      for (const [key, { source }] of kept.entries()) {
        const read = await parseCapture(source, {
          block: (block: ParsedBlock) => engine.handle({ type: 'block', key, block }),
          progress: () => {},
        });
        if (read.ok) engine.handle({ type: 'done', key, summary: read.value });
      }
    });
    expect(fromTables.length).toBeGreaterThan(20);
    expect(fromTables).toEqual(fromCaptures);
  });

  it('say that they are cut, wherever that is, and never give a summary then', async () => {
    const [{ bytes }] = await keep('article-3.1');
    const step = Math.max(1, Math.floor(bytes.length / 200));
    for (let length = 0; length < bytes.length; length += step) {
      const read = await readTables(
        memorySource(bytes.slice(0, length), 'tables'),
        allocate,
        () => {},
      );
      expect(read.ok, `cut at ${length}`).toBe(false);
    }
  });

  it('of another version are refused', async () => {
    const [{ bytes }] = await keep('article-3.1');
    const text = new TextEncoder().encode('hoplane.tables/');
    const at = bytes.findIndex((_, start) =>
      text.every((letter, i) => bytes[start + i] === letter),
    );
    const other = bytes.slice();
    other[at + text.length] = '9'.charCodeAt(0);
    expect(await readTables(memorySource(other, 'tables'), allocate, () => {})).toEqual({
      ok: false,
      error: 'the tables were kept by another version',
    });
  });
});
