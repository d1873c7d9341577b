'use client';
// All captures together while they are read: bytes, frames, their rate and the time left; and a way to stop.
import { Button } from '@/components/ui/Button';
import { formatBytes, formatCompact, formatTimeLeft } from '@/components/ui/format-number';
import { sumReading } from '@/lib/store/reading-sums';
import { secondsLeft } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';

export function ReadingFigures() {
  const status = useWorkspace((state) => state.status);
  const rate = useWorkspace((state) => state.rates.all);
  const { bytesRead, bytes, frames } = sumReading(status);
  const left = secondsLeft(bytes - bytesRead, rate);
  const parts = [
    `${formatBytes(bytesRead)} of ${formatBytes(bytes)}`,
    ...(frames === 0 ? [] : [`${formatCompact(frames)} frames`]),
    ...(rate === null || rate.framesPerSecond === 0
      ? []
      : [`${formatCompact(rate.framesPerSecond)} frames/s`]),
    ...(left === null ? [] : [`${formatTimeLeft(left)} left`]),
  ];
  return (
    <span className="figures min-w-0 text-xs sm:truncate text-muted">{parts.join(' · ')}</span>
  );
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
