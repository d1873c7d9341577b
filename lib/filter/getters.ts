// What the packet fields are made of: tests that the columns answer, and getters of columns, headers and protocols.
import type { PacketColumns } from '../model/packet-columns';
import { NO_TUPLE } from '../model/packet-columns';
import {
  STATUS_IPV4,
  STATUS_IPV6,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
} from '../model/packet-status';
import {
  PROTOCOL_ARP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from '../model/protocols';
import { type Field, type FieldKind, type Getter, UNREAD } from './field';
import type { FilterSubject } from './subject';

export const NANOSECONDS = 1e9;
const SCTP = 132;

export const column =
  (name: keyof PacketColumns): Getter =>
  ({ columns, index }) =>
    columns[name][index];

export const has = ({ columns, index }: FilterSubject, bits: number): boolean =>
  (columns.status[index] & bits) !== 0;

export const protocolOf = ({ columns, index, tuples }: FilterSubject): number => {
  const tuple = columns.tuple[index];
  return tuple === NO_TUPLE ? -1 : tuples.protocol(tuple);
};

export type Test = (subject: FilterSubject) => boolean;

export const when =
  (test: Test, getter: Getter): Getter =>
  (subject) =>
    test(subject) ? getter(subject) : undefined;

export const isTcp: Test = (subject) =>
  protocolOf(subject) === PROTOCOL_TCP && has(subject, STATUS_TRANSPORT);
export const isUdp: Test = (subject) =>
  protocolOf(subject) === PROTOCOL_UDP && has(subject, STATUS_TRANSPORT);
export const isIpv4: Test = (subject) => has(subject, STATUS_IPV4);
export const isIpv6: Test = (subject) => has(subject, STATUS_IPV6);
export const isIcmp: Test = (subject) => protocolOf(subject) === PROTOCOL_ICMP;
export const isIcmpv6: Test = (subject) => protocolOf(subject) === PROTOCOL_ICMPV6;
export const isArp: Test = (subject) => protocolOf(subject) === PROTOCOL_ARP;
export const isSctp: Test = (subject) => protocolOf(subject) === SCTP;
export const hasTimestamps: Test = (subject) => isTcp(subject) && has(subject, STATUS_TIMESTAMPS);
export const isDns: Test = (subject) => {
  const { columns, index, tuples, table, row } = subject;
  const tuple = columns.tuple[index];
  return (
    (isUdp(subject) || (isTcp(subject) && table.payloadLength(row) > 0)) &&
    (tuples.sourcePort(tuple) === 53 || tuples.destinationPort(tuple) === 53)
  );
};

export const present = (test: Test): Getter => when(test, () => 1);
export const sourceAddress: Getter = ({ columns, index, tuples }) =>
  tuples.sourceAddress(columns.tuple[index]);
export const destinationAddress: Getter = ({ columns, index, tuples }) =>
  tuples.destinationAddress(columns.tuple[index]);
export const sourcePort: Getter = ({ columns, index, tuples }) =>
  tuples.sourcePort(columns.tuple[index]);
export const destinationPort: Getter = ({ columns, index, tuples }) =>
  tuples.destinationPort(columns.tuple[index]);

export const field = (
  name: string,
  kind: FieldKind,
  label: string,
  ...getters: readonly Getter[]
): Field => ({ name, kind, label, getters });

/** A protocol: there or not; its bytes from the innermost header of this name on. */
export const protocol = (
  name: 'eth' | 'ip' | 'ipv6' | 'tcp' | 'udp' | 'icmp' | 'icmpv6',
  label: string,
  test: Test,
): Field => ({
  ...field(name, 'presence', label, present(test)),
  bytes: when(test, ({ bytes, layers }) => {
    if (bytes === null || layers === null) return UNREAD;
    const layer = layers.findLast((one) => one.name === name);
    return layer === undefined ? undefined : bytes.subarray(layer.start);
  }),
});
