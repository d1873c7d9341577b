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
  side,
  firstRow,
  endRow,
  selectedJourney,
  onKeyDown,
  onJourney,
}: {
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly layout: SceneLayout;
  /** Of two connections side by side the one that is listed. */
  readonly side?: 0 | 1;
  readonly firstRow: number;
  readonly endRow: number;
  /** −1: none. */
  readonly selectedJourney: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onJourney: (journey: number) => void;
}) {
  const prefix = useId();
  const { journeys, journeyCount } = layout.input.window;
  const isListed = (row: number): boolean =>
    side === undefined || journeys.connection[layout.order[row]] === side;
  const rows: number[] = [];
  for (let row = firstRow; row < endRow && rows.length < MOST_OPTIONS; row++)
    if (isListed(row)) rows.push(row);
  const total =
    side === undefined
      ? layout.rowCount
      : journeys.connection
          .subarray(0, journeyCount)
          .reduce((sum, one) => sum + +(one === side), 0);
  const isShown = rows.some((row) => layout.order[row] === selectedJourney);
  return (
    <div
      ref={listRef}
      role="listbox"
      aria-label={`Journeys, ${total} in all`}
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
            aria-posinset={side === undefined ? row + 1 : undefined}
            aria-setsize={side === undefined ? total : undefined}
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
