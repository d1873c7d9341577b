'use client';
// All notes of the case; each leads to what it is pinned to.
import { NoteItem } from '@/components/inspector/FrameNotes';
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Annotation } from '@/lib/model/snapshot';
import { isSameFrame } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';

export function NotesButton() {
  const notes = useWorkspace((state) => state.notes);
  return (
    <Popover
      name="Notes"
      width="w-80"
      trigger={
        <Button data-command="notes">
          Notes <span className="figures text-muted">{notes.length}</span>
        </Button>
      }
    >
      <SectionHeading>Notes</SectionHeading>
      {notes.length === 0 ? (
        <p className="px-3.5 pb-3 text-muted">
          None yet. Choose a frame and write beneath its bytes what it shows.
        </p>
      ) : (
        <ul className="space-y-3 px-3.5 pb-3">
          {notes.map((note) => (
            <li key={note.id}>
              <NoteTarget target={note.target} />
              <ul>
                <NoteItem note={note} />
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

function NoteTarget({ target }: { readonly target: Annotation['target'] }) {
  const isChosen = useWorkspace(
    ({ view }) => target.kind === 'frame' && isSameFrame(target, view.selected),
  );
  if (target.kind !== 'frame') return null;
  return (
    <button
      type="button"
      aria-current={isChosen ? 'true' : undefined}
      onClick={() => workspace.selectFrame({ file: target.file, frame: target.frame })}
      className={classNames(
        'figures mb-0.5 -ml-1 rounded-sm px-1 text-xs hover:text-ink hover:underline',
        isChosen ? 'bg-chosen font-semibold text-ink' : 'text-muted',
      )}
    >
      {target.file} #{target.frame}
    </button>
  );
}
