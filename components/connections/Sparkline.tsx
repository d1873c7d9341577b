// Activity of a connection over the whole time: a bar a bin, as high as its share of the fullest.
import { classNames } from '@/components/ui/class-names';

const HEIGHT = 14;
const FULL = 255;
/** A single packet is seen. */
const LEAST_PX = 2;

export function Sparkline({
  activity,
  isTroubled,
}: {
  readonly activity: Uint8Array;
  readonly isTroubled: boolean;
}) {
  let path = '';
  activity.forEach((value, bin) => {
    if (value > 0)
      path += `M${bin + 0.4} ${HEIGHT}V${HEIGHT - Math.max(LEAST_PX, (value / FULL) * HEIGHT)}`;
  });
  return (
    <svg
      viewBox={`0 0 ${activity.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
      className="h-3.5 w-full"
    >
      <path
        d={path}
        strokeWidth={0.7}
        className={classNames('fill-none', isTroubled ? 'stroke-failure' : 'stroke-unknown')}
      />
    </svg>
  );
}
