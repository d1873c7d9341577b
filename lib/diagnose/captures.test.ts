// The committed captures: each fault is found and cites the frames that prove it, and nothing else is alarmed about.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import {
  captureScenarios,
  scenarioExpectation,
  scenarioSources,
} from '../testing/committed-captures';
import { type Spoiling, spoilCapture } from '../testing/spoil-capture';
import { RULES } from './rules';

const KNOWN = new Set(RULES.map(({ id }) => id));

describe('diagnosis of the committed captures', () => {
  for (const scenario of captureScenarios())
    it(scenario, async () => {
      const { must, may, frames } = scenarioExpectation(scenario);
      const { diagnosis } = await analyseSources(scenarioSources(scenario));
      const found = new Set(diagnosis.findings.map(({ rule }) => rule));
      for (const alternatives of must) {
        // Rules still to be written cannot be asked for.
        const rules = alternatives.split('|').filter((rule) => KNOWN.has(rule));
        if (rules.length > 0) expect(rules.some((rule) => found.has(rule))).toBe(true);
      }
      const wanted = new Set([...must.flatMap((rule) => rule.split('|')), ...may]);
      const alarms = diagnosis.findings.filter(
        ({ rule, severity }) =>
          !wanted.has(rule) &&
          (severity === 'failure' || (must.length === 0 && severity === 'warning')),
      );
      expect(alarms.map(({ rule, title }) => `${rule}: ${title}`)).toEqual([]);
      for (const [rule, expected] of Object.entries(frames ?? {})) {
        const cited = diagnosis.findings
          .filter((finding) => finding.rule === rule)
          .flatMap(({ steps }) => steps.flatMap((step) => step.frames))
          .map(({ file, frame }) => `${file}#${frame}`);
        for (const [file, frame] of expected) expect(cited).toContain(`${file}#${frame}`);
      }
      for (const { grounds, steps, alternatives } of diagnosis.findings) {
        expect(grounds.length).toBeGreaterThan(0);
        expect(steps.length).toBeGreaterThan(0);
        for (const { rule } of alternatives) expect(KNOWN).toContain(rule);
      }
      expect(diagnosis.rules.map(({ rule }) => rule)).toEqual(RULES.map(({ id }) => id));
    });
});

describe('the same captures with points missing', () => {
  for (const scenario of ['sdn-nat-untranslated', 'sdn-tuple-collision', 'bridge-untranslated'])
    it(`never name another cause: ${scenario}`, async () => {
      const { must } = scenarioExpectation(scenario);
      const sources = scenarioSources(scenario);
      for (let chosen = 1; chosen < 1 << sources.length; chosen++) {
        const some = sources.filter((_, index) => chosen & (1 << index));
        const { diagnosis } = await analyseSources(some);
        const found = new Set(
          diagnosis.findings.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule),
        );
        expect(
          [...found].filter((rule) => !must.includes(rule)),
          some.map(({ name }) => name).join(', '),
        ).toEqual([]);
        if (some.length > 3) expect(found.size).toBe(1);
      }
    });
});

/** What is done to the file at `index` of `count`. */
const SPOILINGS: Readonly<Record<string, (index: number, count: number) => Spoiling>> = {
  'frames cut to 96 bytes': () => ({ snaplen: 96 }),
  'the last clock behind by 0.37 s': (index, count) =>
    index === count - 1 ? { clockNs: -370_000_000n } : {},
  'the first clock an hour ahead': (index) => (index === 0 ? { clockNs: 3_600_000_000_000n } : {}),
  'the second begun late': (index) => (index === 1 ? { keeps: (_, share) => share > 0.33 } : {}),
  'the first ended early': (index) => (index === 0 ? { keeps: (_, share) => share < 0.67 } : {}),
  'the last with drops': (index, count) =>
    index === count - 1 ? { keeps: (frame) => frame % 50 !== 18 } : {},
};

describe('the same captures badly made', () => {
  for (const scenario of [
    'sdn-healthy',
    'sdn-asymmetric',
    'sdn-flood',
    'sdn-nat-untranslated',
    'sdn-tuple-collision',
    'bridge-untranslated',
  ])
    for (const [name, spoil] of Object.entries(SPOILINGS))
      it(`give the same verdict: ${scenario}, ${name}`, async () => {
        const sources = scenarioSources(scenario);
        const spoiled = await Promise.all(
          sources.map((source, index) => spoilCapture(source, spoil(index, sources.length))),
        );
        const { diagnosis } = await analyseSources(spoiled);
        const verdicts = diagnosis.findings.filter(({ severity }) => severity !== 'note');
        expect(verdicts.map(({ rule }) => rule)).toEqual(scenarioExpectation(scenario).must);
      });
});
