import { describe, expect, it } from 'vitest';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import type { RandomSegment } from '../testing/random-segments';
import { buildSegmentTable } from '../testing/segment-table';
import { findAcknowledgedRows } from './acknowledged-segments';

type Told = readonly [
  fromClient: boolean,
  sequence: number,
  length: number,
  acknowledgement: number,
  flags?: number,
];

/** Frame whose segment each frame acknowledges, counted from 1; 0: none. */
function acknowledged(...segments: readonly Told[]): number[] {
  const { table } = buildSegmentTable(
    segments.map(
      ([fromClient, sequence, length, acknowledgement, flags = TCP_ACK], row): RandomSegment => ({
        time: row,
        conversation: 0,
        fromClient,
        sequence: sequence >>> 0,
        acknowledgement,
        flags,
        window: 1000,
        length,
        windowScale: null,
      }),
    ),
  );
  return Array.from(
    findAcknowledgedRows(table, () => 0, 1),
    (sent, row) => (sent === row ? 0 : sent + 1),
  );
}

describe('findAcknowledgedRows', () => {
  it('pairs SYN, data and FIN with what acknowledges them to the byte, once', () => {
    expect(
      acknowledged(
        [true, 99, 0, 0, TCP_SYN],
        [false, 499, 0, 100, TCP_SYN | TCP_ACK],
        [true, 100, 10, 500],
        [false, 500, 0, 110],
        [false, 500, 0, 110],
        [true, 110, 0, 500, TCP_FIN | TCP_ACK],
        [false, 500, 0, 111],
      ),
    ).toEqual([0, 1, 2, 3, 0, 0, 6]);
  });

  it('takes the last of the segments that one acknowledgement covers, and none that ends elsewhere', () => {
    expect(
      acknowledged(
        [true, 0, 10, 1],
        [true, 10, 10, 1],
        [false, 1, 0, 20],
        [true, 20, 10, 1],
        [false, 1, 0, 25],
      ),
    ).toEqual([0, 0, 2, 0, 0]);
  });

  it('takes the first of those that were sent again, over the wrap of sequence numbers too', () => {
    expect(
      acknowledged([true, -5, 10, 1], [true, 5, 1, 1], [true, -5, 10, 1], [false, 1, 0, 5]),
    ).toEqual([0, 0, 0, 1]);
  });

  it('forgets what waits at a reset without acknowledgement, as Wireshark does', () => {
    expect(
      acknowledged([true, -20, 10, 1], [false, 1, 0, 0, TCP_RST], [false, 1, 0, 4294967286]),
    ).toEqual([0, 0, 0]);
  });
});
