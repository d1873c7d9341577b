'use client';
// What the frame is, when and where it was seen, which packet it is a sighting of and what became of that.
import type { ReactNode } from 'react';
import { classNames } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/format-number';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { formatSeconds, formatUtc } from '@/lib/base/time';
import type { FrameDetail } from '@/lib/model/protocol-tree';
import type { FrameTarget } from '@/lib/store/workspace-state';
import {
  describeFate,
  describeJourney,
  describePacket,
  laneName,
  pictureStart,
  type SightingContext,
  sightingTime,
} from './sightings';

const FATE_COLOURS = {
  delivered: 'text-ink',
  lost: 'text-failure',
  missed: 'text-muted',
  unknown: 'text-muted',
} as const;

export function FrameHeader({
  target,
  contexts,
  detail,
}: {
  readonly target: FrameTarget;
  readonly contexts: readonly SightingContext[];
  readonly detail: FrameDetail | null;
}) {
  const [context] = contexts;
  const time =
    detail !== null
      ? formatUtc(BigInt(detail.time))
      : context !== undefined && sightingTime(context);
  return (
    <>
      <SectionHeading
        aside={
          <span className="figures max-w-48 truncate text-xs" title={target.file}>
            {target.file}
          </span>
        }
      >
        Frame <span className="figures">{target.frame}</span>
      </SectionHeading>
      {context !== undefined && (
        <p className="figures px-3.5 pb-1 text-xs break-words">{describePacket(context)}</p>
      )}
      <dl className="grid grid-cols-[64px_minmax(0,1fr)] gap-y-0.5 px-3.5 text-xs">
        {time !== false && <Line name="time">{time}</Line>}
        {context !== undefined && <SightingLines context={context} packets={contexts.length} />}
        {detail !== null && (
          <Line name="length">
            {formatCount(detail.wireLength)} bytes
            {detail.capturedLength < detail.wireLength &&
              `, ${formatCount(detail.capturedLength)} captured`}
          </Line>
        )}
      </dl>
    </>
  );
}

function SightingLines({
  context,
  packets,
}: {
  readonly context: SightingContext;
  readonly packets: number;
}) {
  const { window, sighting } = context;
  const { referenceTime, point, passage, branch, source, destination } = window.sightings;
  const { fate, text, isRefused } = describeFate(context);
  return (
    <>
      <Line name="relative">{formatSeconds(referenceTime[sighting] - pictureStart(window))} s</Line>
      <Line name="point" isWords>
        {laneName(context, point[sighting], passage[sighting])}
        {branch[sighting] > 0 && ', a copy off the way'}
      </Line>
      <Line name="tuple">
        {window.strings[source[sighting]]} → <wbr />
        {window.strings[destination[sighting]]}
      </Line>
      <Line name="journey" isWords>
        {describeJourney(context)}
        {packets > 1 && ` · this frame carries ${packets} packets`}
      </Line>
      <Line name="fate" isWords className={isRefused ? 'text-failure' : FATE_COLOURS[fate]}>
        {text}
      </Line>
    </>
  );
}

function Line({
  name,
  isWords = false,
  className,
  children,
}: {
  readonly name: string;
  /** Set as words, not as figures. */
  readonly isWords?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={classNames('min-w-0 break-words', !isWords && 'figures', className)}>
        {children}
      </dd>
    </>
  );
}
