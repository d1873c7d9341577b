// One interface of a pcapng file and its clock: ticks of any resolution to whole nanoseconds after the base, exact, without a BigInt per frame where ticks are decimal.
import type { CaptureInterface } from '../model/capture';

export class PcapngInterface implements CaptureInterface {
  private baseHigh = 0;
  private baseLow = 0;
  private base = 0n;
  /** Nanoseconds per tick where that is whole (resolutions 10^0 … 10^-9); 0 elsewhere. */
  private readonly nanosecondsPerTick: number;

  constructor(
    readonly name: string | null,
    readonly description: string | null,
    readonly linkType: number,
    readonly snaplen: number,
    private readonly ticksPerSecond: bigint,
    private readonly offsetSeconds: bigint,
  ) {
    this.nanosecondsPerTick =
      1_000_000_000n % ticksPerSecond === 0n ? Number(1_000_000_000n / ticksPerSecond) : 0;
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
    const ticks = ((BigInt(high) << 32n) | BigInt(low)) - this.base;
    const scaled = ticks * 1_000_000_000n;
    const whole = scaled / this.ticksPerSecond;
    return Number(scaled < 0n && whole * this.ticksPerSecond !== scaled ? whole - 1n : whole);
  }
}

/** Ticks per second of an if_tsresol option: 10^-n, or 2^-n where the highest bit is set. */
export const ticksPerSecond = (resolution: number): bigint =>
  resolution & 0x80 ? 1n << BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
