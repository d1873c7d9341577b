// The small heading over a part of a panel, with what belongs beside it.
import type { ReactNode } from 'react';

export function SectionHeading({
  children,
  aside,
  id,
}: {
  readonly children: ReactNode;
  readonly aside?: ReactNode;
  readonly id?: string;
}) {
  return (
    <div className="flex h-7 items-center justify-between gap-3 px-3.5">
      <h2
        id={id}
        className="truncate text-2xs font-semibold uppercase tracking-[0.06em] text-muted"
      >
        {children}
      </h2>
      {aside !== undefined && (
        <div className="flex shrink-0 items-center gap-1 text-2xs font-medium text-muted">
          {aside}
        </div>
      )}
    </div>
  );
}
