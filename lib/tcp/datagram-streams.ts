// UDP streams of a capture as Wireshark counts them: a number for each pair of endpoints, from 0 in the order of their first datagrams. Made when a filter asks for them.
import { NO_TUPLE } from '../model/packet-columns';
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import type { PacketTable } from '../model/packet-table';
import { PROTOCOL_UDP } from '../model/protocols';
import type { TupleTable } from '../model/tuple-table';

/** By tuple (without its direction): the stream's number. */
export function numberDatagramStreams(
  table: PacketTable,
  tuples: TupleTable,
): ReadonlyMap<number, number> {
  const streams = new Map<number, number>();
  for (let row = 0; row < table.rows; row += 1) {
    const columns = table.columnsOf(row);
    const at = table.indexInBlock(row);
    const directed = columns.tuple[at];
    const status = columns.status[at];
    if (directed === NO_TUPLE || !(status & STATUS_TRANSPORT) || status & STATUS_FRAGMENT) continue;
    if (tuples.protocol(directed) !== PROTOCOL_UDP || streams.has(directed >>> 1)) continue;
    streams.set(directed >>> 1, streams.size);
  }
  return streams;
}
