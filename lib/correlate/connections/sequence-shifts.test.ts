// Connections whose sequence numbers something between the points shifts: found by what they carry, never where that proves nothing.
import { describe, expect, it } from 'vitest';
import type { AnalysisView } from '../../model/analysis-view';
import { FATE_REASONS, FATES } from '../../model/fate';
import { deriveRewrites } from '../../model/rewrites';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { seededRandom } from '../../testing/seeded-random';

const ENDS = `
  cli = 10.0.0.1:40000
  cl2 = 10.0.0.1:40001
  srv = 10.0.0.9:443
  nat = 192.0.2.7:61000
  na2 = 192.0.2.7:61001
  hop 50us
`;

/** `connection in > out`: one connection, or an exchange of it. */
const HANDSHAKE = `
  time      packet |  left     | right
  0      > S       |  cli>srv  | nat>srv
  0.001  < SA      |  srv>cli  | srv>nat
  0.002  > A       |  cli>srv  | nat>srv
`;
const EXCHANGE = `
  0.010  > P/100   |  cli>srv  | nat>srv
  0.011  < P/1400  |  srv>cli  | srv>nat
  0.012  > A       |  cli>srv  | nat>srv
  0.020  > P/200   |  cli>srv  | nat>srv
  0.021  < P/900   |  srv>cli  | srv>nat
  0.030  > P/300   |  cli>srv  | nat>srv
  0.031  < A       |  srv>cli  | srv>nat
  0.040  > F       |  cli>srv  | nat>srv
  0.041  < F       |  srv>cli  | srv>nat
  0.042  > A       |  cli>srv  | nat>srv
`;

/** Journeys as `left#1 right#1 delivered`, in order of time. */
function journeysOf(view: AnalysisView): string[] {
  const { journeys, journeyCount, sightings, files } = view.journeysOf(
    view.connections.map((_, index) => index),
  );
  return Array.from({ length: journeyCount }, (_, j) => {
    const seen = Array.from({ length: journeys.sightingCount[j] }, (_, k) => {
      const s = journeys.firstSighting[j] + k;
      return `${files[sightings.capture[s]].replace('.pcap', '')}#${sightings.frame[s]}`;
    });
    return [...seen, FATES[journeys.fate[j]]].join(' ');
  });
}

/** Rewrites of TCP's numbers, each as the distance it shifts by, over all packets. */
function shiftsOf(view: AnalysisView): Record<string, number[]> {
  const window = view.journeysOf(view.connections.map((_, index) => index));
  const shifts: Record<string, Set<number>> = {};
  for (let j = 0; j < window.journeyCount; j += 1) {
    const first = window.journeys.firstSighting[j];
    const way = window.journeys.direction[j] === 0 ? '>' : '<';
    for (let s = first + 1; s < first + window.journeys.sightingCount[j]; s += 1)
      for (const { field, before, after } of deriveRewrites(window, s - 1, s))
        if (/seq_raw|ack_raw|timestamp/.test(field)) {
          shifts[`${way} ${field}`] ??= new Set();
          shifts[`${way} ${field}`].add((Number(after) - Number(before)) | 0);
        }
  }
  return Object.fromEntries(Object.entries(shifts).map(([key, by]) => [key, [...by]]));
}

const analyse = async (...parts: readonly string[]) =>
  (await analyseTextArt([ENDS, ...parts].join('\n'))).analysis;

