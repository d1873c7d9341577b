// What a bench can be told on the command line.
import type { CaptureName } from './traffic/captures';

export interface BenchOptions {
  /** Of each capture; each bench has its own where it is left out. */
  readonly megabytes: number | undefined;
  readonly rounds: number;
  readonly files: readonly CaptureName[] | undefined;
}
