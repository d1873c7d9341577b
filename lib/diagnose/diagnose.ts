// All rules over one analysis: facts first, then each rule in turn. A generator, so that the engine can answer questions in between.
import type { AnalysisView } from '../model/analysis-view';
import type { Evidence } from '../model/evidence';
import type { Diagnosis, Finding, RuleResult, Severity } from '../model/finding';
import { withCause } from './causes';
import { buildFacts, type CaseFacts } from './facts';
import { withPlaceAndShare } from './how-often';
import { RULES } from './rules';
import { settleCauses } from './settle-causes';
import { compareFindings } from './sibling';
import { weighEvidence } from './weigh-evidence';

const RANK: Readonly<Record<Severity, number>> = { failure: 0, warning: 1, note: 2 };

/** Yields 0 … 1; returns findings, worst and surest first, and what each rule made of the case. */
export function* diagnoseSteps(
  view: AnalysisView,
  evidence: readonly Evidence[] = [],
): Generator<number, Diagnosis> {
  const steps = buildFacts(view);
  let step = steps.next();
  while (!step.done) {
    yield 0.8 * step.value;
    step = steps.next();
  }
  const facts = step.value;
  const findings: Finding[] = [];
  const rules: RuleResult[] = [];
  for (const [index, rule] of RULES.entries()) {
    const answer = rule.judge(facts);
    if (answer.result === 'found')
      for (const finding of answer.findings)
        findings.push(
          weighEvidence(facts, withCause(facts, withDirection(facts, finding)), evidence),
        );
    rules.push({
      rule: rule.id,
      result: answer.result,
      reason: answer.reason,
      lacks: answer.result === 'notApplicable' ? (answer.lacks ?? []) : [],
    });
    yield 0.8 + (0.2 * (index + 1)) / RULES.length;
  }
  const settled = settleCauses(facts, findings)
    .map((finding) => withPlaceAndShare(facts, finding))
    .sort(
      (a, b) =>
        RANK[a.severity] - RANK[b.severity] ||
        b.confidence - a.confidence ||
        b.connections.length - a.connections.length ||
        (a.id < b.id ? -1 : 1),
    );
  return { findings: compareFindings(facts, settled), rules };
}

/** Stops of `between` are numbered in the direction of the packets that pass there: as its rule says, else of the one that loses some, where both do. */
function withDirection({ hops }: CaseFacts, finding: Finding): Finding {
  if (finding.between === null || finding.direction !== null) return finding;
  const [from, to] = finding.between;
  const ways = hops.filter((hop) => hop.from === from && hop.to === to);
  const way = ways.find(({ lost }) => lost > 0) ?? ways[0];
  return { ...finding, direction: way?.direction ?? null };
}

/** All steps at once. */
export function diagnose(view: AnalysisView): Diagnosis {
  const steps = diagnoseSteps(view);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
