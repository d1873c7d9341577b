// A capture that is still being read when a test wants something done meanwhile.
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { NamedBytes } from './hoplane-page';

const RECORD_BYTES = 200_000;
const RECORDS = 300;
const MEMBERS = 25;
const NOISE_BYTES = 500;
const LONG_RECORD_BYTES = 2_000_000;
const LONG_RECORDS = 20_000;

function fileHeader(recordBytes: number): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(recordBytes, 16);
  head.writeUInt32LE(1, 20);
  return head;
}

function recordHeader(recordBytes: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(recordBytes, 8);
  header.writeUInt32LE(recordBytes, 12);
  return header;
}

/** A file of 40 GB that takes half a minute to read and 80 MB of the disk: frames of zeros that are holes in the file. */
export function writeLongCapture(path: string): void {
  const file = openSync(path, 'w');
  const head = fileHeader(LONG_RECORD_BYTES);
  const header = recordHeader(LONG_RECORD_BYTES);
  writeSync(file, head, 0, head.length, 0);
  for (let record = 0; record < LONG_RECORDS; record += 1)
    writeSync(
      file,
      header,
      0,
      header.length,
      head.length + record * (header.length + LONG_RECORD_BYTES),
    );
  closeSync(file);
}

/** A small file that takes many seconds to read: gzip members of 60 MB of large frames that are nearly all zeros. */
export function slowCapture(): NamedBytes {
  const head = fileHeader(RECORD_BYTES);
  const record = Buffer.concat([recordHeader(RECORD_BYTES), Buffer.alloc(RECORD_BYTES)]);
  // Nothing but zeros would be taken for a bomb.
  randomBytes(NOISE_BYTES).copy(record, 16);
  const member = gzipSync(Buffer.concat(Array.from({ length: RECORDS }, () => record)));
  const members = Array.from({ length: MEMBERS }, () => member);
  return { name: 'slow.pcap.gz', bytes: Buffer.concat([gzipSync(head), ...members]) };
}
