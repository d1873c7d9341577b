// A case as this browser keeps it, in its written form `hoplane.case/1`: a record of IndexedDB (which can hold handles of files), its tables and copies in a
// folder of the origin's private file system. Records that cannot be read are left alone and not listed.
import * as v from 'valibot';
import type { Annotation } from '../model/snapshot';

const SCHEMA = 'hoplane.case/1';

/** What was kept of a capture, while its case is open. */
export interface KeptCapture {
  /** Names in the case's folder; null: not kept. */
  readonly tables: string | null;
  readonly copy: string | null;
  /** Bytes of both. */
  readonly bytes: number;
  /** Of the file as the user has it. */
  readonly fileBytes: number;
  readonly lastModified: number;
  /** null: it came back from its tables alone. */
  readonly file: File | null;
  /** Frames can be read from the file. */
  readonly isAtHand: boolean;
  /** The browser can be asked for the file. */
  readonly hasHandle: boolean;
}

const Handle = v.nullable(v.custom<FileSystemFileHandle>((value) => typeof value === 'object'));

const Capture = v.object({
  name: v.string(),
  tables: v.nullable(v.string()),
  copy: v.nullable(v.string()),
  bytes: v.number(),
  fileBytes: v.number(),
  lastModified: v.number(),
  handle: Handle,
});
export type CaptureRecord = v.InferOutput<typeof Capture>;

/** The finished analysis: a file of the case's folder, and its bytes. */
const Analysis = v.object({ name: v.string(), bytes: v.number() });
export type KeptAnalysis = v.InferOutput<typeof Analysis>;

const Note = v.object({
  id: v.string(),
  target: v.variant('kind', [
    v.object({ kind: v.literal('frame'), file: v.string(), frame: v.number() }),
    v.object({ kind: v.literal('connection'), connection: v.string() }),
    v.object({ kind: v.literal('finding'), finding: v.string() }),
  ]),
  text: v.string(),
});

const Case = v.object({
  schema: v.literal(SCHEMA),
  id: v.string(),
  title: v.string(),
  /** What was found, in a line: tells cases apart that nobody named. */
  summary: v.optional(v.string(), ''),
  /** Words before the report. */
  preface: v.optional(v.string(), ''),
  notes: v.array(Note),
  /** The view as the address has it. */
  view: v.string(),
  /** ms since 1970. */
  begun: v.number(),
  changed: v.number(),
  captures: v.array(Capture),
  /** null: it is computed when the case is opened. */
  analysis: v.optional(v.nullable(Analysis), null),
});
type CaseRecord = v.InferOutput<typeof Case>;

export interface KeptCase extends Omit<CaseRecord, 'schema' | 'notes'> {
  readonly notes: readonly Annotation[];
}

/** null: it is not one, or of a version that is not known. */
export function readKeptCase(record: unknown): KeptCase | null {
  const read = v.safeParse(Case, record);
  if (!read.success) return null;
  const { schema: _, ...kept } = read.output;
  return kept;
}

export const writeKeptCase = (kept: KeptCase): unknown => ({ schema: SCHEMA, ...kept });

/** The same files opened again under the same title, before anybody wrote a note or a preface: of two such the later one is kept. */
export const isRepeated = (older: KeptCase, later: KeptCase): boolean =>
  older.id !== later.id &&
  older.notes.length === 0 &&
  older.preface === '' &&
  older.title === later.title &&
  describeFiles(older) === describeFiles(later);

const describeFiles = ({ captures }: KeptCase): string =>
  captures
    .map(({ name, fileBytes, lastModified }) => `${name} ${fileBytes} ${lastModified}`)
    .sort()
    .join('\n');

/** Bytes that a case takes in this browser. */
export const keptBytes = ({ captures, analysis }: KeptCase): number =>
  captures.reduce((sum, { bytes }) => sum + bytes, analysis?.bytes ?? 0);

/** Names of the files that the case has in its folder. */
export const keptNames = ({ captures, analysis }: KeptCase): readonly string[] =>
  [...captures.flatMap(({ tables, copy }) => [tables, copy]), analysis?.name ?? null].filter(
    (name) => name !== null,
  );
