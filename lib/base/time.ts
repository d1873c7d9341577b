// Time is whole nanoseconds: a Float64 relative to a bigint base (exact for 104 days), a decimal string where it leaves the program.

export const NANOSECONDS_PER_SECOND = 1_000_000_000;

/** Absolute time in nanoseconds since 1970 as a decimal string, from a base and a relative Float64. */
export const absoluteNanoseconds = (base: bigint, relativeNs: number): string =>
  (base + BigInt(Math.round(relativeNs))).toString();

/** Seconds with `digits` decimals and no unit: `1.012131`. */
export const formatSeconds = (nanoseconds: number, digits = 6): string =>
  (nanoseconds / NANOSECONDS_PER_SECOND).toFixed(digits);

/** A duration in the unit that reads best: `290 ns`, `12.3 µs`, `4.1 ms`, `1.01 s`. Three significant digits. */
export function formatDuration(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  if (size < 1000) return `${Math.round(nanoseconds)} ns`;
  const [value, unit] =
    size < 999_500
      ? [nanoseconds / 1e3, 'µs']
      : size < 999_500_000
        ? [nanoseconds / 1e6, 'ms']
        : [nanoseconds / 1e9, 's'];
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${trimZeros(value.toFixed(digits))} ${unit}`;
}

/** Absolute UTC time `2021-02-15 13:53:53.103262` with `digits` decimals of a second. */
export function formatUtc(nanosecondsSince1970: bigint, digits = 6): string {
  const seconds = nanosecondsSince1970 / 1_000_000_000n;
  const fraction = (nanosecondsSince1970 % 1_000_000_000n).toString().padStart(9, '0');
  const date = new Date(Number(seconds) * 1000);
  const day = Number.isNaN(date.getTime())
    ? seconds.toString()
    : date.toISOString().slice(0, 19).replace('T', ' ');
  return digits === 0 ? day : `${day}.${fraction.slice(0, digits)}`;
}

const trimZeros = (text: string): string =>
  text.includes('.') ? text.replace(/\.?0+$/, '') : text;
