import { describe, expect, it } from 'vitest';
import { articleSnapshot } from '../testing/article-snapshot';
import type { ConnectionSummary } from './connection';
import { ACTIVITY_BINS, ConnectionList, type ConnectionListQuestion } from './connection-list';
import type { Finding } from './finding';

const [article] = articleSnapshot.connections;
const [finding] = articleSnapshot.findings;

const connection = (id: string, change: Partial<ConnectionSummary> = {}): ConnectionSummary => ({
  ...article,
  id,
  client: '10.0.0.1:1000',
  server: '172.30.0.1:443',
  legs: [],
  translations: [],
  handshake: 'complete',
  close: 'fin',
  journeys: 10,
  lost: 0,
  retransmissions: 0,
  losses: [],
  ...change,
});

const translated = (after: string) => ({
  translations: [
    { ...article.translations[0], direction: 'forward', kind: 'dnat', after },
  ] as const,
});

const CONNECTIONS = [
  connection('a', { journeys: 30, ...translated('10.1.0.7:8443') }),
  connection('b', { client: '10.0.0.2:1000', journeys: 20, lost: 2 }),
  connection('c', { journeys: 30, ...translated('10.1.0.8:8443') }),
  connection('d', { client: '10.0.0.2:1001', journeys: 10, handshake: 'failed', close: 'timeout' }),
  connection('e', { server: '[fd00::9]:80', journeys: 40 }),
];
const METRICS = {
  bytes: (position: number) => 100 * (position + 1),
  handshake: (position: number) => (position === 3 ? Number.NaN : 5 - position),
  hint: (position: number) => (position === 0 ? 'TLS 1.3 Shop.example (h2)' : ''),
  countActivity: (position: number, counts: Uint32Array) => {
    counts[position] = 1000;
    counts[ACTIVITY_BINS - 1] = 1;
  },
};
const listOf = (findings: readonly Finding[] = []) =>
  new ConnectionList(CONNECTIONS, findings, METRICS);

const ASKED: ConnectionListQuestion = {
  search: '',
  sort: 'time',
  descending: false,
  group: 'none',
  folded: [],
  from: 0,
  count: 100,
};
const ids = (question: Partial<ConnectionListQuestion>, members: Uint8Array | null = null) =>
  listOf()
    .window({ ...ASKED, ...question }, members)
    .ids.join(' ');

describe('the list of connections', () => {
  it('sorts by each kind of column, those alike by time either way', () => {
    expect(ids({ sort: 'packets' })).toBe('d b a c e');
    expect(ids({ sort: 'packets', descending: true })).toBe('e a c b d');
    expect(ids({ sort: 'client', descending: true })).toBe('d b a c e');
    expect(ids({ sort: 'bytes', descending: true })).toBe('e d c b a');
    expect(ids({ sort: 'after', descending: true })).toBe('c a b d e');
    expect(ids({ sort: 'hint', descending: true })).toBe('a b c d e');
    expect(ids({ sort: 'state', descending: true })).toBe('d b a c e');
  });

  it('sorts what was not seen before the least', () => {
    expect(ids({ sort: 'handshake' })).toBe('d e c b a');
  });

  it('finds words in endpoints before and after NAT, hint, state and rules', () => {
    const list = listOf([{ ...finding, rule: 'reset-storm', connections: ['e'] }]);
    const found = (search: string) =>
      list.window({ ...ASKED, search }, list.matchWords(search)).ids.join(' ');
    expect(found('10.0.0.2')).toBe('b d');
    expect(found('10.0.0.2 FAILED')).toBe('d');
    expect(found('storm')).toBe('e');
    expect(found('shop.example')).toBe('a');
    expect(found('nowhere')).toBe('');
    expect(found('')).toBe('a b c d e');
  });

  it('groups by the address that serves after NAT, the groups in the order of their first rows', () => {
    const {
      ids: rows,
      groups,
      total,
      matched,
    } = listOf().window(
      { ...ASKED, group: 'pod', sort: 'lost', descending: true, folded: ['172.30.0.1'] },
      null,
    );
    expect(groups.map((group) => group?.key ?? '')).toEqual([
      '172.30.0.1',
      '10.1.0.7',
      '',
      '10.1.0.8',
      '',
      'fd00::9',
      '',
    ]);
    expect(rows).toEqual(['', '', 'a', '', 'c', '', 'e']);
    expect([total, matched]).toEqual([7, 5]);
    expect(groups[0]).toMatchObject({
      connections: 2,
      packets: 30,
      lost: 2,
      troubled: 2,
      folded: true,
    });
  });

  it('steps from one connection in trouble to the next, round the ends', () => {
    const list = listOf([{ ...finding, severity: 'warning', connections: ['e'] }]);
    const step = (id: string | null, by: 1 | -1) => list.seek(ASKED, null, id, by)?.id;
    expect([step(null, 1), step('b', 1), step('d', 1), step('e', 1)]).toEqual(['b', 'd', 'e', 'b']);
    expect([step(null, -1), step('b', -1), step('a', -1)]).toEqual(['e', 'e', 'e']);
    expect(list.seek(ASKED, Uint8Array.from([1, 0, 1, 0, 0]), null, 1)).toBeNull();
  });

  it('says at which row a connection stands, and that it is left out', () => {
    const question = { ...ASKED, sort: 'packets', descending: true } as const;
    expect(listOf().seek(question, null, 'b', 0)).toEqual({ id: 'b', row: 3 });
    expect(listOf().seek(question, Uint8Array.from([1, 0, 1, 1, 1]), 'b', 0)).toBeNull();
  });

  it('shows activity as a share of the fullest bin, never nothing where there was a packet', () => {
    const { activity } = listOf().window({ ...ASKED, from: 2, count: 1 }, null);
    expect(activity[2]).toBe(255);
    expect(activity[ACTIVITY_BINS - 1]).toBe(1);
    expect(activity.reduce((sum, value) => sum + value)).toBe(256);
  });
});
