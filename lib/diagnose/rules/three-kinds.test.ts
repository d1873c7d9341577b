// Every rule of the registry has its three kinds of test: it fires, is silent in health, and leaves the fault that it is mistaken for to that one's rule.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { Diagnosis } from '../../model/finding';
import { type CaseCaptures, caseSources, RULE_CASES } from '../../testing/rule-cases/registry';
import { confirmConsideration } from '../consideration';
import { RULES } from '.';

const diagnose = async (captures: CaseCaptures): Promise<Diagnosis> => {
  const { diagnosis, failures } = await analyseSources(caseSources(captures));
  expect(failures).toEqual([]);
  return diagnosis;
};
const rulesOf = ({ findings }: Diagnosis): readonly string[] => findings.map(({ rule }) => rule);
const graver = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule);

/** Notes on how captures were made: no considerations. */
const CAPTURE_NOTES = new Set([
  'capture-window',
  'capture-defect',
  'clock-fault',
  'repeated-sighting',
  'offload-artefact',
]);

it('every rule has its cases, and no case is of a rule that is gone', () => {
  const ids = RULES.map(({ id }) => id).sort();
  expect(Object.keys(RULE_CASES).sort()).toEqual(ids);
  for (const [rule, { sibling }] of Object.entries(RULE_CASES)) {
    expect(ids, `sibling of ${rule}`).toContain(sibling.rule);
    expect(sibling.rule).not.toBe(rule);
  }
});

describe.each(RULES.map(({ id }) => id))('%s', (rule) => {
  const cases = RULE_CASES[rule];

  it('fires, once, and no other rule calls it a fault', async () => {
    const diagnosis = await diagnose(cases.fires);
    expect(rulesOf(diagnosis).filter((one) => one === rule)).toEqual([rule]);
    const allowed = [rule, ...(cases.also ?? [])];
    expect(graver(diagnosis).filter((one) => !allowed.includes(one))).toEqual([]);
  });

  it('as a verdict keeps its cause apart: how sure it is, and what decides between it and others', async () => {
    const { findings } = await diagnose(cases.fires);
    const { severity, cause, confidence, title } = findings.find((one) => one.rule === rule)!;
    if (severity === 'note') {
      expect(cause).toBeNull();
      return;
    }
    expect(cause).not.toBeNull();
    expect(cause!.open.length).toBeGreaterThan(0);
    for (const { text, decides } of cause!.open) {
      expect(text).toMatch(/^[A-Z].*\.$/s);
      expect(decides).not.toBe('');
    }
    if (cause!.held === null) return;
    expect(cause!.held.text).not.toBe(title);
    expect(cause!.held.confidence).toBeLessThanOrEqual(confidence);
    expect(cause!.held.grounds.length).toBeGreaterThan(0);
  });

  it('as a consideration says so, and can be confirmed', async () => {
    const { findings } = await diagnose(cases.fires);
    const finding = findings.find((one) => one.rule === rule)!;
    if (finding.severity !== 'note' || CAPTURE_NOTES.has(rule)) return;
    expect(finding.title).toMatch(/^Consider: /);
    expect(finding.summary).toMatch(/Consider .*; look at /);
    expect(finding.confidence).toBeLessThanOrEqual(0.5);
    const { title, summary } = confirmConsideration(finding, []);
    expect(`${title} ${summary}`).not.toMatch(/consider|look at/i);
  });

  it('is silent in health, as all rules are', async () => {
    const diagnosis = await diagnose(cases.healthy);
    expect(rulesOf(diagnosis)).not.toContain(rule);
    expect(graver(diagnosis)).toEqual([]);
  });

  it(`leaves ${cases?.sibling.rule} to its rule`, async () => {
    const { sibling } = cases;
    const diagnosis = await diagnose(sibling.captures ?? RULE_CASES[sibling.rule].fires);
    expect(rulesOf(diagnosis)).toContain(sibling.rule);
    expect(rulesOf(diagnosis)).not.toContain(rule);
  });
});
