// Numbers for people: thousands apart, sizes and rates in the unit that reads best.

const COUNT = new Intl.NumberFormat('en-GB');

/** `1,108` */
export const formatCount = (count: number): string => COUNT.format(count);

/** `3 files`, `1 file` */
export const formatQuantity = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `461 B`, `25.6 kB`, `1.80 MB`: decimal units, three digits. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return `${Math.round(value)} B`;
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${UNITS[unit]}`;
}

/** `8.2 M`, `310 k`, `42` */
export function formatCompact(count: number): string {
  if (count >= 999_500) return `${(count / 1e6).toFixed(1)} M`;
  if (count >= 9_950) return `${Math.round(count / 1e3)} k`;
  return formatCount(Math.round(count));
}

/** `43 %` */
export const formatPercent = (share: number): string => `${Math.floor(share * 100)} %`;

/** `under 1 s`, `12 s`, `3 min`, `2 h 5 min`: how long something will take, no more exact than it is known. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
