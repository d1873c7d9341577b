import fc from 'fast-check';
import { deflateSync, inflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { CaseSnapshot } from '../model/snapshot';
import { makeStop } from '../model/stop';
import { arbitrarySnapshot } from '../testing/arbitrary-snapshot';
import { articleSnapshot } from '../testing/article-snapshot';
import { buildWindow } from '../testing/window-builder';
import { FILE_LIMITS } from './limits';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec';
import { ByteReader, ByteWriter } from './varint';

const decode = (bytes: Uint8Array) => decodeSnapshot(bytes, FILE_LIMITS);

/** The head of the article's snapshot as JSON, and the bytes of its columns. */
function openArticle(): { head: Record<string, unknown>; columns: Uint8Array } {
  const reader = new ByteReader(inflateSync(encodeSnapshot(articleSnapshot)));
  const head = reader.raw(reader.unsigned() ?? 0);
  const columns = reader.raw(reader.remaining);
  return { head: JSON.parse(new TextDecoder().decode(head)), columns: columns ?? new Uint8Array() };
}

function pack(head: unknown, columns: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(typeof head === 'string' ? head : JSON.stringify(head));
  const writer = new ByteWriter();
  writer.unsigned(text.length);
  writer.raw(text);
  writer.raw(columns);
  return deflateSync(writer.finish());
}

/** What came of bytes whose head was changed by `change`. */
function decodeChanged(change: (head: Record<string, never>) => void) {
  const { head, columns } = openArticle();
  change(head as Record<string, never>);
  return decode(pack(head, columns));
}

describe('a snapshot that was written', () => {
  it('is the same when it is read', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, (snapshot) => {
        expect(decode(encodeSnapshot(snapshot))).toEqual({ ok: true, value: snapshot });
      }),
      { numRuns: 150 },
    );
  });

  it('has the same bytes each time, whatever the order of its properties', () => {
    const reordered = Object.fromEntries(
      Object.entries(articleSnapshot).reverse(),
    ) as unknown as CaseSnapshot;
    expect(encodeSnapshot(reordered)).toEqual(encodeSnapshot(articleSnapshot));
  });

  it('keeps whole nanoseconds of the reference clock', () => {
    const journeys = buildWindow({
      files: articleSnapshot.journeys.files,
      journeys: [{ connection: articleSnapshot.connections[0].id, sightings: [{ time: 5 }] }],
    });
    journeys.sightings.referenceTime[0] = 7.6;
    const read = decode(encodeSnapshot({ ...articleSnapshot, journeys }));
    expect(read.ok && read.value.journeys.sightings.referenceTime[0]).toBe(8);
  });

  it('writes sightings in the order of their journeys, wherever they stood', () => {
    const window = articleSnapshot.journeys;
    const turned = {
      ...window,
      journeys: {
        ...window.journeys,
        firstSighting: window.journeys.firstSighting.map(
          (_, j) => 2 * (window.journeyCount - 1 - j),
        ),
      },
      sightings: Object.fromEntries(
        Object.entries(window.sightings).map(([name, column]) => [
          name,
          column.map((_, i) => column[window.sightingCount - 2 - (i - (i % 2)) + (i % 2)]),
        ]),
      ) as unknown as typeof window.sightings,
    };
    expect(decode(encodeSnapshot({ ...articleSnapshot, journeys: turned }))).toEqual({
      ok: true,
      value: articleSnapshot,
    });
  });
});

