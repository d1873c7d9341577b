// A drawing of text-art.ts through the whole pipeline: bytes, frames, correlation, diagnosis.
import { analyseSources } from '../engine/analyse';
import type { AnalysisView } from '../model/analysis-view';
import type { Diagnosis } from '../model/finding';
import { textArtSources } from './text-art';

export async function analyseTextArt(
  text: string,
): Promise<{ readonly analysis: AnalysisView; readonly diagnosis: Diagnosis }> {
  const { analysis, diagnosis, failures } = await analyseSources(textArtSources(text));
  if (failures.length > 0) throw new Error(failures[0].warning.text);
  return { analysis, diagnosis };
}