const isWhole = (view: AnalysisView, packets: number): void => {
  expect(view.connections).toHaveLength(1);
  expect(journeysOf(view)).toHaveLength(packets);
  expect(
    journeysOf(view).every((line) => /^(left#\d+ right|right#\d+ left)#\d+ delivered$/.test(line)),
  ).toBe(true);
};

describe('a firewall that chooses initial sequence numbers', () => {
  it('of both ends: every packet is found, the shift shows as a rewrite', async () => {
    const view = await analyse(
      'shift right left sequence +1000000\n shift right right sequence -7777',
      HANDSHAKE,
      EXCHANGE,
    );
    isWhole(view, 13);
    expect(shiftsOf(view)).toEqual({
      '> tcp.seq_raw': [1_000_000],
      '> tcp.ack_raw': [-7777],
      '< tcp.seq_raw': [7777],
      '< tcp.ack_raw': [-1_000_000],
    });
    expect(view.connections[0]).toMatchObject({ handshake: 'complete', close: 'fin', lost: 0 });
  });

  it('of the server alone, over the end of the number space', async () => {
    // The server begins at 1193046: here its numbers pass 2³² with the first reply.
    const view = await analyse('shift right right sequence -1193500', HANDSHAKE, EXCHANGE);
    isWhole(view, 13);
    expect(shiftsOf(view)).toEqual({
      '> tcp.ack_raw': [-1_193_500],
      '< tcp.seq_raw': [1_193_500],
    });
  });

  it('and that rewrites the timestamps of one end', async () => {
    const view = await analyse(
      'shift right right sequence +5000\n shift right right stamps +123456',
      HANDSHAKE,
      EXCHANGE,
    );
    isWhole(view, 13);
    expect(shiftsOf(view)).toMatchObject({
      '> tcp.options.timestamp.tsecr': [123_456],
      '< tcp.options.timestamp.tsval': [-123_456],
    });
  });

  it('with captures that begin in the middle', async () => {
    isWhole(
      await analyse('shift right right sequence +5000', 'time packet | left | right', EXCHANGE),
      10,
    );
  });

  it('with losses and retransmissions', async () => {
    const view = await analyse(
      'shift right left sequence +1000000',
      HANDSHAKE,
      `
  0.010  > P/100   |  cli>srv  | nat>srv
  0.011  < P/1400  |  srv>cli  | srv>nat
  0.012  > A       |  cli>srv  | nat>srv
  0.020  > P/200   |  cli>srv  | ~
  0.220  > P/200*  |  cli>srv  | nat>srv
  0.221  < A       |  srv>cli  | srv>nat
  0.230  > P/300   |  cli>srv  | nat>srv
  0.231  < A       |  srv>cli  | srv>nat
  0.240  > P/400   |  cli>srv  | nat>srv
  0.241  < A       |  srv>cli  | srv>nat
      `,
    );
    expect(view.connections).toHaveLength(1);
    expect(view.connections[0]).toMatchObject({ lost: 1, retransmissions: 1, unknown: 0 });
    const lines = journeysOf(view);
    expect(lines).toHaveLength(13);
    expect(lines.filter((line) => line.endsWith('delivered'))).toHaveLength(12);
    expect(lines).toContain('left#7 lost');
  });
});

/** Both handshakes of a SYN proxy; then data, whose server numbers it shifts. */
const PROXIED = `
  time      packet |  left     | right
  0      > S       |  cli>srv  | -
  0.0003 < SA      |  srv>cli  | -
  0.0010 > A       |  cli>srv  | -
  0.0011 > S*      |  -        | nat>srv
  0.0019 < SA*     |  -        | srv>nat
  0.0020 > A*      |  -        | nat>srv
`;

describe('a SYN proxy', () => {
  it('shifts what the server sends and what the client acknowledges; its two handshakes are not one', async () => {
    const view = await analyse(
      'shift right right sequence -70000\n shift right right stamps +9999',
      PROXIED,
      EXCHANGE,
    );
    expect(view.connections).toHaveLength(1);
    expect(shiftsOf(view)).toEqual({
      '> tcp.ack_raw': [-70_000],
      '< tcp.seq_raw': [70_000],
      '> tcp.options.timestamp.tsecr': [9999],
      '< tcp.options.timestamp.tsval': [-9999],
    });
    expect(journeysOf(view).slice(0, 6)).toEqual([
      'left#1 delivered',
      'left#2 delivered',
      'left#3 delivered',
      'right#1 delivered',
      'right#2 delivered',
      'right#3 delivered',
    ]);
    const { journeys } = view.journeysOf([0], 1);
    expect(FATE_REASONS[journeys.reason[0]]).toBe('answered-on-the-way');
    expect(view.connections[0]).toMatchObject({
      lost: 0,
      missed: 0,
      unknown: 0,
      retransmissions: 0,
    });
  });
});

describe('several connections', () => {
  it('each has its own shift', async () => {
    const other = EXCHANGE.replaceAll('> P', '> b:P').replaceAll('< P', '< b:P');
    const second = HANDSHAKE.replace(/time.*\n/, '') + other;
    const text = [HANDSHAKE, EXCHANGE].join('\n');
    const right = second
      .replaceAll(/([<>]) (?:b:)?([SAPF])/g, '$1 b:$2')
      .replaceAll('cli', 'cl2')
      .replaceAll('nat', 'na2')
      .replaceAll('/100 ', '/101 ');
    const view = await analyse('shift right right sequence +5000', text, right);
    expect(view.connections).toHaveLength(2);
    expect(view.connections.map(({ journeys, delivered }) => [journeys, delivered])).toEqual([
      [13, 13],
      [13, 13],
    ]);
  });

  it('that say the same at the same time stay apart where nothing tells which is which', async () => {
    // Two health checks of one client, byte for byte alike; the second was seen at the left alone.
    const twin = HANDSHAKE.replace(/time.*\n/, '') + EXCHANGE;
    const left = twin
      .replaceAll(/([<>]) ([SAPF])/g, '$1 b:$2')
      .replaceAll('cli', 'cl2')
      .replaceAll('nat>srv', '-')
      .replaceAll('srv>nat', '-');
    const view = await analyse('shift right right sequence +5000', HANDSHAKE, EXCHANGE, left);
    expect(view.connections.map(({ points }) => points.length).sort()).toEqual([1, 2]);
  });
});

describe('both sides of a proxy, which has timestamps and IP IDs of its own, are two connections', () => {
  const rows = HANDSHAKE.replace(/time.*\n/, '') + EXCHANGE;
  const side = (connection: string, lane: 'left' | 'right'): string =>
    rows
      .replaceAll(/([<>]) ([SAPF])/g, `$1 ${connection}:$2`)
      .replaceAll(lane === 'left' ? /nat>srv|srv>nat/g : /cli>srv|srv>cli/g, '-');

  it('though every length and distance is alike', async () => {
    const view = await analyse('time packet | left | right', side('a', 'left'), side('b', 'right'));
    expect(view.connections.map(({ points }) => points.length)).toEqual([1, 1]);
  });

  it('though it keeps the client’s address and port', async () => {
    const behind = side('b', 'right').replaceAll('nat', 'cli');
    const view = await analyse('time packet | left | right', side('a', 'left'), behind);
    expect(view.connections.map(({ points }) => points.length)).toEqual([1, 1]);
  });
});

it('traffic without payload is never joined by a shift', async () => {
  const random = seededRandom(7);
  const rows = Array.from({ length: 40 }, (_, index) => {
    const name = String.fromCharCode(97 + (index % 20));
    const way = random() < 0.5 ? '>' : '<';
    const [left, right] = index % 2 === 0 ? ['cli>srv', '-'] : ['-', 'nat>srv'];
    return `${(index * 0.01).toFixed(3)} ${way} ${name}:A seq=${Math.floor(random() * 2 ** 32)} ack=${Math.floor(random() * 2 ** 32)} | ${way === '>' ? left : left.split('>').reverse().join('>')} | ${way === '>' ? right : right.split('>').reverse().join('>')}`;
  });
  const view = await analyse('time packet | left | right', ...rows);
  expect(view.connections.length).toBeGreaterThan(1);
  expect(view.connections.every(({ points }) => points.length === 1)).toBe(true);
});
