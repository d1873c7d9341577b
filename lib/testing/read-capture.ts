// A capture read whole, for tests: its blocks held as the engine holds them, with tuples as text.
import type { Result } from '../base/result';
import { parseCapture } from '../engine/parse-capture';
import type { CaptureSummary, CaptureWarning, LinkContext } from '../model/capture';
import { PacketTable } from '../model/packet-table';
import { ADDRESS_STRIDE, type ParsedBlock, TUPLE_STRIDE } from '../model/parsed-block';
import { type ByteSource, memorySource } from '../read/byte-source';
import { formatAddress } from '../wire/address-text';

export interface ReadTuple {
  readonly protocol: number;
  readonly first: string;
  readonly firstPort: number;
  readonly second: string;
  readonly secondPort: number;
}

export interface CaptureRead {
  readonly result: Result<CaptureSummary, CaptureWarning>;
  readonly table: PacketTable;
  readonly links: readonly LinkContext[];
  readonly tuples: readonly ReadTuple[];
  readonly blocks: readonly ParsedBlock[];
}

/** Reads bytes or a source; nothing is interned anew, so `tuple` columns index `tuples`. */
export async function readCapture(
  input: Uint8Array | ByteSource,
  name = 'test.pcap',
): Promise<CaptureRead> {
  const source = input instanceof Uint8Array ? memorySource(input, name) : input;
  const table = new PacketTable();
  const links: LinkContext[] = [];
  const blocks: ParsedBlock[] = [];
  const addresses: string[] = [];
  const tuples: ReadTuple[] = [];
  const result = await parseCapture(source, {
    block(block) {
      blocks.push(block);
      table.take(block);
      links.push(...block.links);
      for (let at = 0; at < block.addresses.length; at += ADDRESS_STRIDE)
        addresses.push(formatAddress(block.addresses, at + 1, block.addresses[at]));
      for (let at = 0; at < block.tuples.length; at += TUPLE_STRIDE) {
        const [protocol, first, firstPort, second, secondPort] = block.tuples.subarray(at);
        tuples.push({
          protocol,
          first: addresses[first],
          firstPort,
          second: addresses[second],
          secondPort,
        });
      }
    },
    progress() {},
  });
  return { result, table, links, tuples, blocks };
}

/** The summary of a capture that was read. */
export function summaryOf({ result }: CaptureRead): CaptureSummary {
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

/** Source and destination of a row, `10.0.0.1:80 > 10.0.0.2:90`; empty where it has no tuple. */
export const tupleText = (capture: CaptureRead, row: number): string =>
  tupleOf(capture, capture.table.get('tuple', row));

/** The same of a directed tuple's number, as the sparse tables have it too. */
export function tupleOf({ tuples }: CaptureRead, directed: number): string {
  const tuple = tuples[directed >>> 1];
  if (tuple === undefined) return '';
  const ends = [`${tuple.first}:${tuple.firstPort}`, `${tuple.second}:${tuple.secondPort}`];
  return (directed & 1 ? ends.reverse() : ends).join(' > ');
}
