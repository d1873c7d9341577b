'use client';
// A failing connection beside its nearest healthy sibling: where the two part, with a way to the frames of each.
import { classNames } from '@/components/ui/class-names';
import type { Finding, FrameReference, Parting } from '@/lib/model/finding';
import { isSameFrame } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { FrameNumbers } from './FrameNumbers';
import { Part } from './Part';
import { TechnicalText } from './TechnicalText';

const KIND_WORDS: Readonly<Record<Parting['kind'], string>> = {
  hop: 'Hop',
  tuple: 'Tuple',
  flag: 'Flags',
  timing: 'Timing',
};

export function Comparison({ finding: { sibling } }: { readonly finding: Finding }) {
  if (sibling === null) return null;
  return (
    <Part title="Beside a healthy one">
      <p className="text-muted">
        <TechnicalText text={sibling.text} />
      </p>
      <ol className="mt-1 space-y-1.5">
        {sibling.partings.map((parting) => (
          <li key={parting.text}>
            <span className="mr-1.5 text-2xs font-semibold text-muted">
              {KIND_WORDS[parting.kind]}
            </span>
            <TechnicalText text={parting.text} />
            <Frames name="failing" frames={parting.frames} />
            <Frames name="healthy" frames={parting.siblingFrames} />
          </li>
        ))}
      </ol>
    </Part>
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
    <button
      type="button"
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => workspace.selectFrame(first)}
      className={classNames(
        'flex w-full items-baseline gap-2 text-left',
        isCurrent ? 'bg-chosen' : 'hover:bg-hover',
      )}
    >
      <span className="w-12 shrink-0 text-2xs text-muted">{name}</span>
      <FrameNumbers frames={frames} />
    </button>
  );
}
