// What an archive says is in it, before anything is unpacked.
import type { CaptureWarning } from '../model/capture';

export interface ArchiveMember {
  /** Path as the archive has it. */
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Where its bytes lie. */
  readonly offset: number;
  /** Bytes of deflated data there; null: they lie there as they are. */
  readonly packed: number | null;
  /** CRC32 of what it unpacks to; null: not told, or not looked at where it lies as it is. */
  readonly check: number | null;
}

export interface ArchiveListing {
  readonly members: readonly ArchiveMember[];
  readonly warnings: readonly CaptureWarning[];
}
