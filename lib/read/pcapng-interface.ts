// One interface of a pcapng file, what its block says of it, and its clock: ticks of any resolution to whole nanoseconds after the base,
// exact, without a BigInt per frame where ticks are decimal.
import type { CaptureInterface, InterfaceDetails } from '../model/capture';
import { readUint16, readUint32 } from './container-reader';
import {
  addressText,
  OPTION_COMMENT,
  optionText,
  readUint64,
  visitOptions,
} from './pcapng-options';

const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_IPV4ADDR = 4;
const IF_IPV6ADDR = 5;
const IF_MACADDR = 6;
const IF_SPEED = 8;
const IF_TSRESOL = 9;
const IF_TZONE = 10;
const IF_FILTER = 11;
const IF_OS = 12;
const IF_FCSLEN = 13;
const IF_TSOFFSET = 14;
const IF_HARDWARE = 15;

const DEFAULT_RESOLUTION = 6;
/** More addresses of one interface are not kept. */
const MOST_ADDRESSES = 64;
/** if_filter's first byte where the filter is text, as tcpdump takes it. */
const FILTER_TEXT = 0;

export class PcapngInterface implements CaptureInterface {
  /** Time of its last packet, ns after the base. */
  lastTime = Number.NEGATIVE_INFINITY;
  /** Told by packets since its last statistics, which count them again. */
  dropsOfPackets = 0;
  private counted = 0;
  private countedTo = Number.NEGATIVE_INFINITY;
  private baseHigh = 0;
  private baseLow = 0;
  private base: bigint | null = null;
  /** Nanoseconds per tick where that is whole (resolutions 10^0 … 10^-9); 0 elsewhere. */
  private readonly nanosecondsPerTick: number;

  constructor(
    readonly name: string | null,
    readonly description: string | null,
    readonly linkType: number,
    readonly snaplen: number,
    private readonly ticksPerSecond: bigint,
    private readonly offsetSeconds: bigint,
    readonly details?: InterfaceDetails,
  ) {
    this.nanosecondsPerTick =
      1_000_000_000n % ticksPerSecond === 0n ? Number(1_000_000_000n / ticksPerSecond) : 0;
  }

  /** Nanoseconds since 1970, rounded down. */
  nanosecondsOf(high: number, low: number): bigint {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    return (ticks * 1_000_000_000n) / this.ticksPerSecond + this.offsetSeconds * 1_000_000_000n;
  }

  /** Whole seconds since 1970 of a time stamp: what a base is made of. */
  secondsOf(high: number, low: number): bigint {
    return ((BigInt(high) << 32n) | BigInt(low)) / this.ticksPerSecond + this.offsetSeconds;
  }

  /** Times are relative to this second from now on. */
  setBase(baseSeconds: bigint): void {
    this.base = (baseSeconds - this.offsetSeconds) * this.ticksPerSecond;
    this.baseHigh = Number(this.base >> 32n);
    this.baseLow = Number(this.base & 0xffff_ffffn);
  }

  /** Nanoseconds after the base, rounded down. */
  relativeTime(high: number, low: number): number {
    if (this.nanosecondsPerTick !== 0)
      return (
        ((high - this.baseHigh) * 4_294_967_296 + (low - this.baseLow)) * this.nanosecondsPerTick
      );
    // Binary or finer resolutions (none of the usual writers): 64 bits times 10^9 needs more than a Float64.
    const ticks = ((BigInt(high) << 32n) | BigInt(low)) - (this.base ?? 0n);
    const scaled = ticks * 1_000_000_000n;
    const whole = scaled / this.ticksPerSecond;
    return Number(scaled < 0n && whole * this.ticksPerSecond !== scaled ? whole - 1n : whole);
  }

  /** The same of a time that may be left out (0), or come before any packet gave a base; NaN then. */
  relativeTimeAt(high: number, low: number): number {
    return this.base === null || (high === 0 && low === 0)
      ? Number.NaN
      : this.relativeTime(high, low);
  }

