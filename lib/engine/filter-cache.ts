// The display filter of the page's choice: run once, kept until the text or the tables change.
import type { Result } from '../base/result';
import type { FilterError } from '../filter/tokens';
import type { Diagnosis } from '../model/finding';
import type { Analysis } from './analysis';
import { type FilterMatches, type ReadFrames, runFilter } from './filter-run';

export class FilterCache {
  private kept: { readonly text: string; readonly matches: FilterMatches } | undefined;

  constructor(
    private readonly analysis: Analysis,
    private readonly diagnosis: Diagnosis,
    private readonly readFrames: ReadFrames,
  ) {}

  /** Rejects with AbortError. */
  async matches(text: string, signal: AbortSignal): Promise<Result<FilterMatches, FilterError>> {
    if (this.kept?.text === text) return { ok: true, value: this.kept.matches };
    const result = await runFilter(this.analysis, this.diagnosis, text, this.readFrames, signal);
    if (result.ok) this.kept = { text, matches: result.value };
    return result;
  }
}
