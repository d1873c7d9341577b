// Several drawings in the same captures: the frames of lanes that have one name, in one file, in order of time. For faults that come together.
import { type ByteSource, memorySource } from '../read/byte-source';
import { textArtSources } from './text-art';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Connections that a drawing has at most. */
const CONNECTIONS = 40;

/** A drawing, and how its endpoints are to be renamed. */
export interface Part {
  readonly text: string;
  readonly rename?: (endpoint: string) => string;
}

export async function joinDrawings(parts: readonly Part[]): Promise<readonly ByteSource[]> {
  const lanes = new Map<string, Uint8Array[]>();
  for (const [index, { text, rename }] of parts.entries()) {
    const renamed = rename === undefined ? text : renameEndpoints(text, rename);
    for (const source of textArtSources(renamed, index * CONNECTIONS)) {
      const bytes = await source.read(0, source.size);
      lanes.set(source.name, [...(lanes.get(source.name) ?? []), bytes]);
    }
  }
  return [...lanes].map(([name, files]) => memorySource(joinFiles(files), name));
}

const renameEndpoints = (text: string, rename: (endpoint: string) => string): string =>
  text.replaceAll(/^(\s*\w+\s*=\s*)(\S+)/gm, (_, name, endpoint) => `${name}${rename(endpoint)}`);

/** Files of one format, as text-art.ts writes them. */
function joinFiles(files: readonly Uint8Array[]): Uint8Array {
  const records = files.flatMap((bytes) => recordsOf(bytes));
  records.sort((a, b) => a.time - b.time);
  const length = records.reduce((sum, { bytes }) => sum + bytes.length, FILE_HEADER);
  const joined = new Uint8Array(length);
  joined.set(files[0].subarray(0, FILE_HEADER));
  let at = FILE_HEADER;
  for (const { bytes } of records) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}

function recordsOf(bytes: Uint8Array): { time: number; bytes: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: { time: number; bytes: Uint8Array }[] = [];
  for (let at = FILE_HEADER; at < bytes.length; ) {
    const time = (view.getUint32(at, true) - 1_700_000_000) * 1e9 + view.getUint32(at + 4, true);
    const end = at + RECORD_HEADER + view.getUint32(at + 8, true);
    records.push({ time, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return records;
}
