// Our display filters against tshark's: which frames of a capture each lets through, as recorded by scripts/filter-oracle.mjs.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UNREAD_YET, YES } from '../filter/compile';
import { compileFilter } from '../filter/filter';
import { memorySource } from '../read/byte-source';
import { scenarioSources } from '../testing/committed-captures';
import { edgeCaptures } from '../testing/edge-captures';
import { analyseSources } from './analyse';
import { SubjectReader } from './filter-subject';
import { FrameReader } from './frame-reader';

const RECORDED = readFileSync(new URL('../filter/tshark-filters.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => line.split('\t'))
  .map(([capture, filter, frames]) => ({ capture, filter, frames: readRanges(frames) }));

function readRanges(text: string): number[] {
  return text.split(' ').flatMap((range) => {
    if (range === '') return [];
    const [start, end = start] = range.split('-').map(Number);
    return Array.from({ length: end - start + 1 }, (_, index) => start + index);
  });
}

async function openCapture(path: string) {
  const [scenario, file] = path.replace(/\.gz$/, '').split('/');
  const source =
    scenario === 'edge'
      ? memorySource(edgeCaptures().find(({ name }) => name === file)!.bytes, file)
      : scenarioSources(scenario).find(({ name }) => name === file)!;
  const { analysis, diagnosis } = await analyseSources([source]);
  const { journeys, input } = analysis.correlation;
  const reader = new SubjectReader(analysis, diagnosis);
  const frames = new FrameReader(source.name, source);
  const bytes = new Map<number, { bytes: Uint8Array; linkType: number; wireLength: number }>();
  const rows = Array.from({ length: input.totalRows }, (_, row) => row);
  await frames.readMany(
    rows,
    analysis.captures[0].summary.interfaces,
    (row, own, linkType, wireLength) => bytes.set(row, { bytes: own, linkType, wireLength }),
    new AbortController().signal,
  );
  /** Every frame that is in a journey, and those of them that the filter lets through. */
  return (filter: string) => {
    const compiled = compileFilter(filter, input.baseTime);
    if (!compiled.ok) throw new Error(`${filter}: ${compiled.error.text}`);
    const known = new Set<number>();
    const passed: number[] = [];
    for (let journey = 0; journey < journeys.count; journey += 1) {
      const count = journeys.firstSighting[journey + 1] - journeys.firstSighting[journey];
      for (let position = 0; position < count; position += 1) {
        const { row } = reader.place(journey, position);
        if (known.has(row + 1)) continue;
        known.add(row + 1);
        let answer = compiled.value(reader.subject);
        if (answer === UNREAD_YET) {
          const read = bytes.get(row)!;
          reader.takeBytes(read.bytes, read.linkType, read.wireLength);
          answer = compiled.value(reader.subject);
        }
        if (answer === YES) passed.push(row + 1);
      }
    }
    return { known, passed: passed.sort((a, b) => a - b) };
  };
}

describe.each([...new Set(RECORDED.map(({ capture }) => capture))])('%s', async (capture) => {
  const run = await openCapture(capture);
  it.each(RECORDED.filter((one) => one.capture === capture))('$filter', ({ filter, frames }) => {
    const { known, passed } = run(filter);
    expect(known.size).toBeGreaterThan(5);
    expect(passed).toEqual(frames.filter((frame) => known.has(frame)));
  });
});
