'use client';
// The journeys in view as a list box: what a screen reader has instead of the canvas, and where the keyboard's focus lives.
import { type KeyboardEvent, type RefObject, useId } from 'react';
import type { SceneLayout } from '@/lib/scene/layout';
import { describeJourney } from './describe-journey';

/** A picture too dense for lines is not read out line by line. */
const MOST_OPTIONS = 60;

export function JourneyList({
  listRef,
  layout,
  firstRow,
  endRow,
  selectedJourney,
  onKeyDown,
  onJourney,
}: {
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly layout: SceneLayout;
  readonly firstRow: number;
  readonly endRow: number;
  /** −1: none. */
  readonly selectedJourney: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onJourney: (journey: number) => void;
}) {
  const prefix = useId();
  const rows = Array.from(
    { length: Math.max(0, Math.min(MOST_OPTIONS, endRow - firstRow)) },
    (_, index) => firstRow + index,
  );
  const isShown = rows.some((row) => layout.order[row] === selectedJourney);
  return (
    <div
      ref={listRef}
      role="listbox"
      aria-label={`Journeys, ${layout.rowCount} in all`}
      aria-activedescendant={isShown ? `${prefix}-${selectedJourney}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const option = (event.target as HTMLElement).closest<HTMLElement>('[data-journey]');
        if (option) onJourney(Number(option.dataset.journey));
      }}
      className="sr-only"
      data-journeys
      data-part-focus
    >
      {rows.map((row) => {
        const journey = layout.order[row];
        return (
          <div
            key={journey}
            id={`${prefix}-${journey}`}
            role="option"
            aria-selected={journey === selectedJourney}
            aria-posinset={row + 1}
            aria-setsize={layout.rowCount}
            tabIndex={-1}
            data-journey={journey}
          >
            {describeJourney(layout, journey)}
          </div>
        );
      })}
    </div>
  );
}
