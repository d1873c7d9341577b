// Interned addresses and tuples of the whole analysis: numbers in the columns, text only where a person reads it.
import ipaddr from 'ipaddr.js';
import { ADDRESS_STRIDE, TUPLE_STRIDE } from './parsed-block';
import { hasPorts } from './protocols';

/** `10.0.0.1`, `fd00::1` (RFC 5952) of an entry of ADDRESS_STRIDE bytes. */
const formatAddressBytes = (entry: Uint8Array): string =>
  ipaddr.fromByteArray(Array.from(entry.subarray(1, entry[0] === 4 ? 5 : 17))).toString();

/** Endpoint as the contract writes it: `10.0.0.1:80`, `[fd00::1]:80`, the address alone where the protocol has no ports. */
export const formatEndpoint = (address: string, port: number, protocol: number): string =>
  !hasPorts(protocol)
    ? address
    : address.includes(':')
      ? `[${address}]:${port}`
      : `${address}:${port}`;

/** All of a table, to number the same addresses and tuples the same way again. */
export interface TupleRows {
  readonly addresses: readonly string[];
  /** TUPLE_STRIDE a tuple, as internTuple takes them. */
  readonly rows: Float64Array;
}

/** Addresses and undirected tuples of all captures. Ends of a tuple are ordered by address bytes, then port, so both directions share one row. */
export class TupleTable {
  private readonly addressText: string[] = [];
  private readonly addressIndex = new Map<string, number>();
  private readonly tupleIndex = new Map<string, number>();
  /** Flat rows of TUPLE_STRIDE numbers. */
  private readonly rows: number[] = [];

  get count(): number {
    return this.rows.length / TUPLE_STRIDE;
  }

  /** Number of an address entry of ADDRESS_STRIDE bytes. */
  internAddress(entry: Uint8Array): number {
    return this.internName(formatAddressBytes(entry.subarray(0, ADDRESS_STRIDE)));
  }

  rowsOf(): TupleRows {
    return { addresses: this.addressText, rows: Float64Array.from(this.rows) };
  }

  /** Into an empty table. */
  restore({ addresses, rows }: TupleRows): void {
    for (const address of addresses) this.internName(address);
    for (let at = 0; at < rows.length; at += TUPLE_STRIDE)
      this.internTuple(rows[at], rows[at + 1], rows[at + 2], rows[at + 3], rows[at + 4]);
  }

  private internName(text: string): number {
    let index = this.addressIndex.get(text);
    if (index === undefined) {
      index = this.addressText.length;
      this.addressText.push(text);
      this.addressIndex.set(text, index);
    }
    return index;
  }

  /** Number of an undirected tuple. Addresses are numbers of this table; the ends keep the order given. */
  internTuple(
    protocol: number,
    firstAddress: number,
    firstPort: number,
    secondAddress: number,
    secondPort: number,
  ): number {
    const key = `${protocol},${firstAddress},${firstPort},${secondAddress},${secondPort}`;
    let index = this.tupleIndex.get(key);
    if (index === undefined) {
      index = this.count;
      this.rows.push(protocol, firstAddress, firstPort, secondAddress, secondPort);
      this.tupleIndex.set(key, index);
    }
    return index;
  }

  protocol(tuple: number): number {
    return this.rows[(tuple >>> 1) * TUPLE_STRIDE];
  }

  /** Number of the address a directed tuple comes from. */
  sourceAddress(tuple: number): number {
    return this.rows[(tuple >>> 1) * TUPLE_STRIDE + (tuple & 1 ? 3 : 1)];
  }

  sourcePort(tuple: number): number {
    return this.rows[(tuple >>> 1) * TUPLE_STRIDE + (tuple & 1 ? 4 : 2)];
  }

  destinationAddress(tuple: number): number {
    return this.sourceAddress(tuple ^ 1);
  }

  destinationPort(tuple: number): number {
    return this.sourcePort(tuple ^ 1);
  }

  addressName(address: number): string {
    return this.addressText[address];
  }

  /** The end a directed tuple comes from, as the contract writes it. */
  source(tuple: number): string {
    return formatEndpoint(
      this.addressName(this.sourceAddress(tuple)),
      this.sourcePort(tuple),
      this.protocol(tuple),
    );
  }

  destination(tuple: number): string {
    return this.source(tuple ^ 1);
  }
}
