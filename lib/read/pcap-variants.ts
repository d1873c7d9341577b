// Who wrote a pcap: magic numbers tell byte order and unit, but not all that patched libpcaps changed in the record headers without saying so.
// The same guesses as Wireshark's wiretap/libpcap.c makes: the layout by which the first records make most sense.
import { readUint16, readUint32 } from './container-reader';

export interface PcapVariant {
  /** As CaptureSummary has it. */
  readonly format: string;
  readonly recordHeaderBytes: number;
  readonly nanosecondsPerUnit: number;
  /** The captured length stands behind the length on the wire: always, or where it were the greater one. */
  readonly swapsLengths: 'never' | 'always' | 'where-greater';
  /** LINKTYPE of what the header says. */
  readonly linkTypeOf: (network: number) => number;
}

interface Layout {
  readonly format: string;
  readonly recordHeaderBytes: number;
  readonly nanosecondsPerUnit: number;
}

const layout = (format: string, recordHeaderBytes: number, nanosecondsPerUnit = 1000): Layout => ({
  format,
  recordHeaderBytes,
  nanosecondsPerUnit,
});

/** Layouts that a magic number may stand for, the likeliest first. */
const LAYOUTS: ReadonlyMap<number, readonly Layout[]> = new Map([
  // Red Hat 6.1 wrote the longer header of the patched libpcap under the plain magic number; Nokia's IPSO adds a word.
  [0xa1b2c3d4, [layout('pcap', 16), layout('pcap-modified', 24), layout('pcap-nokia', 20)]],
  [0xa1b23c4d, [layout('pcap-ns', 16, 1)]],
  // SuSE 6.3 adds the processor's number.
  [0xa1b2cd34, [layout('pcap-modified', 24), layout('pcap-modified', 28)]],
]);

/** AIX writes version 2.2 with nanoseconds and RFC 1573's ifType: Ethernet, Token Ring, FDDI, loopback. */
const AIX = layout('pcap-aix', 16, 1);
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [9, 6],
  [15, 10],
  [24, 0],
]);

export const FILE_HEADER_BYTES = 24;
const PLAIN_MAGIC = 0xa1b2c3d4;
/** Records looked at: more would not change the guess. */
const MOST_RECORDS = 8;
/** No frame is longer, and none was longer on the wire (USB's largest apart). */
const LONGEST_CAPTURED = 262_144;
const LONGEST_ON_WIRE = 64 << 20;

/** Seconds between the first records of a file: a year. Only a longer header that is none makes more of them, the usual one is not asked. */
const LONGEST_PAUSE = 365 * 86_400;

/** By the magic number; undefined: none of a pcap. */
export const byteOrderOf = (head: Uint8Array): 'little' | 'big' | undefined =>
  head.length < 4
    ? undefined
    : LAYOUTS.has(readUint32(head, 0, true))
      ? 'little'
      : LAYOUTS.has(readUint32(head, 0, false))
        ? 'big'
        : undefined;

/** The variant of a file that begins with `head`, whose magic number was recognised; the more of it there is, the surer. */
export function findVariant(head: Uint8Array, littleEndian: boolean): PcapVariant {
  const magic = readUint32(head, 0, littleEndian);
  const layouts = LAYOUTS.get(magic) ?? [layout('pcap', 16)];
  const known = head.length >= FILE_HEADER_BYTES;
  const major = known ? readUint16(head, 4, littleEndian) : 2;
  const minor = known ? readUint16(head, 6, littleEndian) : 4;
  const network = known ? readUint32(head, 20, littleEndian) : 0;
  const swapsLengths = orderOfLengths(major, minor);
  if (magic === PLAIN_MAGIC && major === 2 && minor === 2 && AIX_LINK_TYPES.has(network))
    return {
      ...AIX,
      // Old libpcaps wrote the lengths of version 2.2 the other way round; AIX does too.
      swapsLengths,
      linkTypeOf: (type) => AIX_LINK_TYPES.get(type) ?? type,
    };
  const counts = layouts.map((one, index) =>
    countPlausible(head, littleEndian, one, swapsLengths, index === 0),
  );
  const best = layouts[counts.indexOf(Math.max(...counts))];
  return { ...best, swapsLengths, linkTypeOf: (type) => type };
}

/** Before version 2.3, and in DG/UX's 543.0, the two lengths stand the other way round; in 2.3 either may be meant. */
const orderOfLengths = (major: number, minor: number): PcapVariant['swapsLengths'] =>
  major === 543 || (major === 2 && minor < 3)
    ? 'always'
    : major === 2 && minor === 3
      ? 'where-greater'
      : 'never';

/**
 * Records from the file's first on that make sense by this layout; all of them where a few do and nothing speaks against it as far as `head` goes:
 * zeros read as records would outnumber a large one that ends behind it. One record tells nothing: that it ends where the file does may be a cut.
 */
function countPlausible(
  head: Uint8Array,
  littleEndian: boolean,
  { recordHeaderBytes, nanosecondsPerUnit }: Layout,
  swapsLengths: PcapVariant['swapsLengths'],
  isUsual: boolean,
): number {
  const began =
    head.length < FILE_HEADER_BYTES + 4 ? 0 : readUint32(head, FILE_HEADER_BYTES, littleEndian);
  let at = FILE_HEADER_BYTES;
  let records = 0;
  for (; records < MOST_RECORDS && at + recordHeaderBytes <= head.length; records += 1) {
    const units = readUint32(head, at + 4, littleEndian);
    const lengths = [
      readUint32(head, at + 8, littleEndian),
      readUint32(head, at + 12, littleEndian),
    ];
    const [captured, wire] = inOrder(swapsLengths, lengths[0], lengths[1]);
    const isPlausible =
      units * nanosecondsPerUnit < 1e9 &&
      captured <= LONGEST_CAPTURED &&
      wire <= LONGEST_ON_WIRE &&
      wire > 0 &&
      (isUsual || Math.abs(readUint32(head, at, littleEndian) - began) < LONGEST_PAUSE);
    if (!isPlausible) return records;
    at += recordHeaderBytes + captured;
  }
  return records > 1 ? MOST_RECORDS : records;
}

/** Captured length and length on the wire. */
export const inOrder = (
  swapsLengths: PcapVariant['swapsLengths'],
  first: number,
  second: number,
): readonly [number, number] =>
  swapsLengths === 'always' || (swapsLengths === 'where-greater' && first > second)
    ? [second, first]
    : [first, second];
