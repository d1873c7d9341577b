'use client';
// The captures of the case: how far each is read and how fast, what went wrong with it, cancel and remove.
import { X } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatPercent,
  formatQuantity,
  formatTimeLeft,
} from '@/components/ui/format-number';
import { ProgressBar } from '@/components/ui/ProgressBar';
import type { ReadingRate } from '@/lib/store/reading-rate';
import { secondsLeft, selectCaptures } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { CaptureRow } from '@/lib/store/workspace-state';
import { describeWarning } from './describe-warning';

export function CaptureList() {
  const captures = useWorkspace(selectCaptures);
  const rates = useWorkspace((state) => state.rates.each);
  return (
    <ul className="divide-y divide-line" aria-label="Captures">
      {captures.map((capture) => (
        <CaptureItem key={capture.key} capture={capture} rate={rates[capture.key]} />
      ))}
    </ul>
  );
}

function CaptureItem({
  capture,
  rate,
}: {
  readonly capture: CaptureRow;
  readonly rate: ReadingRate | undefined;
}) {
  const { key, file, status } = capture;
  const isReading = status.state === 'reading';
  return (
    <li className="px-3.5 py-1.5">
      {/* Where both do not fit beside each other the figures go below the name. */}
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 sm:grid-cols-[minmax(0,1fr)_auto_auto]">
        <span className="figures col-start-1 row-start-1 truncate text-xs" title={file}>
          {file}
        </span>
        <span className="figures col-span-2 col-start-1 row-start-2 text-2xs text-muted sm:col-span-1 sm:col-start-2 sm:row-start-1">
          <CaptureFigures capture={capture} rate={rate} />
        </span>
        <Button
          look="quiet"
          size="small"
          className="-mr-1.5 col-start-2 row-start-1 justify-self-end sm:col-start-3"
          onClick={() => (isReading ? workspace.cancelCapture(key) : workspace.removeCapture(key))}
          aria-label={`${isReading ? 'Cancel' : 'Remove'} ${file}`}
          title={isReading ? 'Stop reading this file' : 'Remove this file from the case'}
        >
          {isReading ? 'Cancel' : <X size={12} aria-hidden />}
        </Button>
      </div>
      {isReading && <ProgressBar value={shareRead(capture)} name={`Reading ${file}`} />}
      <CaptureTrouble capture={capture} />
    </li>
  );
}

/** Nothing while a compressed file is unpacked: its frames come after. */
const describeFrames = (frames: number, rate: ReadingRate): string[] =>
  frames === 0
    ? []
    : [`${formatCompact(frames)} frames`, `${formatCompact(rate.framesPerSecond)}/s`];

const describeTimeLeft = (seconds: number | null): string[] =>
  seconds === null ? [] : [`${formatTimeLeft(seconds)} left`];

const shareRead = ({ status, bytes }: CaptureRow): number =>
  status.state === 'reading' && bytes > 0 ? status.bytesRead / bytes : 0;

function CaptureFigures({
  capture,
  rate,
}: {
  readonly capture: CaptureRow;
  readonly rate: ReadingRate | undefined;
}) {
  const { status, bytes } = capture;
  switch (status.state) {
    case 'reading':
      if (status.bytesRead === 0) return `waiting · ${formatBytes(bytes)}`;
      return rate === undefined
        ? formatPercent(shareRead(capture))
        : [
            `${formatBytes(status.bytesRead)} of ${formatBytes(bytes)}`,
            ...describeFrames(status.frames, rate),
            ...describeTimeLeft(secondsLeft(bytes - status.bytesRead, rate)),
          ].join(' · ');
    case 'ready':
      return `${status.summary.format} · ${formatCount(status.summary.frames)} ${status.summary.frames === 1 ? 'frame' : 'frames'} · ${formatBytes(bytes)}`;
    case 'failed':
      return 'not read';
    case 'evidence':
      return `evidence · ${evidenceText(status)}`;
    case 'cancelled':
      return 'cancelled';
  }
}

const evidenceText = ({
  counters,
  entries,
  interfaces,
}: {
  readonly counters: number;
  readonly entries: number;
  readonly interfaces: number;
}): string =>
  counters > 0
    ? formatQuantity(counters, 'counter')
    : entries > 0
      ? formatQuantity(entries, 'conntrack entry', 'conntrack entries')
      : formatQuantity(interfaces, 'interface');

function CaptureTrouble({ capture: { file, status } }: { readonly capture: CaptureRow }) {
  if (status.state === 'failed')
    return <p className="pb-0.5 text-xs text-failure">{describeWarning(status.warning, file)}</p>;
  if (status.state !== 'ready') return null;
  return status.summary.warnings.map((warning) => (
    <p key={`${warning.code} ${warning.offset}`} className="pb-0.5 text-xs text-warning">
      {describeWarning(warning, file)}
    </p>
  ));
}
