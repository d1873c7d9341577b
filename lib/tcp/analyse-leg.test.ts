import { describe, expect, it } from 'vitest';
import { TCP_ANALYSIS } from '../model/tcp-analysis';
import { TCP_ACK, TCP_PSH, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import { type RandomSegment, randomSegments } from '../testing/random-segments';
import { RECORDED_SEGMENTS } from '../testing/random-segments-capture';
import { buildSegmentTable } from '../testing/segment-table';
import { formatTcpAnalysis, readTcpAnalysisRecording } from '../testing/tcp-analysis-recording';
import { analyseLeg } from './analyse-leg';

const MILLISECOND = 1_000_000;

interface Line {
  readonly ms: number;
  readonly from: 'client' | 'server';
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly length?: number;
  readonly flags?: number;
  readonly window?: number;
}

function analyse(lines: readonly Line[]): string[] {
  const segments = lines.map(
    (line): RandomSegment => ({
      time: line.ms * MILLISECOND,
      conversation: 0,
      fromClient: line.from === 'client',
      sequence: line.sequence,
      acknowledgement: line.acknowledgement,
      flags: line.flags ?? TCP_ACK,
      window: line.window ?? 500,
      length: line.length ?? 0,
      windowScale: 0,
    }),
  );
  const { table, legs } = buildSegmentTable(segments);
  analyseLeg(table, legs[0]);
  return segments.map((_, row) => formatTcpAnalysis(table.get('analysis', row)));
}

const handshake: readonly Line[] = [
  { ms: 0, from: 'client', sequence: 999, acknowledgement: 0, flags: TCP_SYN },
  { ms: 1, from: 'server', sequence: 4999, acknowledgement: 1000, flags: TCP_SYN | TCP_ACK },
  { ms: 2, from: 'client', sequence: 1000, acknowledgement: 5000 },
];
const data = (ms: number, sequence: number, length = 100): Line => ({
  ms,
  from: 'client',
  sequence,
  acknowledgement: 5000,
  length,
  flags: TCP_ACK | TCP_PSH,
});
const ack = (ms: number, acknowledgement: number): Line => ({
  ms,
  from: 'server',
  sequence: 5000,
  acknowledgement,
});

describe('analyseLeg', () => {
  it('agrees with tshark 4.0.17 over random conversations, every flag among them', () => {
    const recording = readTcpAnalysisRecording(
      new URL('../../e2e/captures/random-segments/seed-1.tcp-analysis.tsv.gz', import.meta.url),
    );
    const { seed, conversations, segments: most } = RECORDED_SEGMENTS;
    const segments = randomSegments(seed, conversations, most);
    const { table, legs } = buildSegmentTable(segments);
    for (const leg of legs) analyseLeg(table, leg);
    const own = segments.map((_, row) => formatTcpAnalysis(table.get('analysis', row)));
    expect(own).toEqual(recording.map((row) => row.analysis));
    const seen = new Set(own.flatMap((text) => text.split(',')));
    expect(seen.size).toBe(Object.keys(TCP_ANALYSIS).length + 1);
  });

  it('takes the third duplicate acknowledgement at its word for 20 ms', () => {
    const start = [...handshake, data(10, 1000), data(10, 1100), ...[11, 12, 13].map(asks)];
    function asks(ms: number): Line {
      return ack(ms, 1000);
    }
    expect(analyse([...start, data(18, 1000)]).at(-1)).toBe('retransmission,fast_retransmission');
    expect(analyse([...start, data(38, 1000)]).at(-1)).toBe('retransmission');
  });

  it('calls an early repeat reordered only within the round-trip time of the handshake', () => {
    const start = [...handshake, data(10, 1000), data(10, 1200)];
    expect(analyse([...start, data(11, 1100)]).slice(-2)).toEqual(['lost_segment', 'out_of_order']);
    expect(analyse([...start, data(13, 1100)]).at(-1)).toBe('retransmission');
  });

  it('calls a repeat that the file dates before what it repeats no reordering', () => {
    const start = [...handshake, data(1000, 1000), data(1000, 1200)];
    expect(analyse([...start, data(900, 1100)]).at(-1)).toBe('retransmission');
  });

  it('takes a SYN-ACK with other numbers than a reset before it for new, and not when it is sent again', () => {
    const [syn, synAck] = handshake;
    const reset: Line = { ...synAck, ms: 1, flags: TCP_RST | TCP_ACK, sequence: 0 };
    const later = (ms: number): Line => ({ ...synAck, ms });
    expect(analyse([syn, reset, { ...syn, ms: 1000 }, later(1001), later(1002)]).slice(-2)).toEqual(
      ['reused_ports', 'retransmission'],
    );
  });

  it('begins anew on ports used again and knows a SYN sent again', () => {
    const again = (ms: number, sequence: number): Line => ({ ...handshake[0], ms, sequence });
    expect(analyse([...handshake, again(3000, 999)]).at(-1)).toBe('retransmission');
    expect(analyse([...handshake, again(3000, 70_000)]).at(-1)).toBe('reused_ports');
  });

  it('stays right where sequence numbers wrap', () => {
    const wrapped = [
      data(10, 0xffff_ffce, 100),
      data(11, 50, 100),
      data(12, 250, 100),
      data(40, 0xffff_ffce, 100),
    ];
    expect(analyse(wrapped)).toEqual(['', '', 'lost_segment', 'retransmission']);
  });
});
