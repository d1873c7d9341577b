'use client';
// The findings, worst first: all in full, or one of them in full while its story is told below. What was looked at besides: Checks.tsx.
import { classNames } from '@/components/ui/class-names';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { Keys } from '@/components/ui/Key';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Diagnosis, Finding } from '@/lib/model/finding';
import { capitalised, describeCertainty } from '@/lib/model/finding-text';
import { selectConcerning } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { SEVERITY_WORDS, SeverityMark } from './SeverityMark';
import { TechnicalText } from './TechnicalText';

export function FindingList() {
  const diagnosis = useWorkspace((state) => state.diagnosis);
  const chosen = useWorkspace((state) => state.view.finding);
  const concerning = useWorkspace((state) => selectConcerning(state)?.id);
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
            <FindingCard
              finding={finding}
              isChosen={finding.id === chosen}
              isConcerning={chosen === null && finding.id === concerning}
              isShort={chosen !== null && finding.id !== chosen}
            />
          </li>
        ))}
      </ul>
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
  return [...parts, `${formatQuantity(healthy, 'check')} clear`].join(' · ');
}

function FindingCard({
  finding,
  isChosen,
  isConcerning,
  isShort,
}: {
  readonly finding: Finding;
  readonly isChosen: boolean;
  /** It speaks of the connection that was chosen by itself. */
  readonly isConcerning: boolean;
  /** The story of another one has the room. */
  readonly isShort: boolean;
}) {
  const { severity, title, summary } = finding;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      aria-current={isConcerning ? 'true' : undefined}
      onClick={() => workspace.chooseFinding(finding.id)}
      className={classNames(
        'block w-full border-l-[3px] py-1.5 pr-3.5 pl-[11px] text-left',
        severity === 'failure' && 'border-failure',
        severity === 'warning' && 'border-warning',
        severity === 'note' && 'border-line-strong',
        isChosen || isConcerning ? 'bg-chosen' : 'hover:bg-hover',
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
      {!isShort && (
        <>
          <span className="mt-0.5 block text-muted">
            <TechnicalText text={summary} />
          </span>
          {isConcerning && (
            <span className="mt-1 flex items-center gap-1.5 text-xs">
              Speaks of the connection chosen: <Keys combination="]" /> tells its story
            </span>
          )}
          <span className="mt-0.5 block text-xs text-muted">
            {finding.cause === null
              ? `Confidence: ${describeCertainty(finding)}`
              : capitalised(describeCertainty(finding))}
          </span>
        </>
      )}
    </button>
  );
}
