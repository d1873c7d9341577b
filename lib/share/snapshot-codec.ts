// CaseSnapshot ↔ bytes: a head as JSON (snapshot-head.ts), the journeys as columns (snapshot-columns.ts), deflated together.
// Reading is for bytes of unknown origin: it stops inflating at a limit, checks every enum and every index, and never throws.
import { deflateSync, Inflate } from 'fflate';
import * as v from 'valibot';
import { failure, type Result, success } from '../base/result';
import { FATE_REASONS, FATES } from '../model/fate';
import type { JourneyWindow } from '../model/journey-window';
import type { CaseSnapshot } from '../model/snapshot';
import type { SnapshotLimits } from './limits';
import { readColumns, writeColumns, writtenSightings } from './snapshot-columns';
import { SNAPSHOT_SCHEMA, type SnapshotHead, snapshotHead, type WindowHead } from './snapshot-head';
import { findBrokenReference } from './snapshot-references';
import { ByteReader, ByteWriter } from './varint';

export interface SnapshotFailure {
  readonly reason: 'not-a-snapshot' | 'unknown-version' | 'too-large' | 'damaged' | 'invalid';
  /** For the reader: what is wrong, in a sentence. */
  readonly text: string;
}

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The model's own types must fit the written form: a word that the format does not know fails here, not in a user's link. */
type LiveHead = DeepReadonly<v.InferInput<typeof snapshotHead>>;

/** Bytes given to the inflater at a time: it may grow each a thousandfold before the limit is looked at. */
const INFLATE_STEP = 1024;

/** The same snapshot gives the same bytes. Sightings are written in the order of their journeys. */
export function encodeSnapshot(snapshot: CaseSnapshot): Uint8Array<ArrayBuffer> {
  const { journeys: window, ...rest } = snapshot;
  const live: LiveHead = {
    ...rest,
    schema: SNAPSHOT_SCHEMA,
    window: {
      ...window,
      fates: FATES,
      reasons: FATE_REASONS,
      journeys: window.journeyCount,
      sightings: writtenSightings(window),
    },
  };
  // Leaves out what the format does not have, and puts keys in its order.
  const head = v.parse(snapshotHead, live);
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const writer = new ByteWriter();
  writer.unsigned(headBytes.length);
  writer.raw(headBytes);
  writeColumns(window, writer);
  return deflateSync(writer.finish(), { level: 9, mem: 12 });
}

export function decodeSnapshot(
  bytes: Uint8Array,
  limits: SnapshotLimits,
): Result<CaseSnapshot, SnapshotFailure> {
  const inflated = inflate(bytes, limits);
  if (!inflated.ok) return inflated;
  const reader = new ByteReader(inflated.value);
  const head = readHead(reader);
  if (!head.ok) return head;
  const columns = readColumns(reader, head.value.window.journeys, head.value.window.sightings);
  if (!columns.ok) return columns;
  if (reader.remaining > 0)
    return failure({ reason: 'damaged', text: 'There are bytes left behind the journeys.' });

  const { schema: _, window, ...rest } = head.value;
  const { journeys, sightings } = columns.value;
  if (!translateCodes(journeys.fate, window.fates, FATES))
    return failure({ reason: 'invalid', text: 'A journey has a fate that is not known here.' });
  if (!translateCodes(journeys.reason, window.reasons, FATE_REASONS))
    return failure({ reason: 'invalid', text: 'A fate has a reason that is not known here.' });
  const snapshot: CaseSnapshot = {
    ...rest,
    journeys: readWindow(window, journeys, sightings),
  };
  const broken = findBrokenReference(snapshot);
  return broken === undefined
    ? success(snapshot)
    : failure({ reason: 'invalid', text: `The snapshot contradicts itself: ${broken}.` });
}

function inflate(
  bytes: Uint8Array,
  limits: SnapshotLimits,
): Result<Uint8Array<ArrayBuffer>, SnapshotFailure> {
  const tooLarge = (what: string, limit: number): SnapshotFailure => ({
    reason: 'too-large',
    text: `The snapshot has more than ${limit} bytes ${what}; this page reads no more.`,
  });
  if (bytes.length > limits.compressedBytes)
    return failure(tooLarge('compressed', limits.compressedBytes));
  const parts: Uint8Array[] = [];
  let total = 0;
  const inflater = new Inflate((part) => {
    parts.push(part);
    total += part.length;
  });
  try {
    for (let at = 0; at < bytes.length; at += INFLATE_STEP) {
      const end = Math.min(bytes.length, at + INFLATE_STEP);
      inflater.push(bytes.slice(at, end), end === bytes.length);
      if (total > limits.inflatedBytes) return failure(tooLarge('inflated', limits.inflatedBytes));
    }
  } catch {
    return failure({ reason: 'damaged', text: 'The snapshot is damaged or was cut short.' });
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return success(whole);
}

function readHead(reader: ByteReader): Result<SnapshotHead, SnapshotFailure> {
  const notOne: SnapshotFailure = {
    reason: 'not-a-snapshot',
    text: 'This is no snapshot of Hoplane, or it was damaged on its way.',
  };
  const length = reader.unsigned();
  const bytes = length === undefined ? undefined : reader.raw(length);
  if (bytes === undefined) return failure(notOne);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return failure(notOne);
  }
  const named = v.safeParse(v.object({ schema: v.string() }), json);
  if (!named.success) return failure(notOne);
  if (named.output.schema !== SNAPSHOT_SCHEMA) return failure(unknownVersion(named.output.schema));
  const head = v.safeParse(snapshotHead, json);
  if (head.success) return success(head.output);
  const issue = head.issues[0];
  const where = v.getDotPath(issue) ?? 'the whole';
  return failure({
    reason: 'invalid',
    text: `The snapshot is not as its format says, at ${where}: ${issue.message}.`,
  });
}

/** What a reader says to a format that is not its own. */
export const unknownVersion = (format: string): SnapshotFailure => ({
  reason: 'unknown-version',
  text: `This was written in the format “${format.slice(0, 40)}”; this Hoplane reads ${SNAPSHOT_SCHEMA}. Open it with the version that wrote it, or a newer one.`,
});

/** Rewrites codes of the writer's word list to this program's; false for a word that it does not know. */
function translateCodes(
  codes: Uint8Array,
  written: readonly string[],
  known: readonly string[],
): boolean {
  const translated = written.map((word) => known.indexOf(word));
  for (let i = 0; i < codes.length; i++) {
    const code = translated[codes[i]];
    if (code === undefined || code < 0) return false;
    codes[i] = code;
  }
  return true;
}

const readWindow = (
  head: WindowHead,
  journeys: JourneyWindow['journeys'],
  sightings: JourneyWindow['sightings'],
): JourneyWindow => ({
  baseTime: head.baseTime,
  files: head.files,
  connections: head.connections,
  protocols: head.protocols,
  strings: head.strings,
  journeyCount: head.journeys,
  sightingCount: head.sightings,
  journeys,
  sightings,
  omitted: head.omitted,
});
