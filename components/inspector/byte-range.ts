// Which field stands where in a frame: the link between the layers and the bytes.
import type { ProtocolField, ProtocolLayer } from '@/lib/model/protocol-tree';

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

export const contains = ({ start, length }: ByteRange, offset: number): boolean =>
  offset >= start && offset < start + length;

export const isSameRange = (a: ByteRange | null, b: ByteRange | null): boolean =>
  a !== null && b !== null && a.start === b.start && a.length === b.length;

export interface FoundField {
  readonly layer: ProtocolLayer;
  /** The innermost field at the byte; the layer itself where no field has it. */
  readonly range: ByteRange;
  readonly name: string;
}

/** The innermost field that holds the byte; of several the last layer's, as layers within lie in the payload of those without. */
export function findFieldAt(
  layers: readonly ProtocolLayer[],
  offset: number,
): FoundField | undefined {
  const layer = layers.findLast((one) => contains(one, offset));
  if (layer === undefined) return undefined;
  const field = findInnermost(layer.fields, offset);
  return { layer, range: field ?? layer, name: field?.name ?? layer.name };
}

function findInnermost(
  fields: readonly ProtocolField[],
  offset: number,
): ProtocolField | undefined {
  const field = fields.find((one) => one.length > 0 && contains(one, offset));
  if (field === undefined) return undefined;
  return findInnermost(field.children ?? [], offset) ?? field;
}
