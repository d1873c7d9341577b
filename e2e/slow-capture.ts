// A capture that is still being read when a test wants something done meanwhile.
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { NamedBytes } from './hoplane-page';

const RECORD_BYTES = 200_000;
const RECORDS = 300;
const MEMBERS = 25;
const NOISE_BYTES = 500;

/** A small file that takes many seconds to read: gzip members of 60 MB of large frames that are nearly all zeros. */
export function slowCapture(): NamedBytes {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(RECORD_BYTES, 16);
  head.writeUInt32LE(1, 20);
  const record = Buffer.alloc(16 + RECORD_BYTES);
  record.writeUInt32LE(RECORD_BYTES, 8);
  record.writeUInt32LE(RECORD_BYTES, 12);
  // Nothing but zeros would be taken for a bomb.
  randomBytes(NOISE_BYTES).copy(record, 16);
  const member = gzipSync(Buffer.concat(Array.from({ length: RECORDS }, () => record)));
  const members = Array.from({ length: MEMBERS }, () => member);
  return { name: 'slow.pcap.gz', bytes: Buffer.concat([gzipSync(head), ...members]) };
}
