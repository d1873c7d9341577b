// What a fragment is, told by its beginning: apart from fragment.ts, whose codec only the reader and the writer of a link need.

export const SNAPSHOT_PREFIX = 's=';

/** Whether a fragment claims to be a snapshot, of whatever version. */
export const isSnapshotFragment = (fragment: string): boolean =>
  fragment.replace(/^#/, '').startsWith(SNAPSHOT_PREFIX);
