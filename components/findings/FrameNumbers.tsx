'use client';
// The frames that a line of a story cites, file by file, small beneath it: each a way to its frame.
import { Fragment, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import type { FrameReference } from '@/lib/model/finding';
import { isSameFrame } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { groupFrames } from './group-frames';

export function FrameNumbers({ frames }: { readonly frames: readonly FrameReference[] }) {
  const [isOpen, setOpen] = useState(false);
  const selected = useWorkspace((state) => state.view.selected);
  const { groups, more, left } = groupFrames(frames, isOpen);
  if (frames.length === 0) return null;
  return (
    <span className="figures flex flex-wrap gap-x-2.5 text-2xs text-faint">
      {groups.map(({ file, name, numbers }) => (
        <span key={`${file} ${numbers[0]}`} title={file} className="max-w-full break-words">
          {name}
          {numbers.map((frame) => {
            const isCurrent = isSameFrame(selected, { file, frame });
            return (
              <Fragment key={frame}>
                {' '}
                <button
                  type="button"
                  aria-label={`${file} #${frame}`}
                  aria-current={isCurrent ? 'true' : undefined}
                  onClick={() => workspace.selectFrame({ file, frame })}
                  onPointerEnter={() => workspace.hoverFrame({ file, frame })}
                  onPointerLeave={() => workspace.hoverFrame(null)}
                  className={classNames(
                    'rounded-sm px-px',
                    isCurrent ? 'bg-ink text-surface' : 'hover:bg-hover hover:text-ink',
                  )}
                >
                  #{frame}
                </button>
              </Fragment>
            );
          })}
        </span>
      ))}
      {(more > 0 || isOpen) && (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="underline decoration-line-strong underline-offset-2 hover:text-ink"
        >
          {isOpen ? 'fewer' : `and ${more} more`}
        </button>
      )}
      {left > 0 && <span>{left} more, all in the display filters under Copy</span>}
    </span>
  );
}
