// CRC32c (Castagnoli, RFC 3385), SCTP's checksum: reflected, table of bytes.

const POLYNOMIAL = 0x82f63b78;
const CHECKSUM_BYTES = 4;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** Of bytes [start, start + length), with the four bytes at `zeroAt` taken for zeros; as SCTP writes it, least byte first. */
export function crc32c(bytes: Uint8Array, start: number, length: number, zeroAt: number): number {
  let crc = 0xffff_ffff;
  for (let at = start; at < start + length; at += 1) {
    const byte = at >= zeroAt && at < zeroAt + CHECKSUM_BYTES ? 0 : bytes[at];
    crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
