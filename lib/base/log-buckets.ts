// Counts of durations in buckets that grow with them, so that a nanosecond and a minute fit one small table: eight to the octave, 9 % apart.

const PER_OCTAVE = 8;
/** 2⁴⁴ ns are 4.9 hours; longer ones share the last bucket. */
const OCTAVES = 44;
/** The first bucket holds what is below 1 ns, negative durations too. */
export const LOG_BUCKETS = 1 + OCTAVES * PER_OCTAVE;

/** Bucket of a duration in ns. */
export const logBucket = (ns: number): number =>
  ns < 1 ? 0 : Math.min(LOG_BUCKETS - 1, 1 + Math.floor(Math.log2(ns) * PER_OCTAVE));

/** Where a bucket begins, ns; 0 for the first. */
export const logBucketStart = (bucket: number): number =>
  bucket === 0 ? 0 : 2 ** ((bucket - 1) / PER_OCTAVE);

/** The duration below which the share `q` of the counts in `counts[from … from + LOG_BUCKETS)` lies, to 5 %; NaN where there are none. */
export function logQuantile(counts: Uint32Array, q: number, from = 0): number {
  let total = 0;
  for (let bucket = 0; bucket < LOG_BUCKETS; bucket += 1) total += counts[from + bucket];
  if (total === 0) return Number.NaN;
  const rank = Math.floor((total - 1) * q);
  let below = 0;
  let bucket = 0;
  while (below + counts[from + bucket] <= rank) {
    below += counts[from + bucket];
    bucket += 1;
  }
  return bucket === 0 ? 0 : Math.sqrt(logBucketStart(bucket) * logBucketStart(bucket + 1));
}
