// Fields of a layer for the inspector: fixed places of a header come from a table, the rest is added by the protocol's own file.
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { formatIpv4, formatIpv6, formatMac } from './address-text';
import { uint16, uint24, uint32 } from './bytes';
import type { DecodedFrame } from './decoded-frame';

/** A field at a fixed place of a header. */
export interface FieldSpec {
  /** Wireshark's name. */
  readonly name: string;
  readonly label: string;
  /** Bytes from the header's start. */
  readonly at: number;
  readonly length: number;
  readonly value: (bytes: Uint8Array, at: number) => string;
  readonly children?: readonly FieldSpec[];
}

/** A field whose place or meaning depends on what comes before it. */
export const fieldAt = (
  name: string,
  label: string,
  value: string,
  start: number,
  length: number,
  children?: readonly ProtocolField[],
): ProtocolField => ({
  name,
  label,
  value,
  start,
  length,
  ...(children === undefined || children.length === 0 ? {} : { children }),
});

/** A layer as the decoder left it: bytes [start, end) were captured of it, [start, wireEnd) were there. */
export interface LayerContext {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly wireEnd: number;
  /** After the layer's decoder ran. */
  readonly frame: DecodedFrame;
}

export type DescribeLayer = (context: LayerContext) => ProtocolLayer;

/** Fields of a table for bytes [start, end): those that lie there whole. */
export const fieldsAt = (
  bytes: Uint8Array,
  start: number,
  end: number,
  specs: readonly FieldSpec[],
): ProtocolField[] => describeFields({ bytes, start, end }, specs);

/** Fields of the table that were captured whole. */
export function describeFields(
  { bytes, start, end }: Pick<LayerContext, 'bytes' | 'start' | 'end'>,
  specs: readonly FieldSpec[],
): ProtocolField[] {
  const fields: ProtocolField[] = [];
  for (const { name, label, at, length, value, children } of specs) {
    if (start + at + length > end) continue;
    const field = { name, label, value: value(bytes, start + at), start: start + at, length };
    fields.push(
      children === undefined
        ? field
        : { ...field, children: describeFields({ bytes, start, end }, children) },
    );
  }
  return fields;
}

/** A layer of the bytes from its start to `layerEnd`, as far as they were captured. */
export const makeLayer = (
  context: LayerContext,
  layer: Pick<ProtocolLayer, 'name' | 'title' | 'summary' | 'fields'> & {
    readonly layerEnd: number;
  },
): ProtocolLayer => ({
  name: layer.name,
  title: layer.title,
  summary: layer.summary,
  start: context.start,
  length: Math.max(0, Math.min(layer.layerEnd, context.end) - context.start),
  fields: layer.fields,
});

/** A field that follows from others. */
export const derivedField = (name: string, label: string, value: string): ProtocolField => ({
  name,
  label,
  value,
  start: 0,
  length: 0,
});

export const hexText = (value: number, digits: number): string =>
  `0x${value.toString(16).padStart(digits, '0')}`;

// What a table's `value` is made of.
export const showUint8 = (bytes: Uint8Array, at: number): string => `${bytes[at]}`;
export const showUint16 = (bytes: Uint8Array, at: number): string => `${uint16(bytes, at)}`;
export const showUint24 = (bytes: Uint8Array, at: number): string => `${uint24(bytes, at)}`;
export const showUint32 = (bytes: Uint8Array, at: number): string => `${uint32(bytes, at)}`;
export const showHex8 = (bytes: Uint8Array, at: number): string => hexText(bytes[at], 2);
export const showHex16 = (bytes: Uint8Array, at: number): string => hexText(uint16(bytes, at), 4);
export const showHex32 = (bytes: Uint8Array, at: number): string => hexText(uint32(bytes, at), 8);
export const showMac = formatMac;
export const showIpv4 = formatIpv4;
export const showIpv6 = formatIpv6;

/** One bit of a byte, as `set` or `not set`. */
export const showBit =
  (mask: number) =>
  (bytes: Uint8Array, at: number): string =>
    (bytes[at] & mask) !== 0 ? 'set' : 'not set';

/** Some bits of a byte as a number. */
export const showBits =
  (mask: number, shift: number) =>
  (bytes: Uint8Array, at: number): string =>
    `${(bytes[at] & mask) >>> shift}`;

/** `TCP (6)`, or the number alone. */
export const named = (names: Readonly<Record<number, string>>, value: number): string =>
  names[value] === undefined ? `${value}` : `${names[value]} (${value})`;

/** Bytes as `0a1b2c…`: no more than 16 are shown. */
export function showBytes(bytes: Uint8Array, start: number, length: number): string {
  const shown = Array.from(bytes.subarray(start, start + Math.min(length, 16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return length > 16 ? `${shown}…` : shown;
}
