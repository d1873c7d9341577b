// What was carried is the same at every point that saw it whole, NAT, retransmissions and segments cut anew notwithstanding.
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../read/byte-source';
import { scenarioSources } from '../testing/committed-captures';
import { EnginePage } from '../testing/engine-page';
import { spoilCapture } from '../testing/spoil-capture';
import type { Engine } from './engine';
import type { StreamRun, StreamWindow } from './protocol';

async function openEngine(sources: readonly ByteSource[]): Promise<Engine> {
  const page = new EnginePage();
  await page.open(sources);
  return page.engine;
}

async function readWhole(engine: Engine, connection: string, point: string) {
  const runs: StreamRun[] = [];
  let page: StreamWindow | null;
  let from: number | null = 0;
  do {
    page = await engine.ask('stream', { connection, point, from });
    runs.push(...(page?.runs ?? []));
    from = page?.next ?? null;
  } while (from !== null);
  return { runs, total: page?.total ?? [0, 0] };
}

const textOf = (runs: readonly StreamRun[], direction: number): string =>
  runs
    .filter((run) => run.direction === direction)
    .map(
      ({ bytes, gap }) =>
        `${gap > 0 ? `<${gap} lacking>` : ''}${Buffer.from(bytes).toString('latin1')}`,
    )
    .join('');

async function eachPoint(engine: Engine) {
  const { ids } = await engine.ask('connections', {
    search: 'tcp',
    sort: 'time',
    group: 'none',
    folded: [],
    descending: false,
    from: 0,
    count: 40,
  });
  const summaries = await engine.ask('summaries', ids);
  return summaries.flatMap(({ id, points }) => points.map((point) => ({ id, point })));
}

describe('stream', () => {
  it.each(['sdn-healthy', 'sdn-loss', 'overlay-skew', 'bridge-healthy'])(
    'is the same at each point of %s, on both sides of NAT',
    async (scenario) => {
      const engine = await openEngine(scenarioSources(scenario));
      const seen = new Map<string, Set<string>>();
      for (const { id, point } of await eachPoint(engine)) {
        const { runs, total } = await readWhole(engine, id, point);
        for (const direction of [0, 1]) {
          const text = textOf(runs, direction);
          if (text === '' || text.includes('lacking>')) continue;
          expect(text.length).toBe(total[direction]);
          const key = `${id} ${direction}`;
          seen.set(key, (seen.get(key) ?? new Set()).add(text));
        }
      }
      expect(seen.size).toBeGreaterThan(10);
      for (const texts of seen.values()) expect(texts.size).toBe(1);
    },
  );

  it('reads like the conversation it was', async () => {
    const engine = await openEngine(scenarioSources('sdn-healthy'));
    const [{ id, point }] = await eachPoint(engine);
    const { runs } = await readWhole(engine, id, point);
    const asked = ['200', '40000', '1200'];
    expect(textOf(runs, 0)).toBe(
      asked.map((size) => `GET /${size} HTTP/1.1\r\nHost: baw\r\n\r\n`).join(''),
    );
    const answers = textOf(runs, 1).split('HTTP/1.1 200 OK\r\n').slice(1);
    expect(answers.map((answer) => answer.split('\r\n\r\n').slice(1).join('').length)).toEqual([
      200, 40_000, 1200,
    ]);
    const turns = runs.filter(({ direction }, k) => direction !== runs[k - 1]?.direction);
    expect(turns.map(({ direction }) => direction)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(runs[0]).toMatchObject({ gap: 0, lacking: 0, records: [] });
  });

  it('says how many bytes of a segment were not captured', async () => {
    const sources = await Promise.all(
      scenarioSources('sdn-healthy').map((source) => spoilCapture(source, { snaplen: 96 })),
    );
    const engine = await openEngine(sources);
    const [{ id, point }] = await eachPoint(engine);
    const { runs } = await readWhole(engine, id, point);
    for (const run of runs) expect(run.bytes.length).toBeLessThan(96);
    expect(runs[1].bytes.length + runs[1].lacking).toBe(280);
  });

  it('has no answer where the connection was not seen', async () => {
    const { engine } = new EnginePage();
    expect(await engine.ask('stream', { connection: 'x', point: 'p1', from: 0 })).toBeNull();
  });
});
