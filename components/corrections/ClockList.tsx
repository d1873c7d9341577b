'use client';
// The hosts: which points are of each and how sure that is, and their clocks against the reference, each to be set by hand.
import { Disclosure } from '@/components/ui/Disclosure';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { formatDuration } from '@/lib/base/time';
import type { Point } from '@/lib/model/capture';
import { clockLines } from '@/lib/model/clock-lines';
import type { HostClock } from '@/lib/model/connection';
import { describeSharing } from '@/lib/model/host-text';
import { boundText } from '@/lib/model/latency-error';
import { namePoints } from '@/lib/scene/point-name';
import { useWorkspace } from '@/lib/store/workspace';
import { ClockSetting } from './ClockSetting';
import { HostMenu } from './HostMenu';

const NO_CLOCKS: readonly HostClock[] = [];
const NO_POINTS: readonly Point[] = [];

export function ClockList() {
  const clocks = useWorkspace((state) => state.status?.clocks ?? NO_CLOCKS);
  const points = useWorkspace((state) => state.status?.points ?? NO_POINTS);
  if (clocks.length < 2 && clocks[0]?.shared === undefined) return null;
  return (
    <>
      <SectionHeading>Hosts and clocks</SectionHeading>
      <ul className="pb-2">
        {clocks.map((clock) => (
          <li key={clock.host} className="flex items-start pr-2">
            <ClockLine clock={clock} points={points} isAlone={clocks.length === 1} />
            <HostMenu host={clock.host} points={points} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ClockLine({
  clock,
  points,
  isAlone,
}: {
  readonly clock: HostClock;
  readonly points: readonly Point[];
  /** There is no other clock. */
  readonly isAlone: boolean;
}) {
  const given = useWorkspace((state) => state.view.lanes.names);
  const own = points.filter(({ host }) => host === clock.host);
  const named = namePoints(points, given);
  const line = (
    <span className="min-w-0 flex-1 py-0.5 pr-3.5 text-xs">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 break-words">
          {own.map(({ id }) => named.get(id)).join(', ')}
        </span>
        <span className="figures shrink-0 text-muted">
          {isAlone ? 'one clock' : describeClock(clock)}
        </span>
      </span>
      {clock.shared && (
        <span className="block text-2xs text-muted">{describeSharing(clock.shared)}</span>
      )}
    </span>
  );
  const [point] = own;
  if (clock.state === 'reference' || point?.place === undefined)
    return <div className="flex min-h-6 items-start pl-[30px]">{line}</div>;
  return (
    <Disclosure line={line} className="pl-3.5">
      <ClockSetting clock={clock} capture={point.place.capture} />
    </Disclosure>
  );
}

/** To the microsecond: bounds are of that size, and so is what one sets by hand. */
const formatOffset = (nanoseconds: number): string =>
  nanoseconds < 1e6 ? formatDuration(nanoseconds) : `${(nanoseconds / 1e6).toFixed(3)} ms`;

/** `368.812 ms ahead ± 34.3 µs` */
function describeClock({ state, segments }: HostClock): string {
  if (state === 'reference') return 'the reference';
  const [first, ...more] = clockLines(segments);
  if (state === 'unknown' || first === undefined) return 'not known';
  const offset =
    Math.abs(first.offsetNs) < 1
      ? 'agrees'
      : `${formatOffset(Math.abs(first.offsetNs))} ${first.offsetNs > 0 ? 'ahead' : 'behind'}`;
  const bound = boundText(first.errorNs);
  return `${offset}${bound}${more.length > 0 ? `, ${more.length} ${more.length === 1 ? 'step' : 'steps'}` : ''}`;
}