  /** Drops counted since the statistics before, less those that packets told of. NaN: a time that is not known. */
  takeStatistics(
    total: number,
    from: number,
    to: number,
    tell: (since: number, until: number, count: number) => void,
  ): void {
    // A lower counter began anew.
    const more = (total < this.counted ? total : total - this.counted) - this.dropsOfPackets;
    const since = Math.max(this.countedTo, Number.isNaN(from) ? Number.NEGATIVE_INFINITY : from);
    const until = Number.isNaN(to) ? Number.POSITIVE_INFINITY : to;
    this.counted = total;
    this.dropsOfPackets = 0;
    if (more > 0) tell(since, until, more);
    if (!Number.isNaN(to)) this.countedTo = to;
  }
}

/** An interface description block's body, bytes[body, end); text: why it can't be right. */
export function readInterface(
  bytes: Uint8Array,
  body: number,
  end: number,
  littleEndian: boolean,
  comment: (text: string) => void,
): PcapngInterface | string {
  let name: string | null = null;
  let description: string | null = null;
  let resolution = DEFAULT_RESOLUTION;
  let offsetSeconds = 0n;
  const addresses: string[] = [];
  const details: { -readonly [K in keyof InterfaceDetails]: InterfaceDetails[K] } = {};
  visitOptions(bytes, body + 8, end, littleEndian, (code, start, length) => {
    const text = (): string => optionText(bytes, start, length);
    if (code === IF_NAME) name = text();
    else if (code === IF_DESCRIPTION) description = text();
    else if (code === IF_TSRESOL && length === 1) resolution = bytes[start];
    else if (code === IF_TSOFFSET && length === 8)
      offsetSeconds = BigInt.asIntN(64, readUint64(bytes, start, littleEndian));
    else if (code === IF_IPV4ADDR && length === 8 && addresses.length < MOST_ADDRESSES)
      addresses.push(`${addressText(bytes, start, 4)}/${prefixOf(bytes, start + 4)}`);
    else if (code === IF_IPV6ADDR && length === 17 && addresses.length < MOST_ADDRESSES)
      addresses.push(`${addressText(bytes, start, 16)}/${bytes[start + 16]}`);
    else if (code === IF_MACADDR && length === 6)
      details.mac = Array.from(bytes.subarray(start, start + 6), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(':');
    else if (code === IF_SPEED && length === 8)
      details.speed = Number(readUint64(bytes, start, littleEndian));
    else if (code === IF_TZONE && length === 4)
      details.timeZone = readUint32(bytes, start, littleEndian) | 0;
    else if (code === IF_FILTER && length > 1 && bytes[start] === FILTER_TEXT)
      details.filter = optionText(bytes, start + 1, length - 1);
    else if (code === IF_OS) details.os = text();
    else if (code === IF_HARDWARE) details.hardware = text();
    else if (code === IF_FCSLEN && length === 1 && bytes[start] > 0)
      details.checkBytes = checkBytesOf(bytes[start]);
    else if (code === OPTION_COMMENT) comment(text());
  });
  // 10^-20 and 2^-64 are finer than 64 bits of ticks can count a second in.
  if ((resolution & 0x80 ? resolution & 0x7f : resolution * 3) > 63)
    return `describes an interface with an impossible time resolution (${resolution})`;
  if (addresses.length > 0) details.addresses = addresses;
  return new PcapngInterface(
    name,
    description,
    readUint16(bytes, body, littleEndian),
    readUint32(bytes, body + 4, littleEndian),
    ticksPerSecond(resolution),
    offsetSeconds,
    Object.keys(details).length > 0 ? details : undefined,
  );
}

/** if_fcslen is in bits by the draft, and 4 (bytes) in its own example and in what writers write. */
const checkBytesOf = (length: number): number => (length <= 8 ? length : length >> 3);

/** Length of an IPv4 netmask's prefix. */
function prefixOf(bytes: Uint8Array, at: number): number {
  let ones = 0;
  for (let i = 0; i < 32 && ((bytes[at + (i >> 3)] << (i & 7)) & 0x80) !== 0; i += 1) ones += 1;
  return ones;
}

/** Ticks per second of an if_tsresol option: 10^-n, or 2^-n where the highest bit is set. */
const ticksPerSecond = (resolution: number): bigint =>
  resolution & 0x80 ? 1n << BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
