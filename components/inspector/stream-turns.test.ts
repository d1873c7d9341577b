import { describe, expect, it } from 'vitest';
import type { StreamRun } from '@/lib/store/workspace-state';
import { buildTurns, printHex, printText } from './stream-turns';

const run = (direction: 0 | 1, text: string, more: Partial<StreamRun> = {}): StreamRun => ({
  direction,
  file: 'a.pcap',
  frame: 1,
  time: 0,
  offset: 0,
  gap: 0,
  bytes: new TextEncoder().encode(text),
  lacking: 0,
  records: [],
  ...more,
});

const draw = (runs: readonly StreamRun[]) =>
  buildTurns(runs).map(({ direction, bytes, gap }) =>
    [direction === 0 ? '>' : '<', gap > 0 ? `?${gap}` : '', printText(bytes)].join(''),
  );

describe('buildTurns', () => {
  it('joins what one side says until the other speaks', () => {
    expect(draw([run(0, 'GET '), run(0, '/'), run(1, '200'), run(0, 'bye')])).toEqual([
      '>GET /',
      '<200',
      '>bye',
    ]);
  });

  it('parts where bytes are lacking', () => {
    expect(draw([run(1, 'a', { lacking: 9 }), run(1, 'b'), run(1, 'c', { gap: 5 })])).toEqual([
      '<a',
      '<b',
      '<?5c',
    ]);
  });
});

describe('printing', () => {
  it('keeps text and line ends, and shows nothing that could turn the page round', () => {
    const bytes = new TextEncoder().encode('añ\r\nb\u0000\u202ec\td');
    expect(printText(bytes)).toBe('añ\nb··c\td');
    expect(printText(Uint8Array.of(0xff, 0x41))).toBe('·A');
  });

  it('writes bytes in rows', () => {
    expect(printHex(new TextEncoder().encode('GET /\n'), 4)).toBe(
      '47 45 54 20  GET \n2f 0a        /·',
    );
  });
});
