'use client';
// The clocks of the hosts against the reference, each to be set by hand: drawn with the packets that came and went, moved until they make sense.
import { Disclosure } from '@/components/ui/Disclosure';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { formatDuration } from '@/lib/base/time';
import type { Point } from '@/lib/model/capture';
import { clockLines } from '@/lib/model/clock-lines';
import type { HostClock } from '@/lib/model/connection';
import { describePoint } from '@/lib/scene/point-name';
import { useWorkspace } from '@/lib/store/workspace';
import { ClockSetting } from './ClockSetting';

const NO_CLOCKS: readonly HostClock[] = [];
const NO_POINTS: readonly Point[] = [];

export function ClockList() {
  const clocks = useWorkspace((state) => state.status?.clocks ?? NO_CLOCKS);
  const points = useWorkspace((state) => state.status?.points ?? NO_POINTS);
  if (clocks.length < 2) return null;
  return (
    <>
      <SectionHeading>Clocks</SectionHeading>
      <ul className="pb-2">
        {clocks.map((clock) => (
          <li key={clock.host}>
            <ClockLine clock={clock} points={points} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ClockLine({
  clock,
  points,
}: {
  readonly clock: HostClock;
  readonly points: readonly Point[];
}) {
  const own = points.filter(({ host }) => host === clock.host);
  const names = own.map((point) => describePoint(point, points).name).join(', ');
  const line = (
    <span className="flex min-w-0 flex-1 items-baseline gap-2 pr-3.5 text-xs">
      <span className="min-w-0 flex-1 truncate" title={names}>
        {names}
      </span>
      <span className="figures shrink-0 text-muted">{describeClock(clock)}</span>
    </span>
  );
  const [point] = own;
  if (clock.state === 'reference' || point?.place === undefined)
    return <div className="flex min-h-6 items-center pl-[30px]">{line}</div>;
  return (
    <Disclosure line={line} className="pl-3.5">
      <ClockSetting host={clock.host} capture={point.place.capture} />
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
  const bound = first.errorNs === null ? ', no bound' : ` ± ${formatDuration(first.errorNs)}`;
  return `${offset}${bound}${more.length > 0 ? `, ${more.length} ${more.length === 1 ? 'step' : 'steps'}` : ''}`;
}
