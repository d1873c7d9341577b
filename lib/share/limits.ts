// How large what is shared may be, in one place: the writer's limit for a link, and the reader's for anything that claims to be a snapshot.

/** Characters of a fragment that is put into a link. Browsers take more; chat programs and mail cut sooner. */
export const LINK_LIMIT_CHARACTERS = 32 * 1024;

export interface SnapshotLimits {
  /** Bytes before inflating. */
  readonly compressedBytes: number;
  /** Bytes after inflating: inflating stops there. */
  readonly inflatedBytes: number;
}

/** A link longer than ours can still be one of ours: a later version may raise its own limit. */
export const FRAGMENT_LIMITS: SnapshotLimits = {
  compressedBytes: 256 * 1024,
  inflatedBytes: 4 * 1024 * 1024,
};

export const FILE_LIMITS: SnapshotLimits = {
  compressedBytes: 32 * 1024 * 1024,
  inflatedBytes: 128 * 1024 * 1024,
};