describe('bytes of unknown origin', () => {
  it('never make the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(decode(bytes).ok).toBe(false);
        expect(decode(deflateSync(bytes)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('may be a good snapshot with bytes changed, cut out or put in', () => {
    const good = inflateSync(encodeSnapshot(articleSnapshot));
    const change = fc.record({
      at: fc.integer({ min: 0, max: good.length }),
      remove: fc.integer({ min: 0, max: 4 }),
      insert: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let bytes = [...good];
        for (const { at, remove, insert } of changes)
          bytes = [...bytes.slice(0, at), ...insert, ...bytes.slice(at + remove)];
        const read = decode(deflateSync(Uint8Array.from(bytes)));
        if (read.ok) expectDrawable(read.value);
        else expect(read.error.text).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it('may hold any value anywhere in the head', () => {
    const { head, columns } = openArticle();
    const paths = pathsOf(head);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const changed = structuredClone(head);
        setAt(changed, path, value);
        const read = decode(pack(changed, columns));
        if (read.ok) expectDrawable(read.value);
      }),
      { numRuns: 400 },
    );
  });

  it('may be cut anywhere', () => {
    const good = encodeSnapshot(articleSnapshot);
    for (let length = 0; length < good.length; length += 7)
      expect(decode(good.slice(0, length)).ok).toBe(false);
  });
});

describe('a hostile snapshot', () => {
  it('does not inflate beyond the limit', () => {
    const bomb = deflateSync(new Uint8Array(20_000_000), { level: 9 });
    const read = decodeSnapshot(bomb, { compressedBytes: 1e6, inflatedBytes: 1e6 });
    expect(read).toMatchObject({ ok: false, error: { reason: 'too-large' } });
  });

  it('does not make tables by counts that its bytes cannot fill', () => {
    for (const counts of [
      { journeys: 4_294_967_295, sightings: 4_294_967_295 },
      { journeys: 23, sightings: 4_000_000_000 },
      { journeys: 0, sightings: 46 },
    ]) {
      const read = decodeChanged((head) => Object.assign(head.window, counts));
      expect(read).toMatchObject({ ok: false });
    }
  });

  it.each([
    ['an address that runs a script', 'findings.0.references.0.url', 'javascript:alert(1)'],
    ['a fate that no one knows', 'window.fates.1', 'eaten'],
    ['a point of no capture', 'points.0.capture', 2],
    ['two points of one id', 'points.1.id', 'p1'],
    ['a stop at no point', 'connections.0.forwardStops.0', 'p9'],
    [
      'a connection that ended at no point',
      'connections.0.closing',
      { by: 'client', at: 'p9', finBefore: null, fromSender: true },
    ],
    ['a stop at a passage that cannot be', 'hops.0.from', 'p1/0'],
    ['too few strings', 'window.strings', ['']],
    ['too few files', 'window.files', []],
    ['journeys of another connection', 'window.connections.0', 'other'],
    ['a time that is no number', 'window.baseTime', '1e9'],
    ['a severity of its own', 'findings.0.severity', 'catastrophe'],
  ])('is refused for %s', (_, path, value) => {
    const read = decodeChanged((head) => setAt(head, path.split('.'), value));
    expect(read).toMatchObject({ ok: false, error: { reason: 'invalid' } });
  });

  it.each([
    ['sightings', 'point', 2],
    ['sightings', 'capture', 2],
    ['sightings', 'frame', 0],
    ['sightings', 'passage', 0],
    ['sightings', 'source', 99],
    ['sightings', 'encapsulation', 99],
    ['journeys', 'connection', 1],
    ['journeys', 'direction', 2],
    ['journeys', 'flags', 8],
    ['journeys', 'lostFrom', makeStop(2, 1)],
    ['journeys', 'lostTo', makeStop(0, 0)],
    ['journeys', 'fate', 4],
    ['journeys', 'reason', 77],
  ] as const)('is refused for a value in %s.%s', (table, column, value) => {
    const journeys = structuredClone(articleSnapshot.journeys);
    const columns = journeys[table] as unknown as Record<string, Uint32Array>;
    columns[column][columns[column].length - 1] = value;
    const read = decode(encodeSnapshot({ ...articleSnapshot, journeys }));
    expect(read).toMatchObject({ ok: false, error: { reason: 'invalid' } });
  });

  it('may nest as deep as it likes', () => {
    expect(decode(pack('['.repeat(1_000_000), new Uint8Array())).ok).toBe(false);
    expect(decode(pack('{"schema":'.repeat(100_000), new Uint8Array())).ok).toBe(false);
  });

  it('is told apart from a later version', () => {
    const read = decodeChanged((head) => setAt(head, ['schema'], 'hoplane.snapshot/7'));
    expect(read).toMatchObject({ ok: false, error: { reason: 'unknown-version' } });
    expect(read.ok || read.error.text).toContain('hoplane.snapshot/7');
  });
});

/** What drawing code takes for granted. */
function expectDrawable({ journeys: window, points }: CaseSnapshot): void {
  const { journeys, sightings } = window;
  for (let j = 0; j < window.journeyCount; j++) {
    expect(window.connections[journeys.connection[j]]).toBeTypeOf('string');
    expect(journeys.firstSighting[j] + journeys.sightingCount[j]).toBeLessThanOrEqual(
      window.sightingCount,
    );
  }
  for (let i = 0; i < window.sightingCount; i++) {
    expect(window.strings[sightings.source[i]]).toBeTypeOf('string');
    expect(points[sightings.point[i]]).toBeDefined();
    expect(window.files[sightings.capture[i]]).toBeTypeOf('string');
    expect(Number.isFinite(sightings.referenceTime[i])).toBe(true);
  }
}

type Json = Record<string, unknown> | unknown[];

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function setAt(root: object, path: readonly string[], value: unknown): void {
  if (path.length === 0) return;
  let at = root as Json;
  for (const key of path.slice(0, -1)) at = at[key as keyof Json] as unknown as Json;
  at[path[path.length - 1] as keyof Json] = value as never;
}
