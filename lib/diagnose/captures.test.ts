// The committed captures: each fault is found and cites the frames that prove it, and nothing else is alarmed about.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import {
  captureScenarios,
  scenarioExpectation,
  scenarioSources,
} from '../testing/committed-captures';
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
        const found = new Set(diagnosis.findings.map(({ rule }) => rule));
        expect(
          [...found].filter((rule) => !must.includes(rule)),
          some.map(({ name }) => name).join(', '),
        ).toEqual([]);
        if (some.length > 3) expect(found.size).toBe(1);
      }
    });
});
