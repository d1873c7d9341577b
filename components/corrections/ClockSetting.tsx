'use client';
// One clock set by hand: dragged in the chart, typed, or nudged. The chart shows at once what it would mean; the analysis follows when it is let go.
import { Minus, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { formatQuantity } from '@/components/ui/format-number';
import { formatDuration } from '@/lib/base/time';
import { clockLines } from '@/lib/model/clock-lines';
import type { HostClock } from '@/lib/model/connection';
import { nudgeClock } from '@/lib/model/corrections';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { ClockResiduals } from '@/lib/store/workspace-state';
import { ResidualChart } from './ResidualChart';
import { findImpossible } from './residual-scale';

const STEP_NS = 10_000;
const NONE = { count: 0, mostNs: 0 };
/** A drift below shows in no figure of a capture's length. */
const LEAST_DRIFT_PPM = 0.01;

export function ClockSetting({
  clock,
  capture,
}: {
  readonly clock: HostClock;
  /** Fingerprint of one of its captures. */
  readonly capture: string;
}) {
  const corrections = useWorkspace((state) => state.view.corrections);
  const set = corrections.clocks.find((one) => one.capture === capture)?.nudgeNs ?? 0;
  /** Moved, and not let go yet. */
  const [moved, setMoved] = useState(0);
  const residuals = useResiduals(clock.host);
  const [line, ...steps] = clockLines(clock.segments);
  const commit = (nudgeNs: number): void => {
    setMoved(0);
    if (nudgeNs !== set) workspace.hand.correct(nudgeClock(corrections, capture, nudgeNs));
  };
  const impossible = residuals === null ? NONE : findImpossible(residuals, moved);
  return (
    <div className="px-3.5 pt-1 pb-2 pl-[30px]">
      {residuals !== null && residuals.time.length > 0 ? (
        <ResidualChart
          residuals={residuals}
          moved={moved}
          onMove={setMoved}
          onLetGo={(by) => commit(set + by)}
        />
      ) : (
        <p className="text-2xs text-muted">No packet was seen here and on another host.</p>
      )}
      {line !== undefined && steps.length === 0 && (
        <div className="mt-1.5 flex items-center gap-1.5 text-xs">
          <span className="w-14 text-muted">ahead by</span>
          <OffsetField
            key={line.offsetNs + moved}
            label="Offset against the reference, in milliseconds"
            ns={line.offsetNs + moved}
            unitNs={1e6}
            onSet={(offsetNs) => commit(set + offsetNs - line.offsetNs)}
          />
          <span className="text-muted">ms</span>
          {Math.abs(line.driftPpm) >= LEAST_DRIFT_PPM && (
            <span className="figures text-2xs text-muted">
              drifting {line.driftPpm.toFixed(2)} ppm
            </span>
          )}
        </div>
      )}
      <div className="mt-1 flex items-center gap-1.5 text-xs">
        <span className="w-14 text-muted">by hand</span>
        <OffsetField
          key={set + moved}
          label="Offset by hand, in microseconds"
          ns={set + moved}
          unitNs={1e3}
          onSet={commit}
        />
        <span className="text-muted">µs</span>
        <Button
          look="quiet"
          size="small"
          aria-label="10 µs less"
          onClick={() => commit(set - STEP_NS)}
        >
          <Minus size={12} aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="small"
          aria-label="10 µs more"
          onClick={() => commit(set + STEP_NS)}
        >
          <Plus size={12} aria-hidden />
        </Button>
        <span className="flex-1" />
        {set !== 0 && (
          <Button look="quiet" size="small" onClick={() => commit(0)}>
            As solved
          </Button>
        )}
      </div>
      {residuals !== null && impossible.count > 0 && (
        <p
          className={classNames(
            'mt-1 text-2xs',
            impossible.mostNs > residuals.jitterNs ? 'text-failure' : 'text-muted',
          )}
        >
          {formatQuantity(impossible.count, 'packet')} would arrive up to{' '}
          {formatDuration(impossible.mostNs)} before leaving
          {impossible.mostNs > residuals.jitterNs
            ? '.'
            : `: no more than the taking of frames may be off (${formatDuration(residuals.jitterNs)}).`}
        </p>
      )}
    </div>
  );
}

/** A length of time in one unit, to the nanosecond. */
function OffsetField({
  label,
  ns,
  unitNs,
  onSet,
}: {
  readonly label: string;
  readonly ns: number;
  readonly unitNs: number;
  readonly onSet: (ns: number) => void;
}) {
  const shown = String(Math.round(ns) / unitNs);
  const take = (text: string): void => {
    const typed = text.trim().replace('−', '-');
    if (typed !== shown && typed !== '' && Number.isFinite(Number(typed)))
      onSet(Number(typed) * unitNs);
  };
  return (
    <input
      aria-label={label}
      inputMode="decimal"
      defaultValue={shown}
      className="figures h-6 w-28 rounded-md border border-line bg-transparent px-1.5 text-right"
      onBlur={(event) => take(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value);
      }}
    />
  );
}

function useResiduals(host: string): ClockResiduals | null {
  const revision = useWorkspace((state) =>
    state.status?.phase === 'ready' ? state.status.revision : null,
  );
  const [residuals, setResiduals] = useState<ClockResiduals | null>(null);
  useEffect(() => {
    if (revision === null) return;
    const abort = new AbortController();
    void workspace.ask('clockResiduals', { host }, abort.signal).then((found) => {
      if (!abort.signal.aborted) setResiduals(found);
    });
    return () => abort.abort();
  }, [host, revision]);
  return residuals;
}
