// What counters collected beside the captures did while packets were under way: risen, stood still, or of another time.
import { formatUtc } from '../base/time';
import type { CounterSample, CounterSeries, Evidence } from '../model/evidence';
import { THRESHOLDS } from './thresholds';

/** Milliseconds since 1970; null: no packet to go by. */
export type Span = readonly [number, number] | null;

export interface CounterChange {
  readonly file: string;
  readonly name: string;
  /** The last sample before the span and the first behind it; the same where the counter is 0 at the end, and so has never risen. */
  readonly first: CounterSample;
  readonly last: CounterSample;
}

/** Counters, not levels, whose name fits and that were watched over the span. */
export const changesWithin = (
  evidence: readonly Evidence[],
  name: RegExp,
  span: Span,
): readonly CounterChange[] =>
  seriesOf(evidence, name, false).flatMap(({ file, series }) => {
    const change = changeWithin(series, span);
    return change === undefined ? [] : [{ file, name: series.name, ...change }];
  });

export interface LevelSample extends CounterSample {
  readonly file: string;
  readonly name: string;
}

/** Samples of levels within the span; all of them where the file does not say when they are of. */
export const levelsWithin = (
  evidence: readonly Evidence[],
  name: RegExp,
  span: Span,
): readonly LevelSample[] =>
  seriesOf(evidence, name, true).flatMap(({ file, series }) =>
    series.samples
      .filter(({ timeMs }) => span === null || timeMs === null || isNear(timeMs, span))
      .map((sample) => ({ file, name: series.name, ...sample })),
  );

/** Whether a sample is of the span, or not further from it than samples are apart. */
export const isNear = (timeMs: number, span: readonly [number, number]): boolean =>
  timeMs >= span[0] - THRESHOLDS.sampleSlackMs && timeMs <= span[1] + THRESHOLDS.sampleSlackMs;

/** ` at 2021-02-15 13:53:53 UTC`; nothing where the moment is not known. */
export const atMoment = (timeMs: number | null): string =>
  timeMs === null ? '' : ` at ${utcSecond(timeMs)} UTC`;

export const utcSecond = (timeMs: number): string =>
  formatUtc(BigInt(Math.round(timeMs)) * 1_000_000n).slice(0, 19);

const seriesOf = (
  evidence: readonly Evidence[],
  name: RegExp,
  isLevel: boolean,
): readonly { readonly file: string; readonly series: CounterSeries }[] =>
  evidence.flatMap((one) =>
    one.kind === 'counters'
      ? one.series
          .filter((series) => series.isLevel === isLevel && name.test(series.name))
          .map((series) => ({ file: one.file, series }))
      : [],
  );

/** Undefined: fewer than two samples, or all of another time. */
function changeWithin(
  { samples }: CounterSeries,
  span: Span,
): Pick<CounterChange, 'first' | 'last'> | undefined {
  const slack = THRESHOLDS.sampleSlackMs;
  const end = samples[samples.length - 1];
  const isBehind = span === null || end.timeMs === null || end.timeMs >= span[1] - slack;
  if (end.value === 0 && isBehind) return { first: end, last: end };
  let [from, to] = [0, samples.length - 1];
  if (span !== null && samples.every(({ timeMs }) => timeMs !== null)) {
    while (from + 1 < samples.length && samples[from + 1].timeMs! <= span[0] - slack) from += 1;
    while (to > 0 && samples[to - 1].timeMs! >= span[1] + slack) to -= 1;
    if (samples[to].timeMs! < span[0] - slack || samples[from].timeMs! > span[1] + slack)
      return undefined;
  }
  return to > from ? { first: samples[from], last: samples[to] } : undefined;
}
