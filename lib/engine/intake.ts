// A capture while it is read: takes blocks as parsers send them and writes the analysis' own numbers over the parser's.

import type { LinkContext } from '../model/capture';
import { NO_TUPLE, viewPacketColumns } from '../model/packet-columns';
import { PacketTable } from '../model/packet-table';
import { ADDRESS_STRIDE, type ParsedBlock, TUPLE_STRIDE } from '../model/parsed-block';
import { renumberTuples } from '../model/sparse-tables';
import type { TupleTable } from '../model/tuple-table';
import { writeConversationTuples } from './conversation-tuples';

export class CaptureIntake {
  readonly table = new PacketTable();
  readonly links: LinkContext[] = [];
  /** The analysis' number of each address and tuple that the parser interned. */
  private readonly addresses: number[] = [];
  private readonly tupleNumbers: number[] = [];

  constructor(private readonly tuples: TupleTable) {}

  /** Takes a block; its buffer belongs to the table from here on. */
  take(block: ParsedBlock): void {
    for (let at = 0; at < block.addresses.length; at += ADDRESS_STRIDE)
      this.addresses.push(
        this.tuples.internAddress(block.addresses.subarray(at, at + ADDRESS_STRIDE)),
      );
    for (let at = 0; at < block.tuples.length; at += TUPLE_STRIDE) {
      const [protocol, first, firstPort, second, secondPort] = block.tuples.subarray(
        at,
        at + TUPLE_STRIDE,
      );
      this.tupleNumbers.push(
        this.tuples.internTuple(
          protocol,
          this.addresses[first],
          firstPort,
          this.addresses[second],
          secondPort,
        ),
      );
    }
    this.links.push(...block.links);
    const columns = viewPacketColumns(block.buffer);
    const { tuple } = columns;
    const renumber = (own: number): number =>
      own === NO_TUPLE ? NO_TUPLE : this.tupleNumbers[own >>> 1] * 2 + (own & 1);
    for (let row = 0; row < block.rows; row += 1) tuple[row] = renumber(tuple[row]);
    renumberTuples(block.sparse, renumber);
    writeConversationTuples(columns, block.sparse, this.tuples);
    this.table.take(block);
  }
}
