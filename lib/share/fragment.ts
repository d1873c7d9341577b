// A snapshot in a URL's fragment, which browsers do not send to servers: `#s=0.<base64url>`. The digit is the version of the format.
import { failure, type Result } from '../base/result';
import type { CaseSnapshot } from '../model/snapshot';
import { base64UrlLength, decodeBase64Url, encodeBase64Url } from './base64url';
import { SNAPSHOT_PREFIX } from './fragment-kind';
import { FRAGMENT_LIMITS, LINK_LIMIT_CHARACTERS } from './limits';
import {
  decodeSnapshot,
  encodeSnapshot,
  type SnapshotFailure,
  unknownVersion,
} from './snapshot-codec';

const VERSION = '0';

export interface LinkTooLarge {
  readonly reason: 'too-large';
  /** Characters that the fragment would have. */
  readonly bytes: number;
  readonly limit: number;
}

/** `#s=0.…`. Nothing is left out to make it fit: the caller chooses what to keep. */
export async function encodeSnapshotFragment(
  snapshot: CaseSnapshot,
): Promise<Result<string, LinkTooLarge>> {
  const bytes = encodeSnapshot(snapshot);
  const start = `#${SNAPSHOT_PREFIX}${VERSION}.`;
  const length = start.length + base64UrlLength(bytes.length);
  if (length > LINK_LIMIT_CHARACTERS)
    return failure({ reason: 'too-large', bytes: length, limit: LINK_LIMIT_CHARACTERS });
  return { ok: true, value: start + encodeBase64Url(bytes) };
}

/** With or without the leading `#`. */
export function decodeSnapshotFragment(fragment: string): Result<CaseSnapshot, SnapshotFailure> {
  const match = /^#?s=([^.]*)\.(.*)$/s.exec(fragment);
  if (match === null)
    return failure({ reason: 'not-a-snapshot', text: 'This link holds no snapshot.' });
  const [, version, data] = match;
  if (version !== VERSION) return failure(unknownVersion(`hoplane.snapshot/${version}`));
  if (data.length > base64UrlLength(FRAGMENT_LIMITS.compressedBytes))
    return failure({
      reason: 'too-large',
      text: `The link holds ${data.length} characters; this page reads no more than ${base64UrlLength(FRAGMENT_LIMITS.compressedBytes)}.`,
    });
  const bytes = decodeBase64Url(data);
  if (bytes === null)
    return failure({
      reason: 'damaged',
      text: 'The link has characters that do not belong in it, or its end is missing: copy it whole.',
    });
  return decodeSnapshot(bytes, FRAGMENT_LIMITS);
}
