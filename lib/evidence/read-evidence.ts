// Evidence by its content: which files hold some, and what it says.
import type { Evidence } from '../model/evidence';
import type { ByteSource } from '../read/byte-source';
import { parseCounters } from './counters';
import { parseIpInterfaces } from './ip-interfaces';
import { parseTrackedEntries } from './tracked-entries';

/** Flow dumps of an hour, each second, are as long; longer texts are read in no reasonable time. */
const MOST_BYTES = 32 << 20;
/** Looked at of each file of a folder. */
const HEAD_BYTES = 4096;

/** What the source says, where it is evidence that is known; null: it is not. */
export async function readEvidence(source: ByteSource): Promise<Evidence | null> {
  if (source.size > MOST_BYTES) return null;
  return parseEvidence(await source.read(0, source.size), source.name);
}

/** Beginnings that say nothing by themselves: `ip -j`, numbers between dates, a flow dump whose first flows drop nothing, mpstat's first line. */
const LOOKS = [
  /^\s*\[\s*\{\s*"ifindex" *:/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d ([A-Z]+ )?\d{4}\n\d+\n/,
  /^(?:.*\n)?flow-dump from/,
  /^Linux \S+ \(\S+\)\s.*CPU\)/,
];

/** A file of a folder, by its first bytes: whether `readEvidence` is worth asking. */
export const looksLikeEvidence = async (source: ByteSource): Promise<boolean> =>
  source.size <= MOST_BYTES && isEvidenceHead(await source.read(0, HEAD_BYTES));

/** The same of any file's beginning. */
export const isEvidenceHead = (head: Uint8Array): boolean =>
  parseEvidence(head, '') !== null || LOOKS.some((look) => look.test(decode(head)));

function parseEvidence(bytes: Uint8Array, file: string): Evidence | null {
  const text = decode(bytes);
  const lists = parseIpInterfaces(text);
  if (lists.length > 0) return { kind: 'interfaces', lists };
  const entries = parseTrackedEntries(text);
  if (entries.length > 0) return { kind: 'tracking', file, entries };
  const series = parseCounters(text, file);
  return series.length === 0 ? null : { kind: 'counters', file, series };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
