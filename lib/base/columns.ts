// A table as one buffer of typed columns, derived from a schema: types, layout and views all come from the same declaration.

type ColumnConstructor =
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | Int32ArrayConstructor
  | Float64ArrayConstructor;

/** Names each column and its array type once. Declare the widest columns first: the layout keeps that order and needs no padding then. */
export type ColumnSchema = Readonly<Record<string, ColumnConstructor>>;

export type ColumnBuffer = ArrayBuffer | SharedArrayBuffer;

export type ColumnsOf<S extends ColumnSchema> = {
  readonly [K in keyof S]: InstanceType<S[K]>;
};

/** Bytes that one row takes in the schema. */
export const bytesPerRow = (schema: ColumnSchema): number =>
  Object.values(schema).reduce((sum, array) => sum + array.BYTES_PER_ELEMENT, 0);

/** Views of `rows` rows over `buffer`, which holds at least `bytesPerRow(schema) * rows` bytes; `rows` is a multiple of 8. */
export function viewColumns<S extends ColumnSchema>(
  schema: S,
  buffer: ColumnBuffer,
  rows: number,
): ColumnsOf<S> {
  const columns: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, ArrayType] of Object.entries(schema)) {
    columns[name] = new ArrayType(buffer as ArrayBuffer, offset, rows);
    offset += rows * ArrayType.BYTES_PER_ELEMENT;
  }
  return columns as ColumnsOf<S>;
}

/** Columns of exactly `rows` rows, each with a buffer of its own. */
export function allocateColumns<S extends ColumnSchema>(schema: S, rows: number): ColumnsOf<S> {
  const columns: Record<string, unknown> = {};
  for (const [name, ArrayType] of Object.entries(schema)) columns[name] = new ArrayType(rows);
  return columns as ColumnsOf<S>;
}
