// Values one after another in a file of the kept case, each with its typed arrays before it: written a piece at a time, read as far as wanted. Every record
// has a digest, so that what was cut or damaged is never taken for what was written. Little-endian, as every machine that has a browser is.
import { type CodecNames, readValue, type TypedColumn, ValueWriter } from '../base/value-codec';
import type { ByteSource } from '../read/byte-source';

/** Kind, length in bytes, digest, 0. */
const HEAD_BYTES = 16;
const GRAPH = 0;
const COLUMN_TYPES = [Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array] as const;
/** No more than this is written, or read ahead, at once. */
const PIECE_BYTES = 4 << 20;

/** The bytes of one value, in pieces. */
export function* writeGraph(
  value: unknown,
  names: CodecNames,
): Generator<Uint8Array<ArrayBuffer>, void> {
  const columns: TypedColumn[] = [];
  const writer = new ValueWriter(names, (column) => columns.push(column) - 1);
  writer.write(value);
  for (const column of columns) yield* writeRecord(kindOf(column), bytesOf(column));
  yield* writeRecord(GRAPH, writer.finish());
}

const kindOf = (column: TypedColumn): number => {
  const type = COLUMN_TYPES.findIndex((one) => column instanceof one);
  if (type < 0) throw new Error('A column of this type cannot be written');
  return type + 1;
};

const bytesOf = ({ buffer, byteOffset, byteLength }: TypedColumn): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function* writeRecord(kind: number, data: Uint8Array): Generator<Uint8Array<ArrayBuffer>, void> {
  const digest = new Digest();
  for (let at = 0; at < data.length; at += PIECE_BYTES)
    digest.add(data.slice(at, at + PIECE_BYTES));
  const head = Uint32Array.of(kind, data.length, digest.value, 0);
  yield new Uint8Array(head.buffer);
  for (let at = 0; at < data.length; at += PIECE_BYTES) yield data.slice(at, at + PIECE_BYTES);
}

/** FNV-1a over words of 32 bits; a last one that is not whole counts with zeros. */
class Digest {
  value = 0x811c9dc5;

  /** `piece` has its own buffer; every one but the last is whole words. */
  add(piece: Uint8Array<ArrayBuffer>): void {
    const whole = piece.length >>> 2;
    const words = new Uint32Array(piece.buffer, 0, whole);
    let value = this.value;
    for (let i = 0; i < whole; i += 1) value = Math.imul(value ^ words[i], 0x01000193);
    let rest = 0;
    for (let i = whole * 4; i < piece.length; i += 1) rest = (rest << 8) | piece[i];
    this.value = Math.imul(value ^ rest, 0x01000193) >>> 0;
  }
}

/** Reads the values in their order. */
export class GraphReader {
  private at = 0;
  private ahead: { readonly from: number; readonly bytes: Uint8Array } = {
    from: 0,
    bytes: new Uint8Array(0),
  };

  constructor(private readonly source: ByteSource) {}

  /** 0 … 1. */
  get progress(): number {
    return this.source.size > 0 ? this.at / this.source.size : 1;
  }

  /** Rejects where the file is cut or damaged. */
  async next(names: CodecNames): Promise<unknown> {
    const columns: TypedColumn[] = [];
    for (;;) {
      const { kind, data } = await this.record();
      if (kind === GRAPH) return readValue(data, names, columns);
      const ColumnType = COLUMN_TYPES[kind - 1];
      if (ColumnType === undefined || data.length % ColumnType.BYTES_PER_ELEMENT !== 0)
        throw new Error('What was kept is damaged');
      columns.push(new ColumnType(data.buffer));
    }
  }

  private async record(): Promise<{ kind: number; data: Uint8Array<ArrayBuffer> }> {
    const [kind, length, expected] = new Uint32Array((await this.take(HEAD_BYTES)).buffer);
    const data = await this.take(length);
    const digest = new Digest();
    for (let at = 0; at < length; at += PIECE_BYTES) digest.add(data.slice(at, at + PIECE_BYTES));
    if (digest.value !== expected) throw new Error('What was kept is damaged');
    return { kind, data };
  }

  /** A copy of the next bytes. */
  private async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const { at, source } = this;
    if (at + length > source.size) throw new Error('What was kept is cut');
    const { from, bytes } = this.ahead;
    if (at < from || at + length > from + bytes.length) {
      const wanted = Math.min(source.size - at, Math.max(length, PIECE_BYTES));
      this.ahead = { from: at, bytes: await source.read(at, wanted) };
    }
    this.at += length;
    return this.ahead.bytes.slice(at - this.ahead.from, at - this.ahead.from + length);
  }
}
