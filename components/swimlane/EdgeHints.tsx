'use client';
// Lanes beyond the edges of the picture: how many there are, and the way to them.
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from 'lucide-react';
import { formatQuantity } from '@/components/ui/format-number';
import type { Placement } from '@/lib/scene/draft';
import type { Lane } from '@/lib/scene/lanes';

/** A lane this near to an edge is seen. */
const NEAR_PX = 6;
/** Of the room, moved at once. */
const STEP = 0.6;

export function EdgeHints({
  lanes,
  placement,
  roomPx,
  isStrips,
  onPush,
}: {
  readonly lanes: readonly Lane[];
  readonly placement: Placement;
  /** Of the axis of lanes. */
  readonly roomPx: number;
  readonly isStrips: boolean;
  /** px to move the lanes by, positive towards the first. */
  readonly onPush: (px: number) => void;
}) {
  if (roomPx === 0) return null;
  const before = lanes.filter((_, index) => placement.x[index] < NEAR_PX);
  const after = lanes.filter((_, index) => placement.x[index] > roomPx - NEAR_PX);
  const step = Math.round(STEP * roomPx);
  return (
    <>
      <Hint lanes={before} isEnd={false} isStrips={isStrips} onPush={() => onPush(-step)} />
      <Hint lanes={after} isEnd isStrips={isStrips} onPush={() => onPush(step)} />
    </>
  );
}

function Hint({
  lanes,
  isEnd,
  isStrips,
  onPush,
}: {
  readonly lanes: readonly Lane[];
  readonly isEnd: boolean;
  readonly isStrips: boolean;
  readonly onPush: () => void;
}) {
  if (lanes.length === 0) return null;
  const Icon = isStrips ? (isEnd ? ChevronDown : ChevronUp) : isEnd ? ChevronRight : ChevronLeft;
  const edge = isStrips
    ? `inset-x-0 h-8 ${isEnd ? 'bottom-0 bg-linear-to-t' : 'top-0 bg-linear-to-b'}`
    : `inset-y-0 w-8 ${isEnd ? 'right-0 bg-linear-to-l' : 'left-0 bg-linear-to-r'}`;
  const place = isStrips
    ? `left-3 ${isEnd ? 'bottom-1.5' : 'top-1.5'}`
    : `top-1/2 ${isEnd ? 'right-1.5' : 'left-1.5'}`;
  return (
    <>
      <div
        aria-hidden
        className={`pointer-events-none absolute from-surface to-transparent ${edge}`}
      />
      <button
        type="button"
        title={lanes.map(({ name }) => name).join('\n')}
        aria-label={`${formatQuantity(lanes.length, 'more lane')} ${isStrips ? (isEnd ? 'below' : 'above') : isEnd ? 'to the right' : 'to the left'}`}
        className={`absolute z-10 inline-flex h-6 items-center gap-0.5 rounded-md border border-line bg-surface px-1.5 text-xs text-muted hover:bg-hover hover:text-ink ${place}`}
        onClick={onPush}
      >
        {!isEnd && !isStrips && <Icon size={13} aria-hidden />}
        {formatQuantity(lanes.length, 'lane')}
        {(isEnd || isStrips) && <Icon size={13} aria-hidden />}
      </button>
    </>
  );
}
