'use client';
import { CopyButton } from '@/components/ui/CopyButton';
// The chosen finding, told: its steps with their frames, what else it might be, what would confirm it, how to fix it, where to read on.
import { classNames } from '@/components/ui/class-names';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Finding, FindingStep } from '@/lib/model/finding';
import { isSameFrame, selectFinding } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { CopyFinding } from './CopyFinding';
import { describeFrames } from './describe-frames';
import { TechnicalText } from './TechnicalText';

export function Story() {
  const finding = useWorkspace(selectFinding);
  if (finding === null) return null;
  return (
    <section aria-labelledby="story-heading">
      <SectionHeading id="story-heading" aside={<CopyFinding finding={finding} />}>
        The story
      </SectionHeading>
      <ol className="pb-1">
        {finding.steps.map((step, index) => (
          <li key={`${step.text} ${step.frames[0]?.file} ${step.frames[0]?.frame}`}>
            <StepLine step={step} number={index + 1} />
          </li>
        ))}
      </ol>
      <Confirm finding={finding} />
      {finding.fix !== null && (
        <Part title="Fix">
          <p>
            <TechnicalText text={finding.fix} />
          </p>
        </Part>
      )}
      <Alternatives finding={finding} />
      <References finding={finding} />
    </section>
  );
}

function StepLine({ step, number }: { readonly step: FindingStep; readonly number: number }) {
  const selected = useWorkspace((state) => state.view.selected);
  const isCurrent = step.frames.some((frame) => isSameFrame(frame, selected));
  const first = step.frames[0];
  return (
    <button
      type="button"
      disabled={first === undefined}
      aria-current={isCurrent ? 'step' : undefined}
      onClick={() => workspace.selectFrame(first)}
      className={classNames(
        'flex w-full gap-2.5 px-3.5 py-1 text-left',
        isCurrent ? 'bg-chosen' : 'enabled:hover:bg-hover',
      )}
    >
      <span className="figures mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full bg-ink text-[10px] font-semibold leading-none text-surface">
        {number}
      </span>
      <span className="min-w-0">
        <TechnicalText text={step.text} />
        <FrameNumbers step={step} />
      </span>
    </button>
  );
}

function FrameNumbers({ step: { frames } }: { readonly step: FindingStep }) {
  if (frames.length === 0) return null;
  return (
    <span
      className="figures flex flex-wrap gap-x-2.5 text-2xs text-faint"
      title={frames.map(({ file, frame }) => `${file} #${frame}`).join('\n')}
    >
      {describeFrames(frames).map((text) => (
        <span key={text} className="max-w-full break-words">
          {text}
        </span>
      ))}
    </span>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className="pb-1">
      <SectionHeading>{title}</SectionHeading>
      <div className="px-3.5 pb-1">{children}</div>
    </div>
  );
}

function Confirm({ finding }: { readonly finding: Finding }) {
  if (finding.confirm.length === 0) return null;
  return (
    <Part title="Confirm">
      <ul className="space-y-1.5">
        {finding.confirm.map(({ text, command }) => (
          <li key={command}>
            <p className="text-muted">
              <TechnicalText text={text} />
            </p>
            {command !== '' && (
              <div className="mt-0.5 flex items-start justify-between gap-1 rounded-lg bg-sunken py-0.5 pr-0.5 pl-2">
                <code className="figures min-w-0 py-1 text-xs break-words whitespace-pre-wrap">
                  {command}
                </code>
                <CopyButton text={command} name="the command" />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Alternatives({ finding }: { readonly finding: Finding }) {
  if (finding.alternatives.length === 0) return null;
  return (
    <Part title="Also considered">
      <ul className="space-y-1">
        {finding.alternatives.map(({ rule, why }) => (
          <li key={rule}>
            <span className="figures text-xs">{rule}</span>
            <span className="block text-muted">
              <TechnicalText text={why} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function References({ finding }: { readonly finding: Finding }) {
  if (finding.references.length === 0) return null;
  return (
    <Part title="Read on">
      <ul>
        {finding.references.map(({ title, url }) => (
          <li key={url}>
            {/^https:\/\//.test(url) ? (
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                className="underline decoration-line-strong underline-offset-2 hover:decoration-ink"
              >
                {title}
              </a>
            ) : (
              title
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
