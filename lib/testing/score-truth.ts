// Scores journeys against a capture set's truth.json: recall over the pairs it lists, precision over the pairs that journeys claim and whose
// two frames the truth speaks of. Truth names plain files; `.gz` in a capture's name is left out of the comparison.
import type { AnalysisView } from '../model/analysis-view';

export interface Truth {
  readonly frames: Readonly<Record<string, number>>;
  /** `A|B` → pairs of frame numbers. */
  readonly pairs: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

export interface Score {
  readonly recall: number;
  readonly precision: number;
  readonly truePairs: number;
  readonly claimedPairs: number;
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
}

/** Examples kept of what was missed and of what was wrong. */
const EXAMPLES = 20;

/** A frame of an analysed file, as the truth names it; several frames may be one. */
export type Origin = (file: string, frame: number) => readonly [file: string, frame: number];

const asNamed: Origin = (file, frame) => [plainName(file), frame];

export function scoreTruth(view: AnalysisView, truth: Truth, origin: Origin = asNamed): Score {
  const claimed = claimedPairs(view, truth, origin);
  const missed: string[] = [];
  const wrong: string[] = [];
  let truePairs = 0;
  let found = 0;
  let claims = 0;
  let right = 0;
  for (const [files, pairs] of Object.entries(truth.pairs)) {
    const expected = new Set(pairs.map(([a, b]) => `${a} ${b}`));
    const spokenA = new Set(pairs.map(([a]) => a));
    const spokenB = new Set(pairs.map(([, b]) => b));
    const [fileA, fileB] = files.split('|');
    const claim = claimed.get(files) ?? new Set<string>();
    truePairs += expected.size;
    for (const pair of expected) {
      if (claim.has(pair)) found += 1;
      else if (missed.length < EXAMPLES) missed.push(`${files} ${pair}`);
    }
    for (const pair of claim) {
      const [a, b] = pair.split(' ').map(Number);
      const spoken =
        fileA === fileB
          ? (spokenA.has(a) || spokenB.has(a)) && (spokenA.has(b) || spokenB.has(b))
          : spokenA.has(a) && spokenB.has(b);
      if (!spoken) continue;
      claims += 1;
      if (expected.has(pair)) right += 1;
      else if (wrong.length < EXAMPLES) wrong.push(`${files} ${pair}`);
    }
  }
  return {
    recall: truePairs === 0 ? 1 : found / truePairs,
    precision: claims === 0 ? 1 : right / claims,
    truePairs,
    claimedPairs: claims,
    missed,
    wrong,
  };
}

/** `A|B` → `a b` of every two sightings of a journey, in the file order of the truth's key; within one file the lower frame first. */
function claimedPairs(view: AnalysisView, truth: Truth, origin: Origin): Map<string, Set<string>> {
  const claimed = new Map<string, Set<string>>();
  const claim = (fileA: string, a: number, fileB: string, b: number): boolean => {
    const key = `${fileA}|${fileB}`;
    if (truth.pairs[key] === undefined) return false;
    if (fileA === fileB && a === b) return true;
    const pairs = claimed.get(key) ?? new Set<string>();
    claimed.set(key, pairs);
    pairs.add(fileA === fileB ? `${Math.min(a, b)} ${Math.max(a, b)}` : `${a} ${b}`);
    return true;
  };
  view.connections.forEach((_, index) => {
    const { journeys, journeyCount, sightings, files } = view.journeysOf([index]);
    for (let j = 0; j < journeyCount; j += 1) {
      const from = journeys.firstSighting[j];
      const to = from + journeys.sightingCount[j];
      for (let s = from; s < to; s += 1)
        for (let t = s + 1; t < to; t += 1) {
          const [[fileA, a], [fileB, b]] = [s, t].map((at) =>
            origin(files[sightings.capture[at]], sightings.frame[at]),
          );
          if (!claim(fileA, a, fileB, b) && fileA !== fileB) claim(fileB, b, fileA, a);
        }
    }
  });
  return claimed;
}

const plainName = (file: string): string => file.replace(/^.*[\\/]/, '').replace(/\.gz$/, '');
