'use client';
// All notes of the case; each leads to what it is pinned to.
import { NoteItem } from '@/components/inspector/FrameNotes';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Annotation } from '@/lib/model/snapshot';
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
  if (target.kind !== 'frame') return null;
  return (
    <button
      type="button"
      onClick={() => workspace.selectFrame({ file: target.file, frame: target.frame })}
      className="figures mb-0.5 text-2xs text-muted hover:text-ink"
    >
      {target.file} #{target.frame}
    </button>
  );
}
