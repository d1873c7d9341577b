import { describe, expect, it } from 'vitest';
import { CONNECTION_STATES } from '../model/connection-state';
import { articleSnapshot } from '../testing/article-snapshot';
import type { Answer, Question } from './answer-source';
import { openSnapshotSource } from './snapshot-source';

const [article] = articleSnapshot.connections;
const healthy = {
  ...article,
  id: 'other',
  legs: [],
  client: '10.0.0.9:1',
  handshake: 'complete',
  close: 'fin',
  lost: 0,
  retransmissions: 0,
  firstTime: article.firstTime + 5,
} as const;
const snapshot = { ...articleSnapshot, connections: [article, healthy] };

async function ask<K extends Parameters<ReturnType<typeof openSnapshotSource>['ask']>[0]>(
  name: K,
  question: Question<K>,
): Promise<Answer<K>> {
  const result = await openSnapshotSource(snapshot).ask(name, question);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const LIST = {
  search: '',
  sort: 'time',
  descending: false,
  group: 'none',
  folded: [],
  from: 0,
  count: 10,
} as const;

describe('a snapshot as the source of answers', () => {
  it('lists, sorts and searches its connections', async () => {
    expect((await ask('connections', LIST)).ids).toEqual([article.id, 'other']);
    expect((await ask('connections', { ...LIST, descending: true })).ids).toEqual([
      'other',
      article.id,
    ]);
    const found = await ask('connections', { ...LIST, search: '59906 TCP half-' });
    expect([found.ids, found.total]).toEqual([[article.id], 1]);
    expect((await ask('connections', { ...LIST, from: 1 })).ids).toEqual(['other']);
    const graveFirst = await ask('connections', { ...LIST, sort: 'state', descending: true });
    expect(graveFirst.ids).toEqual([article.id, 'other']);
  });

  it('says how each ended and how grave its findings are', async () => {
    const { state, severity } = await ask('connections', LIST);
    expect([...state].map((code) => CONNECTION_STATES[code])).toEqual(['failed', 'closed']);
    expect([...severity]).toEqual([3, 0]);
  });

  it('gives journeys of the connections asked for alone, up to the limit', async () => {
    const all = await ask('journeys', { connections: [article.id], limit: 1000 });
    expect(all.journeyCount).toBe(snapshot.journeys.journeyCount);
    const some = await ask('journeys', { connections: [article.id], limit: 3 });
    expect([some.journeyCount, some.omitted]).toEqual([3, all.journeyCount - 3]);
    expect(some.sightings.frame.length).toBe(some.sightingCount);
    const none = await ask('journeys', { connections: ['other'], limit: 10 });
    expect([none.journeyCount, none.sightingCount, none.omitted]).toEqual([0, 0, 0]);
  });

  it('counts every journey once in the overview', async () => {
    const overview = await ask('overview', { bins: 40, connections: [article.id] });
    const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0);
    expect(sum(overview.packets)).toBe(snapshot.journeys.journeyCount);
    expect(sum(overview.chosen)).toBe(snapshot.journeys.journeyCount);
    expect(sum(overview.resets)).toBe(9);
    expect(overview.packets[0]).toBeGreaterThan(0);
    expect(overview.packets[39]).toBeGreaterThan(0);
  });

  it('has no frames', async () => {
    expect(await ask('frame', { file: snapshot.captures[0].file, frame: 1 })).toBeNull();
  });
});
