'use client';
// The findings, worst first; and under them, folded, what was looked at and found healthy or not applicable.
import { classNames } from '@/components/ui/class-names';
import { Disclosure } from '@/components/ui/Disclosure';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Diagnosis, Finding, RuleResult } from '@/lib/model/finding';
import { describeConfidence, wantedCaptures } from '@/lib/model/finding-text';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { CommandLine } from './CommandLine';
import { SEVERITY_WORDS, SeverityMark } from './SeverityMark';
import { TechnicalText } from './TechnicalText';

export function FindingList() {
  const diagnosis = useWorkspace((state) => state.diagnosis);
  const chosen = useWorkspace((state) => state.view.finding);
  if (diagnosis === null) return null;
  return (
    <section aria-labelledby="findings-heading" data-part="findings">
      <SectionHeading id="findings-heading" aside={describeOutcome(diagnosis)}>
        Findings
      </SectionHeading>
      {diagnosis.findings.length === 0 && <Healthy />}
      <ul>
        {diagnosis.findings.map((finding) => (
          <li key={finding.id}>
            <FindingCard finding={finding} isChosen={finding.id === chosen} />
          </li>
        ))}
      </ul>
      <RuleLines rules={diagnosis.rules} />
    </section>
  );
}

/** That nothing was found, and of how much; not more than the rules that ran can say. */
function Healthy() {
  const connections = useWorkspace((state) => state.status?.connections ?? 0);
  const journeys = useWorkspace((state) => state.status?.journeys ?? 0);
  const lost = useWorkspace((state) => state.overview?.losses.reduce((sum, n) => sum + n, 0) ?? 0);
  return (
    <div className="border-l-[3px] border-healthy py-1.5 pr-3.5 pl-[11px]">
      <p className="font-semibold">No fault found</p>
      <p className="mt-0.5 text-muted">
        {formatQuantity(connections, 'connection')}, {formatCount(lost)} of{' '}
        {formatQuantity(journeys, 'packet')} lost. Choose a connection below to see its packets.
      </p>
    </div>
  );
}

function describeOutcome({ findings, rules }: Diagnosis): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const parts = (['failure', 'warning', 'note'] as const)
    .filter((severity) => count(severity) > 0)
    .map((severity) => formatQuantity(count(severity), SEVERITY_WORDS[severity].toLowerCase()));
  const healthy = rules.filter((rule) => rule.result === 'healthy').length;
  return [...parts, `${formatQuantity(healthy, 'rule')} healthy`].join(' · ');
}

function FindingCard({
  finding,
  isChosen,
}: {
  readonly finding: Finding;
  readonly isChosen: boolean;
}) {
  const { severity, title, summary, confidence } = finding;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={() => workspace.chooseFinding(finding.id)}
      className={classNames(
        'block w-full border-l-[3px] py-1.5 pr-3.5 pl-[11px] text-left',
        severity === 'failure' && 'border-failure',
        severity === 'warning' && 'border-warning',
        severity === 'note' && 'border-line-strong',
        isChosen ? 'bg-chosen' : 'hover:bg-hover',
      )}
    >
      <span className="flex items-start gap-2 font-semibold">
        <span className="mt-1">
          <SeverityMark severity={severity} />
        </span>
        <span className="min-w-0">
          <TechnicalText text={title} />
        </span>
      </span>
      <span className="mt-0.5 block text-muted">
        <TechnicalText text={summary} />
      </span>
      <span className="mt-0.5 block text-xs text-muted">
        Confidence: {describeConfidence(confidence)}
      </span>
    </button>
  );
}

const RESULT_WORDS = { healthy: 'healthy', notApplicable: 'not applicable' } as const;

function RuleLines({ rules }: { readonly rules: readonly RuleResult[] }) {
  const quiet = rules.filter((rule) => rule.result !== 'found');
  if (quiet.length === 0) return null;
  const count = (result: RuleResult['result']) =>
    quiet.filter((rule) => rule.result === result).length;
  return (
    <Disclosure
      className="px-2.5"
      line={
        <span className="text-muted">
          {count('healthy')} healthy
          {count('notApplicable') > 0 && `, ${count('notApplicable')} not applicable`}
        </span>
      }
    >
      <dl className="pb-2">
        {quiet.map(({ rule, result, reason }) => (
          <div key={rule} className="px-3.5 py-1 pl-7 text-xs">
            <dt className="flex items-baseline justify-between gap-2">
              <span className="figures">{rule}</span>
              <span className={result === 'healthy' ? 'text-healthy' : 'text-faint'}>
                {result === 'found' ? '' : RESULT_WORDS[result]}
              </span>
            </dt>
            <dd className="text-muted">
              <TechnicalText text={reason} />
            </dd>
          </div>
        ))}
      </dl>
      <WantedCaptures rules={quiet} />
    </Disclosure>
  );
}

/** What would let the others run: a capture for each, with its command. */
function WantedCaptures({ rules }: { readonly rules: readonly RuleResult[] }) {
  const wanted = wantedCaptures(rules);
  if (wanted.length === 0) return null;
  return (
    <div className="px-3.5 pb-3 pl-7 text-xs">
      <h3 className="text-2xs font-semibold text-muted">Captures that would tell more</h3>
      <ul className="space-y-2">
        {wanted.map(({ where, command, asks }) => (
          <li key={command} className="pt-1">
            <p>
              <TechnicalText text={where} />
            </p>
            {asks.map(({ text, rules: wanting }) => (
              <p key={text} className="text-muted">
                {text}: <span className="figures text-2xs">{wanting.join(', ')}</span>
              </p>
            ))}
            <CommandLine command={command} />
          </li>
        ))}
      </ul>
    </div>
  );
}
