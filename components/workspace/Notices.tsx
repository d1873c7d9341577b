'use client';
// Quiet lines under the bar: that a shared snapshot is read, that files are being added, what could not be read. They stay until their cause is gone or they are dismissed.
import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { describeWarning } from '@/components/captures/describe-warning';
import { CancelReading, ReadingFigures } from '@/components/captures/ReadingFigures';
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { formatPercent, formatQuantity } from '@/components/ui/format-number';
import { ProgressBar } from '@/components/ui/ProgressBar';
import { selectCaptures, selectProgress, selectStage } from '@/lib/store/selectors';
import { keeper, useWorkspace, workspace } from '@/lib/store/workspace';
import type { CaptureRow } from '@/lib/store/workspace-state';
import { CloseCaseButton } from './CloseCaseButton';

export function Notices() {
  const stage = useWorkspace(selectStage);
  return (
    <>
      <ReaderNotice />
      <IntakeNotice />
      <OfferNotice />
      <AbsentFiles />
      <TroubleNotice />
      {stage === 'workspace' && <ProgressNotice />}
      {stage === 'workspace' && <FailedCaptures />}
    </>
  );
}

type Tone = 'quiet' | 'failure';

function Notice({
  tone = 'quiet',
  onDismiss,
  children,
}: {
  readonly tone?: Tone;
  readonly onDismiss?: () => void;
  readonly children: ReactNode;
}) {
  return (
    <div
      role={tone === 'failure' ? 'alert' : 'status'}
      className={classNames(
        'flex min-h-7 shrink-0 items-center gap-3 border-b border-line px-3.5 text-xs',
        tone === 'failure' ? 'bg-failure-surface text-failure' : 'bg-sunken text-muted',
      )}
    >
      <div className="flex min-w-0 flex-1 items-center gap-3 py-1">{children}</div>
      {onDismiss !== undefined && (
        <Button look="quiet" size="small" onClick={onDismiss} aria-label="Dismiss">
          <X size={12} aria-hidden />
        </Button>
      )}
    </div>
  );
}

function ReaderNotice() {
  const isShared = useWorkspace((state) => state.session.kind === 'snapshot');
  if (!isShared) return null;
  return (
    <Notice>
      <span className="min-w-0 flex-1">
        Shared snapshot · captures not included · drop captures to start a case of your own
      </span>
      <CloseCaseButton />
    </Notice>
  );
}

function IntakeNotice() {
  const note = useWorkspace((state) => state.intakeNote);
  if (note === null) return null;
  return <Notice onDismiss={() => workspace.dismissIntakeNote()}>{note}</Notice>;
}

/** What was taken away last: a capture or a note. */
function OfferNotice() {
  const offered = useWorkspace((state) => state.offered);
  if (offered === null) return null;
  const { what } = offered;
  return (
    <Notice onDismiss={workspace.hand.forget}>
      <span className="min-w-0 flex-1 truncate">
        {what.kind === 'capture' ? (
          <>
            <span className="figures">{what.file.name}</span> was taken out of the case.
          </>
        ) : (
          `Note deleted: ${what.note.text}`
        )}
      </span>
      <Button look="quiet" size="small" onClick={() => workspace.hand.putBack()}>
        Put it back
      </Button>
    </Notice>
  );
}

/** A kept case whose captures are there by their tables alone. */
function AbsentFiles() {
  const kept = useWorkspace((state) => state.kept);
  const absent = Object.values(kept).filter(({ isAtHand }) => !isAtHand);
  if (absent.length === 0) return null;
  return (
    <Notice>
      <span className="min-w-0 flex-1">
        {formatQuantity(absent.length, 'capture')} without{' '}
        {absent.length === 1 ? 'its file' : 'their files'}: everything but layers and bytes is here.{' '}
        Drop the files again to see those too.
      </span>
      {absent.some(({ hasHandle }) => hasHandle) && (
        <Button look="quiet" size="small" onClick={() => void keeper.askForFiles()}>
          Give access to the files
        </Button>
      )}
    </Notice>
  );
}

function TroubleNotice() {
  const trouble = useWorkspace((state) => state.trouble);
  const problem = useWorkspace((state) => state.status?.problem ?? null);
  if (trouble === null && problem === null) return null;
  return (
    <Notice tone="failure">
      {trouble === null
        ? problem
        : `${trouble}. This is a fault in Hoplane; load the page anew to go on.`}
    </Notice>
  );
}

function ProgressNotice() {
  const phase = useWorkspace((state) => state.status?.phase);
  const analysed = useWorkspace((state) => state.status?.analysed ?? null);
  const progress = useWorkspace(selectProgress);
  if (phase !== 'reading' && phase !== 'correlating') return null;
  const words = phase === 'reading' ? 'Reading captures' : 'Joining sightings into journeys';
  return (
    <Notice>
      {analysed !== null && analysed.captures < analysed.of && (
        <span className="shrink-0 text-warning">
          {`${analysed.captures} of ${formatQuantity(analysed.of, 'capture')} ${analysed.captures === 1 ? 'is' : 'are'} in this picture: it will change`}
        </span>
      )}
      <span className="shrink-0">{words}</span>
      <span className="w-48">
        <ProgressBar value={progress} name={words} />
      </span>
      <span className="figures">{formatPercent(progress)}</span>
      {phase === 'reading' && <ReadingFigures />}
      {phase === 'reading' && <CancelReading />}
    </Notice>
  );
}

function FailedCaptures() {
  const captures = useWorkspace(selectCaptures);
  const [dismissed, setDismissed] = useState<readonly number[]>([]);
  const failed = captures.filter(
    ({ key, status }) => status.state === 'failed' && !dismissed.includes(key),
  );
  return failed.map((capture) => (
    <Notice
      key={capture.key}
      tone="failure"
      onDismiss={() => setDismissed([...dismissed, capture.key])}
    >
      <FailedCapture capture={capture} />
    </Notice>
  ));
}

function FailedCapture({ capture: { file, status } }: { readonly capture: CaptureRow }) {
  if (status.state !== 'failed') return null;
  return (
    <span className="min-w-0">
      <span className="figures">{file}</span> was not read: {describeWarning(status.warning, file)}{' '}
      The other captures go on without it.
    </span>
  );
}
