// Whatever captures of a case are at hand: no packet is called lost that the others show where its receiver is.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { AnalysisView } from '../../model/analysis-view';
import { FATE_DELIVERED, FATE_LOST } from '../../model/fate';
import type { ByteSource } from '../../read/byte-source';
import { scenarioSources } from '../../testing/committed-captures';

/** Fate of each frame's packet; of a frame that carries several only what they have in common. */
function fatesByFrame(view: AnalysisView): Map<string, number | null> {
  const window = view.journeysOf(view.connections.map((_, index) => index));
  const { journeys, sightings } = window;
  const fates = new Map<string, number | null>();
  for (let journey = 0; journey < window.journeyCount; journey++) {
    const first = journeys.firstSighting[journey];
    for (let row = first; row < first + journeys.sightingCount[journey]; row++) {
      const frame = `${window.files[sightings.capture[row]]}#${sightings.frame[row]}`;
      const fate = journeys.fate[journey];
      fates.set(frame, (fates.get(frame) ?? fate) === fate ? fate : null);
    }
  }
  return fates;
}

const sets = (sources: readonly ByteSource[]): readonly (readonly ByteSource[])[] =>
  Array.from({ length: 1 << sources.length }, (_, chosen) =>
    sources.filter((_source, index) => (chosen >> index) & 1),
  ).filter(({ length }) => length >= 2 && length < sources.length);

describe('fates by some of the captures', () => {
  it.each([
    'sdn-nat-untranslated',
    'bridge-untranslated',
    'sdn-asymmetric',
    'sdn-flood',
    'sdn-loss',
    'sdn-dns',
    'sdn-tuple-collision',
  ])('%s: call nothing lost that came', async (scenario) => {
    const sources = scenarioSources(scenario);
    const known = fatesByFrame((await analyseSources(sources)).analysis);
    expect([...known.values()].filter((fate) => fate === FATE_DELIVERED).length).toBeGreaterThan(
      20,
    );
    for (const some of sets(sources)) {
      const wrong = [...fatesByFrame((await analyseSources(some)).analysis)].filter(
        ([frame, fate]) => fate === FATE_LOST && known.get(frame) === FATE_DELIVERED,
      );
      expect({ captures: some.map(({ name }) => name), wrong }).toMatchObject({ wrong: [] });
    }
  });
});
