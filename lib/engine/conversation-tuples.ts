// Tuples of frames whose conversation is told by more than their own header: written over those of the parser when a block is taken in.
// A later IP fragment belongs to its datagram's conversation, an ICMP error to the one it complains of.
import { NO_TUPLE, type PacketColumns } from '../model/packet-columns';
import { STATUS_LATER_FRAGMENT } from '../model/packet-status';
import { FIRST_QUOTE_PORT } from '../model/protocols';
import { SPARSE_TABLES, type SparseRows } from '../model/sparse-tables';
import type { TupleTable } from '../model/tuple-table';

const FRAGMENT_STRIDE = SPARSE_TABLES.fragments.columns.length;
const FRAGMENT_TUPLE = SPARSE_TABLES.fragments.columns.indexOf('tuple');
const QUOTE_STRIDE = SPARSE_TABLES.quotes.columns.length;
const QUOTE_TUPLE = SPARSE_TABLES.quotes.columns.indexOf('tuple');

/** `tuple` and the sparse rows have the analysis' numbers already. */
export function writeConversationTuples(
  { tuple, status }: PacketColumns,
  { fragments, quotes }: SparseRows,
  tuples: TupleTable,
): void {
  for (let at = 0; at < fragments.length; at += FRAGMENT_STRIDE) {
    const [row, whole] = [fragments[at], fragments[at + FRAGMENT_TUPLE]];
    if (status[row] & STATUS_LATER_FRAGMENT && whole !== NO_TUPLE) tuple[row] = whole;
  }
  for (let at = 0; at < quotes.length; at += QUOTE_STRIDE) {
    const [row, quoted] = [quotes[at], quotes[at + QUOTE_TUPLE]];
    if (tuple[row] !== NO_TUPLE && quoted !== NO_TUPLE)
      tuple[row] = tupleOfError(tuples, tuple[row], quoted);
  }
}

/** Errors between two hosts are as many conversations as they quote: each has a port of its own, above those that packets carry. */
function tupleOfError(tuples: TupleTable, directed: number, quoted: number): number {
  const forward = directed & ~1;
  const port = FIRST_QUOTE_PORT + (quoted >>> 1);
  const tuple = tuples.internTuple(
    tuples.protocol(forward),
    tuples.sourceAddress(forward),
    port,
    tuples.destinationAddress(forward),
    port,
  );
  return tuple * 2 + (directed & 1);
}
