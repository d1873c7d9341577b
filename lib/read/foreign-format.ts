// What a file that is no capture of ours may be: a table of magic numbers, so that the message can say more than "unknown".
import type { CaptureWarning } from '../model/capture';

interface ForeignFormat {
  readonly name: string;
  readonly advice: string;
  /** A capture all the same, by a magic number that nothing else has. */
  readonly isCapture?: true;
  readonly matches: (head: Uint8Array) => boolean;
}

const startsWith =
  (...bytes: readonly number[]) =>
  (head: Uint8Array): boolean =>
    head.length >= bytes.length && bytes.every((byte, index) => head[index] === byte);

const text = (value: string) => startsWith(...Array.from(value, (char) => char.charCodeAt(0)));

const CONVERT = 'Convert it with `editcap -F pcapng`.';
const DECOMPRESS = 'Decompress it first.';
const PRINTED_PACKETS =
  'It holds decoded fields, not frames: give the capture that it was printed from.';
const NOT_A_CAPTURE = 'Take captures with `tcpdump -w FILE`.';

const asText = (head: Uint8Array): string => String.fromCharCode(...head);

const isPrinted = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13);

/** UTF-8, or an older code whose letters with accents stand among ASCII; no text has other control characters. */
const looksLikeText = (head: Uint8Array): boolean =>
  head.length > 0 &&
  head.every((byte) => isPrinted(byte) || byte >= 0x80) &&
  (isUtf8(head) || head.filter(isPrinted).length >= head.length * 0.75);

