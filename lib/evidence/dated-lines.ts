// Lines of `date` between what is logged again and again: the moment that the lines behind them are of.

/** `Sun Nov 22 18:06:23 UTC 2026`, `2026-11-22T18:06:23Z`; undefined: it is no date. In another zone than UTC the moment is not known: null. */
export function parseDate(line: string): number | null | undefined {
  const words = /^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d ([A-Z]+ )?\d{4}$/.exec(line);
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(line);
  if (words === null && !isIso) return undefined;
  const zone = words?.[1]?.trim();
  if (words !== null && zone !== 'UTC' && zone !== 'GMT') return null;
  const time = Date.parse(line);
  return Number.isNaN(time) ? null : time;
}
