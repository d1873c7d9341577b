'use client';
// All captures together while they are read: bytes, frames, their rate and the time left; and a way to stop.
import { Button } from '@/components/ui/Button';
import { formatBytes, formatCompact, formatTimeLeft } from '@/components/ui/format-number';
import { computeReadingTotals } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';

export function ReadingFigures() {
  const status = useWorkspace((state) => state.status);
  const rates = useWorkspace((state) => state.rates);
  const { bytesRead, bytes, frames, framesPerSecond, secondsLeft } = computeReadingTotals({
    status,
    rates,
  });
  const parts = [
    `${formatBytes(bytesRead)} of ${formatBytes(bytes)}`,
    `${formatCompact(frames)} frames`,
    ...(framesPerSecond > 0 ? [`${formatCompact(framesPerSecond)} frames/s`] : []),
    ...(secondsLeft === null ? [] : [`${formatTimeLeft(secondsLeft)} left`]),
  ];
  return <span className="figures min-w-0 truncate text-xs text-muted">{parts.join(' · ')}</span>;
}

export function CancelReading() {
  return (
    <Button
      look="quiet"
      size="small"
      onClick={() => workspace.cancelReading()}
      title="Stop reading; what was read whole stays"
    >
      Cancel all
    </Button>
  );
}
