// Links without addresses: BSD loopback (NULL in the writer's byte order, LOOP in network order) and raw IP.
import { STATUS_MALFORMED } from '../model/packet-status';
import { uint32 } from './bytes';
import { type DecodedFrame, NEXT_IPV4, NEXT_IPV6, NEXT_NONE, NEXT_PAYLOAD } from './decoded-frame';

import { type DescribeLayer, describeFields, type FieldSpec, makeLayer } from './field';

export const LOOPBACK_BYTES = 4;

/** Address family by number: AF_INET is 2 everywhere, AF_INET6 differs between systems. */
const nextOfFamily = (family: number): number => {
  switch (family) {
    case 2:
      return NEXT_IPV4;
    case 10:
    case 24:
    case 28:
    case 30:
      return NEXT_IPV6;
    default:
      return NEXT_PAYLOAD;
  }
};

/** The family in either byte order: whichever is small is meant. */
export const loopbackFamily = (bytes: Uint8Array, at: number): number => {
  const big = uint32(bytes, at);
  return big > 0xffff ? bytes[at] | (bytes[at + 1] << 8) : big;
};

export function decodeLoopback(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < LOOPBACK_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.position = at + LOOPBACK_BYTES;
  return nextOfFamily(loopbackFamily(bytes, at));
}

/** Raw IP: the version stands in the first half byte. */
export function decodeRaw(bytes: Uint8Array, frame: DecodedFrame): number {
  if (frame.end <= frame.position) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  switch (bytes[frame.position] >>> 4) {
    case 4:
      return NEXT_IPV4;
    case 6:
      return NEXT_IPV6;
    default:
      return NEXT_PAYLOAD;
  }
}

const LOOPBACK_FIELDS: readonly FieldSpec[] = [
  {
    name: 'null.type',
    label: 'Address family',
    at: 0,
    length: LOOPBACK_BYTES,
    value: (bytes, at) => `${loopbackFamily(bytes, at)}`,
  },
];

export const describeLoopback: DescribeLayer = (context) =>
  makeLayer(context, {
    name: 'null',
    title: 'Loopback',
    summary:
      context.end - context.start >= LOOPBACK_BYTES
        ? `address family ${loopbackFamily(context.bytes, context.start)}`
        : 'cut',
    fields: describeFields(context, LOOPBACK_FIELDS),
    layerEnd: context.start + LOOPBACK_BYTES,
  });
