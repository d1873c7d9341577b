// Evidence by its content: which files hold some, and what it says.
import type { Evidence } from '../model/evidence';
import type { ByteSource } from '../read/byte-source';
import { parseCounters } from './counters';
import { parseIpInterfaces } from './ip-interfaces';

/** Longer texts are no output of one command. */
const MOST_BYTES = 4 << 20;
/** Looked at of each file of a folder. */
const HEAD_BYTES = 4096;

/** What the source says, where it is evidence that is known; null: it is not. */
export async function readEvidence(source: ByteSource): Promise<Evidence | null> {
  if (source.size > MOST_BYTES) return null;
  return parseEvidence(await source.read(0, source.size), source.name);
}

/** A file of a folder, by its first bytes: whether `readEvidence` is worth asking. */
export const looksLikeEvidence = async (source: ByteSource): Promise<boolean> =>
  source.size <= MOST_BYTES && isEvidenceHead(await source.read(0, HEAD_BYTES));

/** The same of any file's beginning. */
export const isEvidenceHead = (head: Uint8Array): boolean =>
  parseEvidence(head, '') !== null || /^\s*\[\s*\{\s*"ifindex" *:/.test(decode(head));

function parseEvidence(bytes: Uint8Array, file: string): Evidence | null {
  const text = decode(bytes);
  const lists = parseIpInterfaces(text);
  if (lists.length > 0) return { kind: 'interfaces', lists };
  const series = parseCounters(text);
  return series.length === 0 ? null : { kind: 'counters', file, series };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
