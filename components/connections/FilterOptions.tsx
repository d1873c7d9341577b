'use client';
// What may be written next in the filter, under the field; the field itself moves the choice.
import type { Completion } from '@/lib/filter/complete';

export function FilterOptions({
  id,
  options,
  current,
  onChoose,
}: {
  readonly id: string;
  readonly options: readonly Completion[];
  readonly current: number;
  readonly onChoose: (index: number) => void;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="What may follow"
      className="absolute top-8 left-0 z-20 grid max-h-64 w-fit max-w-full min-w-80 grid-cols-[max-content_minmax(0,1fr)] overflow-x-hidden overflow-y-auto rounded-md border border-line bg-surface py-1 text-xs shadow-lg"
    >
      {options.map(({ text, label }, index) => (
        <div
          key={text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === current}
          tabIndex={-1}
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(index);
          }}
          className="col-span-2 grid cursor-default grid-cols-subgrid items-baseline gap-4 px-3 py-0.5 aria-selected:bg-hover"
        >
          <span className="figures">{text}</span>
          <span className="min-w-0 truncate text-faint">{label}</span>
        </div>
      ))}
    </div>
  );
}
