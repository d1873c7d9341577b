// The engine as the page drives it: parsers' messages in, status and answers out; captures that fail, are cancelled, are removed.
import { describe, expect, it, vi } from 'vitest';
import { PROTOCOL_TCP } from '../model/protocols';
import { TCP_SYN } from '../model/tcp-flags';
import { memorySource } from '../read/byte-source';
import { yieldToEventLoop } from '../read/event-loop';
import { scenarioSources } from '../testing/committed-captures';
import { EnginePage } from '../testing/engine-page';

const EVERY_CONNECTION = {
  search: '',
  sort: 'time',
  descending: false,
  group: 'none',
  folded: [],
  from: 0,
  count: 1000,
} as const;

/** Two captures, of which the first is read and the second seems to take a thousand times as long. */
async function readFirstOfLong() {
  let now = 0;
  const page = new EnginePage(() => now);
  const [first, second] = scenarioSources('article-3.1');
  const keys = [page.begin(first), page.begin({ ...second, size: first.size * 1000 })];
  now = 1000;
  await page.read(keys[0], first);
  return { page, keys, second };
}

describe('engine', () => {
  it('gives the journeys around a time where there are too many for all', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-nat-untranslated'));
    const { ids } = await page.engine.ask('connections', EVERY_CONNECTION);
    const ask = (limit: number, around?: number) =>
      page.engine.ask('journeys', { connections: ids, limit, around });
    const timesOf = ({ journeys, sightings }: Awaited<ReturnType<typeof ask>>) =>
      Array.from(journeys.firstSighting, (row) => sightings.referenceTime[row]);
    const whole = timesOf(await ask(100_000));
    const middle = whole[400];
    const window = await ask(100, middle);
    const before = window.omittedBefore ?? 0;
    expect(timesOf(window)).toEqual(whole.slice(before, before + 100));
    expect(window.omitted).toBe(whole.length - 100);
    expect(timesOf(window).indexOf(middle)).toBe(25);
    expect(timesOf(await ask(100, Number.MAX_SAFE_INTEGER))).toEqual(whole.slice(-100));
    expect((await ask(100)).omittedBefore).toBeUndefined();
    expect((await ask(100_000, middle)).journeyCount).toBe(whole.length);
  });

  it('says which of the journeys drawn a display filter lets through', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-nat-untranslated'));
    const { ids } = await page.engine.ask('connections', EVERY_CONNECTION);
    const question = { connections: ids.slice(0, 7), limit: 100 };
    const window = await page.engine.ask('journeys', question);
    const ask = (search: string) => page.engine.ask('matches', { ...question, search });
    const synchronising = await ask('tcp.flags.syn == 1');
    const { journeys, sightings, journeyCount, protocols } = window;
    expect([...(synchronising ?? [])]).toEqual(
      Array.from({ length: journeyCount }, (_, journey) =>
        Number(
          protocols[journeys.connection[journey]] === PROTOCOL_TCP &&
            (sightings.flags[journeys.firstSighting[journey]] & TCP_SYN) !== 0,
        ),
      ),
    );
    expect(synchronising).toContain(1);
    expect(synchronising).toContain(0);
    expect(await ask('9443')).toBeNull();
    expect(await ask('tcp.flags.syn ==')).toBeNull();
  });

  it('says what connections are by their first messages', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-dns'));
    const { hints } = await page.engine.ask('connections', {
      ...EVERY_CONNECTION,
      search: 'udp svc.cluster.local',
    });
    expect(hints.length).toBeGreaterThan(5);
    for (const hint of hints)
      expect(hint).toMatch(/^A{1,4} baw-\d+\.workflow\.svc\.cluster\.local$/);
  });

  it('reads, correlates and answers', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-nat-untranslated'));
    const status = page.engine.status();
    expect(status.problem).toBeNull();
    expect(status.points.map((point) => point.name)).toEqual([
      'baw-eth0',
      'cpe-eth0',
      'node-tun0',
      'node-veth5b024d2c',
      'node-veth91c7e3aa',
    ]);
    const diagnosis = await page.engine.ask('diagnosis', null);
    expect(diagnosis.findings.map((finding) => finding.rule)).toEqual(['half-untranslated-reply']);
    const [failing] = diagnosis.findings[0].connections;
    const window = await page.engine.ask('journeys', { connections: [failing], limit: 1000 });
    expect(window.connections).toEqual([failing]);
    expect(window.journeyCount).toBeGreaterThan(20);
    const limited = await page.engine.ask('journeys', { connections: [failing], limit: 5 });
    expect([limited.journeyCount, limited.omitted]).toEqual([5, window.journeyCount - 5]);
  });

  it('lists connections searched, sorted and by the window', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-nat-untranslated'));
    const all = await page.engine.ask('connections', EVERY_CONNECTION);
    expect(all.total).toBe(page.engine.status().connections);
    expect([...all.firstTime]).toEqual([...all.firstTime].sort((a, b) => a - b));
    const failing = await page.engine.ask('connections', {
      ...EVERY_CONNECTION,
      search: 'half-untranslated-reply TCP',
      sort: 'packets',
      descending: true,
      group: 'none',
      folded: [],
    });
    expect(failing.total).toBe(3);
    expect([...failing.severity]).toEqual([3, 3, 3]);
    expect([...failing.packets]).toEqual([...failing.packets].sort((a, b) => b - a));
    const second = await page.engine.ask('connections', { ...EVERY_CONNECTION, from: 1, count: 1 });
    expect(second.ids).toEqual([all.ids[1]]);
    // The port that NAT gave it finds it too.
    const translated = await page.engine.ask('connections', {
      ...EVERY_CONNECTION,
      search: '59906',
    });
    expect(translated.clients).toEqual(['10.128.3.202:60170']);
  });

  it('decodes a frame from the file, and answers null where there is none', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('article-3.1'));
    const frame = await page.engine.ask('frame', { file: 'article-3.1-cpe.pcap', frame: 4 });
    expect(frame?.bytes.length).toBe(frame?.capturedLength);
    expect(frame?.time).toBe('1610442843118000000');
    expect(frame?.layers.length).toBeGreaterThan(0);
    for (const frameNumber of [0, 24, 1.5])
      expect(
        await page.engine.ask('frame', { file: 'article-3.1-cpe.pcap', frame: frameNumber }),
      ).toBeNull();
  });

  it('counts every packet once in the overview', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-loss'));
    const overview = await page.engine.ask('overview', { bins: 60, connections: [] });
    const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0);
    expect(sum(overview.packets)).toBe(page.engine.status().journeys);
    expect(sum(overview.losses)).toBe(28);
    expect(sum(overview.chosen)).toBe(0);
  });

  it('goes on with the others when one capture fails, and analyses again when one is removed', async () => {
    const page = new EnginePage();
    const [baw, cpe] = scenarioSources('article-3.1');
    const foreign = memorySource(new TextEncoder().encode('minutes of the meeting'), 'notes.pcap');
    const [, , cpeKey] = await page.open([foreign, baw, cpe]);
    const [failed] = page.engine.status().captures;
    expect(failed.status).toMatchObject({ state: 'failed', warning: { code: 'not-a-capture' } });
    expect(page.engine.status().points).toHaveLength(2);
    const before = page.engine.status().revision;
    page.engine.removeCapture(cpeKey);
    await page.ready();
    expect(page.engine.status().points.map((point) => point.name)).toEqual(['article-3.1-baw']);
    expect(page.engine.status().revision).toBeGreaterThan(before);
  });

  it('takes evidence beside the captures, before them or after, and lets it go again', async () => {
    const page = new EnginePage();
    const names = () => page.engine.status().points.map(({ interface: name }) => name);
    await page.open(scenarioSources('sdn-any'));
    const unnamed = names();
    const key = page.begin(memorySource(new Uint8Array(1), 'ip-a.txt'));
    const macOfTun0 = '26:c2:43:d3:a1:cd';
    const list = [{ ifindex: 6, name: 'tun0', mac: macOfTun0 }];
    page.engine.handle({ type: 'evidence', key, evidence: { kind: 'interfaces', lists: [list] } });
    await page.ready();
    expect(names()).toEqual([...unnamed.slice(0, -1), 'tun0']);
    expect(page.engine.status().captures.at(-1)?.status.state).toBe('evidence');
    page.engine.removeCapture(key);
    await page.ready();
    expect(names()).toEqual(unnamed);
  });

  it('forgets a cancelled capture, whatever its parser still sends', async () => {
    const page = new EnginePage();
    const [baw, cpe] = scenarioSources('article-3.1');
    const cancelled = page.begin(cpe);
    page.engine.cancelCapture(cancelled);
    await page.read(cancelled, cpe);
    await page.open([baw]);
    expect(page.engine.status().captures.map((row) => row.status.state)).toEqual([
      'cancelled',
      'ready',
    ]);
    expect(page.engine.status().points).toHaveLength(1);
  });

  it('hashes every file, those too that are added while others are hashed', async () => {
    const page = new EnginePage();
    const [baw, cpe] = scenarioSources('article-3.1');
    await page.open([baw]);
    await page.open([cpe]);
    await vi.waitFor(async () => {
      const { captures } = await page.engine.ask('snapshot', {
        title: '',
        notes: [],
        journeyLimit: 1,
        view: {
          connections: [],
          finding: null,
          selected: null,
          span: null,
          lanes: { order: [], hidden: [], names: {} },
        },
      });
      expect(captures).toHaveLength(2);
      for (const { sha256 } of captures) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  it('keeps the chosen connections in a snapshot, the one each finding tells of, and the healthy one beside it', async () => {
    const page = new EnginePage();
    await page.open(scenarioSources('sdn-nat-untranslated'));
    const { ids } = await page.engine.ask('connections', {
      ...EVERY_CONNECTION,
      search: 'tcp closed',
      count: 1,
    });
    const snapshot = await page.engine.ask('snapshot', {
      title: 'case',
      notes: [],
      journeyLimit: 10_000,
      view: {
        connections: ids,
        finding: null,
        selected: null,
        span: null,
        lanes: { order: [], hidden: [], names: {} },
      },
    });
    const told = snapshot.findings[0].connections[0];
    const sibling = snapshot.findings[0].sibling?.connection;
    expect(sibling).toBeDefined();
    const kept = new Set([...ids, told, sibling]);
    expect(new Set(snapshot.connections.map(({ id }) => id))).toEqual(kept);
    expect(new Set(snapshot.journeys.connections)).toEqual(kept);
  });

  it('answers about the captures that are there while the rest takes long to read, and then about all', async () => {
    let now = 0;
    const page = new EnginePage(() => now);
    const sources = scenarioSources('article-3.1');
    const [first, second] = sources;
    const keys = [page.begin(first), page.begin({ ...second, size: first.size * 1000 })];
    expect(page.engine.status().analysed).toBeNull();
    now = 1000;
    await page.read(keys[0], first);
    await page.waitFor(({ analysed }) => analysed !== null);
    const early = page.engine.status();
    expect(early).toMatchObject({ phase: 'reading', analysed: { captures: 1, of: 2 } });
    expect(early.points).toHaveLength(1);
    const { total, revision } = await page.engine.ask('connections', EVERY_CONNECTION);
    expect(total).toBeGreaterThan(0);
    expect(revision).toBe(early.revision);
    await page.read(keys[1], second);
    // Until it is computed anew what was known is still there to be asked.
    expect(page.engine.status()).toMatchObject({
      phase: 'correlating',
      analysed: { captures: 1, of: 2 },
      revision: early.revision,
    });
    await page.ready();
    const late = page.engine.status();
    expect(late.analysed).toEqual({ captures: 2, of: 2 });
    expect(late.revision).toBeGreaterThan(early.revision);
    expect(late.points).toHaveLength(2);
  });

  it('shows the first picture that is on its way when the rest is read sooner, and then all', async () => {
    const { page, keys, second } = await readFirstOfLong();
    await page.read(keys[1], second);
    expect(page.engine.status()).toMatchObject({ phase: 'correlating', analysed: null });
    await page.waitFor(({ analysed }) => analysed !== null);
    expect(page.engine.status()).toMatchObject({
      phase: 'correlating',
      analysed: { captures: 1, of: 2 },
    });
    await page.ready();
    expect(page.engine.status().analysed).toEqual({ captures: 2, of: 2 });
  });

  it('drops a first picture that is on its way when its capture is taken away', async () => {
    const { page, keys, second } = await readFirstOfLong();
    await page.read(keys[1], second);
    page.engine.removeCapture(keys[0]);
    const seen: (number | undefined)[] = [];
    await page.waitFor(({ analysed, phase }) => {
      seen.push(analysed?.captures);
      return phase === 'ready';
    });
    expect(seen.slice(0, -1).every((captures) => captures === undefined)).toBe(true);
    expect(page.engine.status()).toMatchObject({ analysed: { captures: 1, of: 1 } });
    expect(page.engine.status().points).toHaveLength(1);
  });

  it('waits for the rest where that is read soon', async () => {
    let now = 0;
    const page = new EnginePage(() => now);
    const [first, second] = scenarioSources('article-3.1');
    const keys = [page.begin(first), page.begin(second)];
    now = 1;
    await page.read(keys[0], first);
    for (let turn = 0; turn < 50; turn += 1) await yieldToEventLoop();
    expect(page.engine.status()).toMatchObject({ phase: 'reading', analysed: null });
    page.engine.cancelCapture(keys[1]);
    await page.ready();
    expect(page.engine.status().analysed).toEqual({ captures: 1, of: 1 });
  });

  it('drops what covers a capture that is taken away, also while others are read', async () => {
    const { page, keys } = await readFirstOfLong();
    await page.waitFor(({ analysed }) => analysed !== null);
    page.engine.removeCapture(keys[0]);
    expect(page.engine.status()).toMatchObject({ phase: 'reading', analysed: null, points: [] });
    expect((await page.engine.ask('connections', EVERY_CONNECTION)).total).toBe(0);
  });
});
