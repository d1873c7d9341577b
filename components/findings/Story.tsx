'use client';
// The chosen finding, told: its steps with their frames, what else it might be, what would confirm it, how to fix it, where to read on.
import { type RefObject, useEffect, useRef } from 'react';
import { classNames } from '@/components/ui/class-names';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Finding, FindingStep } from '@/lib/model/finding';
import { describeConfidence } from '@/lib/model/finding-text';
import { findStepAt, isSameFrame, selectFinding } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { FrameTarget } from '@/lib/store/workspace-state';
import { Cause } from './Cause';
import { CommandLine } from './CommandLine';
import { Comparison } from './Comparison';
import { CopyFinding } from './CopyFinding';
import { Fix } from './Fix';
import { FrameNumbers } from './FrameNumbers';
import { Part } from './Part';
import { Speaking } from './Speaking';
import { TechnicalText } from './TechnicalText';
import { Times } from './Times';

export function Story() {
  const finding = useWorkspace(selectFinding);
  const at = useWorkspace((state) => findStepAt(finding?.steps ?? [], state.view.selected));
  if (finding === null) return null;
  return (
    <section aria-labelledby="story-heading">
      <SectionHeading id="story-heading" aside={<CopyFinding finding={finding} />}>
        The story
      </SectionHeading>
      <ol className="pb-1">
        {finding.steps.map((step, index) => (
          <li key={`${step.text} ${step.frames[0]?.file} ${step.frames[0]?.frame}`}>
            <StepLine step={step} number={index + 1} isAt={index === at} />
          </li>
        ))}
      </ol>
      <Cause cause={finding.cause} />
      <Comparison finding={finding} />
      <Times finding={finding} />
      <Grounds finding={finding} />
      <Evidence finding={finding} />
      <Confirm finding={finding} />
      <Fix fix={finding.fix} />
      <Alternatives finding={finding} />
      <References finding={finding} />
    </section>
  );
}

function StepLine({
  step,
  number,
  isAt,
}: {
  readonly step: FindingStep;
  readonly number: number;
  /** Of the steps that cite the chosen frame, the one that the keys are at. */
  readonly isAt: boolean;
}) {
  const selected = useWorkspace((state) => state.view.selected);
  const isCurrent = step.frames.some((frame) => isSameFrame(frame, selected));
  const first = step.frames[0];
  const line = useRef<HTMLDivElement>(null);
  useFollowedStep(line, isAt, number === 1, selected);
  return (
    <div ref={line} className={classNames('px-3.5 py-1', isCurrent && 'bg-chosen')}>
      <button
        type="button"
        disabled={first === undefined}
        aria-current={isAt ? 'step' : undefined}
        onClick={() => workspace.selectFrame(first)}
        className="-mx-1 flex w-[calc(100%+8px)] gap-2.5 rounded-sm px-1 text-left enabled:hover:bg-hover"
      >
        <span className="figures mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full bg-ink text-[10px] font-semibold leading-none text-surface">
          {number}
        </span>
        <span className="min-w-0">
          <TechnicalText text={step.text} />
        </span>
      </button>
      <div className="pl-[26px]">
        <FrameNumbers frames={step.frames} />
      </div>
    </div>
  );
}

/**
 * A step that was reached by keys, or whose frame was chosen elsewhere, is scrolled to, its beginning when not all of it fits. Not the first step of a
 * finding that was just chosen: what was found stands above it.
 */
function useFollowedStep(
  line: RefObject<HTMLDivElement | null>,
  isAt: boolean,
  isFirst: boolean,
  selected: FrameTarget | null,
): void {
  const isOpening = useRef(isFirst);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a frame chosen anew is followed anew.
  useEffect(() => {
    const place = line.current;
    if (!isAt || place === null) return;
    if (isOpening.current) {
      isOpening.current = false;
      return;
    }
    place.scrollIntoView({ block: 'nearest' });
    place.querySelector('button')?.scrollIntoView({ block: 'nearest' });
  }, [line, isAt, selected]);
}

function Grounds({ finding }: { readonly finding: Finding }) {
  if (finding.grounds.length === 0) return null;
  return (
    <Part
      title={finding.cause === null ? 'How sure, and why' : 'How sure that it happened, and why'}
    >
      <p>{describeConfidence(finding.confidence)}</p>
      <Speaking statements={finding.grounds} />
    </Part>
  );
}

function Evidence({ finding }: { readonly finding: Finding }) {
  if (finding.evidence.length === 0) return null;
  return (
    <Part title="Evidence beside the packets">
      <Speaking
        statements={finding.evidence.map(({ file, line, text, speaks }) => ({
          text: `${file}, line ${line}: ${text}`,
          speaks,
        }))}
      />
    </Part>
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
            {command !== '' && <CommandLine command={command} />}
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