function isUtf8(head: Uint8Array): boolean {
  try {
    // The last letter may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A tcpdump line begins with a time (`13:53:53.103262 IP …`, with a date, in seconds) or, told to print none, with the protocol of its first address. */
const TCPDUMP_LINE =
  /^((\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{6}(\d{3})? |\d{9,10}\.\d{6}(\d{3})? |IP6? \S+ > \S+: )/;
const looksLikeTcpdumpText = (head: Uint8Array): boolean =>
  looksLikeText(head) && TCPDUMP_LINE.test(asText(head));

/** `    1   0.000000    127.0.0.1 → 127.0.0.1    TCP 74 …`, or `Frame 1: 74 bytes on wire …`. */
const TSHARK_LINE =
  /^(\s*\d+ +\d+\.\d+ +\S+ (→|->|\u00e2\u0086\u0092) +\S+ |Frame \d+: \d+ bytes on wire)/;

const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  {
    name: 'zstd data within compressed data',
    advice: DECOMPRESS,
    matches: startsWith(0x28, 0xb5, 0x2f, 0xfd),
  },
  {
    name: 'xz data within compressed data',
    advice: DECOMPRESS,
    matches: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
  },
  { name: 'lzma data', advice: DECOMPRESS, matches: startsWith(0x5d, 0, 0) },
  { name: 'bzip2 data', advice: DECOMPRESS, matches: text('BZh') },
  { name: 'lz4 data', advice: DECOMPRESS, matches: startsWith(0x04, 0x22, 0x4d, 0x18) },
  { name: 'gzip data within compressed data', advice: DECOMPRESS, matches: startsWith(0x1f, 0x8b) },
  {
    name: 'a 7-Zip archive',
    advice: 'Unpack it first.',
    matches: startsWith(0x37, 0x7a, 0xbc, 0xaf),
  },
  // Archives are opened (archives.ts): what comes here lies within others, or is damaged.
  { name: 'a zip archive', advice: 'Unpack it first.', matches: startsWith(0x50, 0x4b, 3, 4) },
  {
    name: 'a tar archive',
    advice: 'Unpack it first.',
    matches: (head) => text('ustar')(head.subarray(257)),
  },
  {
    name: 'a Windows event trace (ETL)',
    advice: 'Convert it with `etl2pcapng`.',
    isCapture: true,
    matches: looksLikeEtl,
  },
  { name: 'a snoop capture', advice: CONVERT, isCapture: true, matches: text('snoop\0\0\0') },
  { name: 'a Network Monitor capture', advice: CONVERT, isCapture: true, matches: text('GMBU') },
  { name: 'a Network Monitor 1 capture', advice: CONVERT, isCapture: true, matches: text('RTSS') },
  { name: 'an AIX iptrace capture', advice: CONVERT, isCapture: true, matches: text('iptrace ') },
  { name: 'a Sniffer capture', advice: CONVERT, isCapture: true, matches: text('TRSNIFF data') },
  {
    name: 'a 5View capture',
    advice: CONVERT,
    isCapture: true,
    matches: startsWith(0xaa, 0xaa, 0xaa, 0xaa),
  },
  {
    name: 'a LANalyzer capture',
    advice: CONVERT,
    isCapture: true,
    // A record of type 0x1001 or 0x1007, and its length.
    matches: (head) =>
      startsWith(0x01, 0x10, 0x4c, 0)(head) || startsWith(0x07, 0x10, 0x4c, 0)(head),
  },
  { name: 'a Windows Sniffer capture', advice: CONVERT, isCapture: true, matches: text('XCP\0') },
  {
    name: 'an Observer capture',
    advice: CONVERT,
    isCapture: true,
    matches: text('ObserverPktBuffer'),
  },
  { name: 'a Visual Networks capture', advice: CONVERT, isCapture: true, matches: text('\x05VNF') },
  {
    name: 'an HP-UX nettl trace',
    advice: CONVERT,
    isCapture: true,
    matches: startsWith(0x54, 0x52, 0, 0x64),
  },
  {
    name: 'a Tektronix K12 capture',
    advice: CONVERT,
    isCapture: true,
    matches: startsWith(0, 0, 2, 0, 0x12, 5, 0, 0x10),
  },
  {
    name: 'a Bluetooth capture (btsnoop)',
    advice: 'It holds nothing of IP.',
    isCapture: true,
    matches: text('btsnoop\0'),
  },
  {
    name: 'nothing but zeros',
    advice: 'Its bytes were never written: copy it again from where it was taken.',
    matches: (head) => head.length >= 24 && head.every((byte) => byte === 0),
  },
  { name: 'an ELF program', advice: NOT_A_CAPTURE, matches: startsWith(0x7f, 0x45, 0x4c, 0x46) },
  { name: 'a Windows program', advice: NOT_A_CAPTURE, matches: text('MZ') },
  { name: 'a PDF document', advice: NOT_A_CAPTURE, matches: text('%PDF') },
  { name: 'a PNG picture', advice: NOT_A_CAPTURE, matches: startsWith(0x89, 0x50, 0x4e, 0x47) },
  { name: 'an SQLite database', advice: NOT_A_CAPTURE, matches: text('SQLite format 3') },
  {
    name: "tcpdump's printed text",
    advice: 'Its text lacks most of each packet: take the capture with `tcpdump -w FILE`.',
    matches: looksLikeTcpdumpText,
  },
  {
    name: "tshark's JSON",
    advice: PRINTED_PACKETS,
    matches: (head) => looksLikeText(head) && /"_index": *"packets-/.test(asText(head)),
  },
  {
    name: "tshark's PDML",
    advice: PRINTED_PACKETS,
    matches: (head) => looksLikeText(head) && /<pdml[ >]/.test(asText(head)),
  },
  {
    name: "tshark's PSML",
    advice: PRINTED_PACKETS,
    matches: (head) => looksLikeText(head) && /<psml[ >]/.test(asText(head)),
  },
  {
    name: "tshark's printed text",
    advice: PRINTED_PACKETS,
    matches: (head) => looksLikeText(head) && TSHARK_LINE.test(asText(head)),
  },
  {
    name: 'a K12 text capture',
    advice: CONVERT,
    matches: (head) => looksLikeText(head) && text('+---------+---------------+----------+')(head),
  },
  {
    name: 'a hex dump',
    advice: 'Convert it with `text2pcap`.',
    matches: (head) =>
      looksLikeText(head) && /^\s*0{4,8} {1,2}([0-9a-f]{2} ){4}/i.test(asText(head)),
  },
  {
    name: 'JSON text',
    advice: NOT_A_CAPTURE,
    matches: (head) => looksLikeText(head) && /^\s*[[{]/.test(asText(head)),
  },
  {
    name: 'HTML or XML text',
    advice: NOT_A_CAPTURE,
    matches: (head) => looksLikeText(head) && /^\s*</.test(asText(head)),
  },
  {
    name: 'UTF-16 text',
    advice: NOT_A_CAPTURE,
    matches: (head) => startsWith(0xff, 0xfe)(head) || startsWith(0xfe, 0xff)(head),
  },
  { name: 'plain text', advice: NOT_A_CAPTURE, matches: looksLikeText },
  { name: 'an ERF capture', advice: CONVERT, matches: looksLikeErf },
];

/** ERF has no magic number: a record's type, length and wire length must fit together (16-byte header, type 1 … 48, no loss counter). */
function looksLikeErf(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const type = head[8] & 0x7f;
  const recordLength = (head[10] << 8) | head[11];
  const wireLength = (head[14] << 8) | head[15];
  return (
    type >= 1 && type <= 48 && recordLength >= 16 && wireLength > 0 && wireLength <= recordLength
  );
}

/** A WMI buffer header: its size, a multiple of 1024 up to 1 MiB, stands first, and at byte 54 its type, 4 for the header of a log file. */
function looksLikeEtl(head: Uint8Array): boolean {
  if (head.length < 80) return false;
  const size = head[0] | (head[1] << 8) | (head[2] << 16) | (head[3] << 24);
  return size >= 1024 && size <= 1 << 20 && size % 1024 === 0 && head[54] === 4 && head[55] === 0;
}

/** Bytes that tell what a file is. */
const HEAD_BYTES = 512;

/** `it looks like a zip archive. Unpack it first.`, or what its first bytes are. */
function describeForeignFormat(head: Uint8Array): string {
  const format = FOREIGN_FORMATS.find(({ matches }) => matches(head));
  if (format !== undefined) return `it looks like ${format.name}. ${format.advice}`;
  const shown = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
  return `its first bytes ${shown.join(' ')} are neither pcap nor pcapng`;
}

/** A capture of a format that is not read, and that is named when it is opened. */
export const isForeignCapture = (head: Uint8Array): boolean =>
  FOREIGN_FORMATS.some(({ isCapture, matches }) => isCapture === true && matches(head));

/** Why the file called `name`, which begins with `head`, can't be read at all. */
export const describeStranger = (name: string, head: Uint8Array): CaptureWarning =>
  head.length === 0
    ? { code: 'empty', text: `${name}: the file is empty (0 bytes)`, offset: 0 }
    : {
        code: 'not-a-capture',
        text: `${name}: not a capture at byte 0: ${describeForeignFormat(head.subarray(0, HEAD_BYTES))}`,
        offset: 0,
      };
