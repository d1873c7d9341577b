'use client';
// The packet's sightings in path order, each a way to its frame, with what the hop before it rewrote.
import { useMemo } from 'react';
import { classNames } from '@/components/ui/class-names';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { formatDuration } from '@/lib/base/time';
import { describeByteLatency, findByteLatency } from '@/lib/model/byte-latency';
import { boundText, LatencyErrors } from '@/lib/model/latency-error';
import { deriveRewrites, isTranslationField } from '@/lib/model/rewrites';
import { isSameFrame } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { laneName, type SightingContext, sightingBefore } from './sightings';

export function JourneyPath({ context }: { readonly context: SightingContext }) {
  const { window, journey } = context;
  const first = window.journeys.firstSighting[journey];
  const rows = Array.from({ length: window.journeys.sightingCount[journey] }, (_, i) => first + i);
  const errors = useLatencyErrors(window.baseTime);
  return (
    <div className="mt-2">
      <SectionHeading aside={<span className="figures">{rows.length}</span>}>
        Seen at
      </SectionHeading>
      <ol>
        {rows.map((row) => (
          <PathLine key={row} context={context} row={row} isFirst={row === first} errors={errors} />
        ))}
      </ol>
    </div>
  );
}

function PathLine({
  context,
  row,
  isFirst,
  errors,
}: {
  readonly context: SightingContext;
  readonly row: number;
  readonly isFirst: boolean;
  readonly errors: LatencyErrors | null;
}) {
  const selected = useWorkspace((state) => state.view.selected);
  const { window, journey } = context;
  const { capture, frame, point, passage, branch, referenceTime } = window.sightings;
  const target = { file: window.files[capture[row]], frame: frame[row] };
  const isCurrent = isSameFrame(selected, target);
  const since = isFirst
    ? ''
    : sinceText(
        referenceTime[row] - referenceTime[row - 1],
        errors?.since(window, row, window.journeys.direction[journey]) ?? 0,
      );
  const before = sightingBefore({ ...context, sighting: row });
  const bytes = before === undefined ? undefined : findByteLatency(window, journey, before, row);
  // Of the sighting at hand they stand above, in a table of their own.
  const rewrites =
    before === undefined || row === context.sighting ? [] : deriveRewrites(window, before, row);
  return (
    <li>
      <button
        type="button"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => workspace.selectFrame(target)}
        onPointerEnter={() => workspace.hoverFrame(target)}
        onPointerLeave={() => workspace.hoverFrame(null)}
        className={classNames(
          'flex h-[22px] w-full items-center gap-2 px-3.5 text-left text-xs',
          isCurrent ? 'bg-chosen' : 'hover:bg-hover',
        )}
      >
        <span className="min-w-0 flex-1 truncate">
          {laneName(context, point[row], passage[row])}
          {branch[row] > 0 && <span className="text-muted"> copy</span>}
        </span>
        <span className="figures shrink-0 text-muted" title={target.file}>
          #{target.frame}
        </span>
        <span className="figures min-w-16 shrink-0 text-right text-muted">{since}</span>
      </button>
      {bytes !== undefined && (
        <p
          className="figures pr-3.5 pb-0.5 pl-6 text-right text-2xs text-muted"
          title={`Of the frame that ${bytes.packets} packets share`}
        >
          {describeByteLatency(bytes)}
        </p>
      )}
      {rewrites.length > 0 && (
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-2 pr-3.5 pb-1.5 pl-6 text-2xs">
          {rewrites.map(({ field, before: old, after }) => (
            <RewriteLine
              key={field}
              field={field}
              text={`${old === '' ? 'none' : old} → ${after === '' ? 'none' : after}`}
            />
          ))}
        </dl>
      )}
    </li>
  );
}

/** Time since the sighting before, with what clocks may make of it. */
const sinceText = (ns: number, errorNs: number | null): string =>
  `${ns < 0 ? '−' : '+'}${formatDuration(Math.abs(ns))}${boundText(errorNs)}`;

function useLatencyErrors(baseTime: string): LatencyErrors | null {
  const points = useWorkspace((state) => state.status?.points);
  const clocks = useWorkspace((state) => state.status?.clocks);
  const hops = useWorkspace((state) => state.status?.hops);
  return useMemo(
    () =>
      points === undefined || clocks === undefined || hops === undefined
        ? null
        : new LatencyErrors({ points, clocks, hops, baseTime: BigInt(baseTime) }),
    [points, clocks, hops, baseTime],
  );
}

/** Names of protocols may be broken behind a colon, so that none is cut; addresses are left whole. */
const breakable = (field: string, text: string): string =>
  field === 'frame.protocols' ? text.replaceAll(':', ':\u200b') : text;

function RewriteLine({ field, text }: { readonly field: string; readonly text: string }) {
  return (
    <>
      <dt className="figures text-muted">{field}</dt>
      <dd
        className={classNames(
          'figures min-w-0 break-words',
          isTranslationField(field) ? 'text-nat' : 'text-muted',
        )}
      >
        {breakable(field, text)}
      </dd>
    </>
  );
}
