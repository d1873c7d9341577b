// The tag of Arista's switches with the time at which they mirrored a frame (EtherType 0xd28b, subtype 1), between the MACs and the type.
import { STATUS_MALFORMED } from '../model/packet-status';
import { uint16 } from './bytes';
import { type DecodedFrame, NEXT_NONE, NEXT_PAYLOAD } from './decoded-frame';
import { formatEtherType, nextOfEtherType } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  showHex16,
  showUint16,
  showUint32,
} from './field';

const VERSION_AT = 2;
const TIME_AT = 4;
const TYPE_BYTES = 2;
const TIME_STAMP = 1;
/** Bytes of the time by version: TAI and UTC, in 64 and in 48 bits. */
const TIME_BYTES: Readonly<Record<number, number>> = { 16: 8, 272: 8, 32: 6, 288: 6 };

/** Bytes of the time; undefined: a tag of another kind, or cut. */
const timeBytes = (bytes: Uint8Array, start: number, end: number): number | undefined =>
  end - start >= TIME_AT && uint16(bytes, start) === TIME_STAMP
    ? TIME_BYTES[uint16(bytes, start + VERSION_AT)]
    : undefined;

export function decodeArista(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const time = timeBytes(bytes, at, frame.end);
  if (time === undefined) return NEXT_PAYLOAD;
  const type = at + TIME_AT + time;
  if (frame.end - type < TYPE_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.position = type + TYPE_BYTES;
  return nextOfEtherType(uint16(bytes, type));
}

const HEAD_FIELDS: readonly FieldSpec[] = [
  { name: 'avsp.sub_type', label: 'Subtype', at: 0, length: 2, value: showHex16 },
  { name: 'avsp.ver', label: 'Version', at: VERSION_AT, length: 2, value: showHex16 },
];

export const describeArista: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const time = timeBytes(bytes, start, end);
  const seconds = (time ?? 0) - 4;
  const bits = seconds === 4 ? 64 : 48;
  const fields: readonly FieldSpec[] =
    time === undefined
      ? HEAD_FIELDS
      : [
          ...HEAD_FIELDS,
          {
            name: `avsp.${bits}sec`,
            label: 'Seconds',
            at: TIME_AT,
            length: seconds,
            value: seconds === 4 ? showUint32 : showUint16,
          },
          {
            name: `avsp.${bits}ns`,
            label: 'Nanoseconds',
            at: TIME_AT + seconds,
            length: 4,
            value: showUint32,
          },
          {
            name: 'avsp.etype',
            label: 'Type',
            at: TIME_AT + seconds + 4,
            length: TYPE_BYTES,
            value: (of, at) => formatEtherType(uint16(of, at)),
          },
        ];
  return makeLayer(context, {
    name: 'avsp',
    title: "Arista's time stamp",
    summary: time === undefined ? 'not followed' : `${bits} bits`,
    fields: describeFields(context, fields),
    layerEnd: start + (time === undefined ? TIME_AT : TIME_AT + time + TYPE_BYTES),
  });
};
