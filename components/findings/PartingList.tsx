'use client';
// Where two connections part, in words, with a way to the frames of each.
import { classNames } from '@/components/ui/class-names';
import type { FrameReference, Parting } from '@/lib/model/finding';
import { isSameFrame } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { FrameNumbers } from './FrameNumbers';
import { TechnicalText } from './TechnicalText';

const KIND_WORDS: Readonly<Record<Parting['kind'], string>> = {
  hop: 'Hop',
  tuple: 'Tuple',
  flag: 'Flags',
  timing: 'Timing',
  way: 'Way',
  header: 'Header',
};

export function PartingList({
  partings,
  names,
  isNumbered = false,
  className,
}: {
  readonly partings: readonly Parting[];
  /** What the two are called: `failing`, `healthy`. */
  readonly names: readonly [string, string];
  /** As the picture numbers them. */
  readonly isNumbered?: boolean;
  readonly className?: string;
}) {
  return (
    <ol className={className}>
      {partings.map((parting, index) => (
        <li key={parting.text}>
          {isNumbered && (
            <span className="mr-1.5 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-ink text-2xs font-semibold text-surface">
              {index + 1}
            </span>
          )}
          <span className="mr-1.5 text-2xs font-semibold text-muted">
            {KIND_WORDS[parting.kind]}
          </span>
          <TechnicalText text={parting.text} />
          <span className={isNumbered ? 'flex flex-wrap gap-x-5' : undefined}>
            <Frames name={names[0]} frames={parting.frames} />
            <Frames name={names[1]} frames={parting.siblingFrames} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Frames({
  name,
  frames,
}: {
  readonly name: string;
  readonly frames: readonly FrameReference[];
}) {
  const selected = useWorkspace((state) => state.view.selected);
  const [first] = frames;
  if (first === undefined) return null;
  const isCurrent = frames.some((frame) => isSameFrame(frame, selected));
  return (
    <span className={classNames('flex max-w-full items-baseline gap-2', isCurrent && 'bg-chosen')}>
      <button
        type="button"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => workspace.selectFrame(first)}
        className="min-w-12 shrink-0 text-left text-2xs text-muted hover:bg-hover"
      >
        {name}
      </button>
      <FrameNumbers frames={frames} />
    </span>
  );
}
