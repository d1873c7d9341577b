'use client';
// While the first captures are read: each with its progress, then the joining of their packets.
import { FileButtons } from '@/components/intake/FileButtons';
import { formatPercent, formatQuantity } from '@/components/ui/format-number';
import { ProgressBar } from '@/components/ui/ProgressBar';
import { selectCaptures, selectProgress } from '@/lib/store/selectors';
import { useWorkspace } from '@/lib/store/workspace';
import { CaptureList } from './CaptureList';
import { CancelReading, ReadingFigures } from './ReadingFigures';

export function ReadingPage() {
  const captures = useWorkspace(selectCaptures);
  const status = useWorkspace((state) => state.status);
  const isJoining = status?.phase === 'correlating';
  const isReading = captures.some((capture) => capture.status.state === 'reading');
  const progress = useWorkspace(selectProgress);
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[720px] px-6 py-10">
        <div role="status">
          <h1 className="text-lg font-semibold tracking-tight">
            {isReading
              ? `Reading ${formatQuantity(captures.length, 'capture')}`
              : isJoining
                ? 'Joining sightings into journeys'
                : 'Nothing to show yet'}
          </h1>
        </div>
        {isReading || isJoining ? (
          <div className="mt-3 flex items-center gap-3">
            <ProgressBar
              value={progress}
              name={isJoining ? 'Joining sightings' : 'Reading all captures'}
            />
            <span className="figures min-w-10 whitespace-nowrap text-right text-xs text-muted">
              {formatPercent(progress)}
            </span>
            {isReading && <CancelReading />}
          </div>
        ) : (
          <div className="mt-2">
            <p className="mb-3 text-muted">No capture is read. Add the captures of one path.</p>
            <FileButtons />
          </div>
        )}
        {isReading && (
          <p className="mt-1.5">
            <ReadingFigures />
          </p>
        )}
        <div className="mt-5 border-y border-line">
          <CaptureList />
        </div>
      </div>
    </main>
  );
}
