// Which segment of its peer a segment acknowledges to the byte, as Wireshark 4.0 finds it (`tcp.analysis.acks_frame`, `tcp.analysis.ack_rtt`). Made when a filter
// asks for it; held against tshark in lib/engine/tshark-filters.test.ts.
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import type { PacketTable } from '../model/packet-table';
import { TCP_FIN, TCP_SYN } from '../model/tcp-flags';

const NONE = 0xffffffff;
/** Segments of one direction that wait for their acknowledgement at once; later ones are not looked at. */
const MOST_WAITING = 10_000;

/** By row of the table: the row whose end it acknowledges; its own row: none. Where the peer sent the same end several times, the first counts. */
export function findAcknowledgedRows(
  table: PacketTable,
  streamOf: (row: number) => number | undefined,
  streams: number,
): Uint32Array {
  const { rows } = table;
  const acknowledged = new Uint32Array(rows);
  // Segments that wait, a list a direction of each stream, the latest first.
  const heads = new Uint32Array(2 * streams).fill(NONE);
  const waiting = new Uint32Array(2 * streams);
  const older = new Uint32Array(rows);
  const end = new Uint32Array(rows);

  for (let row = 0; row < rows; row++) {
    acknowledged[row] = row;
    const stream = streamOf(row);
    if (stream === undefined) continue;
    const columns = table.columnsOf(row);
    const at = table.indexInBlock(row);
    const flags = columns.flags[at];
    const own = 2 * stream + (columns.tuple[at] & 1);
    const length = table.payloadLength(row) + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
    if (length > 0 && waiting[own] < MOST_WAITING) {
      end[row] = sequenceAdd(columns.sequence[at], length);
      older[row] = heads[own];
      heads[own] = row;
      waiting[own] += 1;
    }
    // Without the flag the field is 0, and Wireshark takes that for an acknowledgement all the same: a reset makes it forget what waits.
    const acknowledgement = columns.acknowledgement[at];
    const peer = own ^ 1;
    let newer = NONE;
    for (let other = heads[peer]; other !== NONE; ) {
      const next = older[other];
      const ahead = sequenceDifference(end[other], acknowledgement);
      if (ahead > 0) {
        newer = other;
      } else {
        if (ahead === 0) acknowledged[row] = other;
        if (newer === NONE) heads[peer] = next;
        else older[newer] = next;
        waiting[peer] -= 1;
      }
      other = next;
    }
  }
  return acknowledged;
}
