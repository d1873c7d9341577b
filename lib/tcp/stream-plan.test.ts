import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TCP_ACK, TCP_SYN } from '../model/tcp-flags';
import { planDatagrams, planStream, type StreamSegments } from './stream-plan';

interface Line {
  readonly from?: 'server';
  readonly seq: number;
  readonly len?: number;
  readonly ack?: number;
  readonly syn?: true;
}

const segments = (lines: readonly Line[]): StreamSegments => ({
  count: lines.length,
  direction: Uint8Array.from(lines, ({ from }) => (from === 'server' ? 1 : 0)),
  sequence: Uint32Array.from(lines, ({ seq }) => seq >>> 0),
  length: Uint32Array.from(lines, ({ len = 0 }) => len),
  acknowledgement: Uint32Array.from(lines, ({ ack = 0 }) => ack >>> 0),
  flags: Uint16Array.from(
    lines,
    ({ ack, syn }) => (syn ? TCP_SYN : 0) | (ack === undefined ? 0 : TCP_ACK),
  ),
});

/** `0:+0×100` = segment 0, none of its bytes known before, 100 taken; `?50` before it: 50 bytes lacking. */
const draw = (lines: readonly Line[]): string[] => {
  const plan = planStream(segments(lines));
  return Array.from({ length: plan.count }, (_, k) =>
    [
      plan.gap[k] > 0 ? `?${plan.gap[k]} ` : '',
      `${plan.segment[k]}:+${plan.skip[k]}×${plan.length[k]}`,
    ].join(''),
  );
};

describe('planStream', () => {
  it('takes each byte once: a retransmission, cut anew, brings only what is new', () => {
    expect(
      draw([
        { seq: 99, syn: true },
        { seq: 100, len: 100 },
        { seq: 100, len: 100 },
        { seq: 150, len: 100 },
      ]),
    ).toEqual(['1:+0×100', '3:+50×50']);
  });

  it('puts what overtook behind what it overtook', () => {
    expect(
      draw([
        { seq: 0, len: 10 },
        { seq: 20, len: 10 },
        { seq: 30, len: 10 },
        { seq: 10, len: 10 },
      ]),
    ).toEqual(['0:+0×10', '3:+0×10', '1:+0×10', '2:+0×10']);
  });

  it('passes over a hole that the peer acknowledged, and says how many bytes are lacking', () => {
    expect(
      draw([
        { seq: 0, len: 10, ack: 500 },
        { seq: 60, len: 10, ack: 500 },
        { from: 'server', seq: 500, len: 5, ack: 70 },
      ]),
    ).toEqual(['0:+0×10', '?50 1:+0×10', '2:+0×5']);
  });

  it('waits for the end where nobody acknowledged', () => {
    expect(
      draw([
        { seq: 0, len: 10 },
        { seq: 60, len: 10 },
        { from: 'server', seq: 500, len: 5, ack: 10 },
      ]),
    ).toEqual(['0:+0×10', '2:+0×5', '?50 1:+0×10']);
  });

  it('leaves out a keep-alive and a foreign sequence number', () => {
    expect(
      draw([
        { seq: 0, len: 10 },
        { seq: 9, len: 1 },
        { seq: 2_000_000_000, len: 7 },
        { seq: 10, len: 1 },
      ]),
    ).toEqual(['0:+0×10', '3:+0×1']);
  });

  it('gives back any stream, in whatever pieces, order and number of copies it came', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 60 })), { maxLength: 60 }),
        (base, drawn) => {
          const lines: Line[] = [{ seq: base - 1, syn: true }];
          for (const [at, len] of drawn) lines.push({ seq: base + at, len });
          const plan = planStream(segments(lines));
          const sent = new Set<number>();
          for (const [at, len] of drawn) for (let k = 0; k < len; k += 1) sent.add(at + k);
          const got: number[] = [];
          for (let k = 0; k < plan.count; k += 1) {
            const start = (lines[plan.segment[k]].seq - base + plan.skip[k]) | 0;
            expect(start).toBe(plan.offset[k]);
            for (let byte = 0; byte < plan.length[k]; byte += 1) got.push(start + byte);
          }
          expect(got).toEqual([...sent].sort((a, b) => a - b));
          expect(plan.bytes[0]).toBe(sent.size);
        },
      ),
    );
  });
});

describe('planDatagrams', () => {
  it('takes each payload as it came', () => {
    const plan = planDatagrams(segments([{ seq: 7, len: 30 }, { seq: 7 }, { seq: 7, len: 30 }]));
    expect([...plan.segment]).toEqual([0, 2]);
    expect([...plan.offset]).toEqual([0, 30]);
  });
});
