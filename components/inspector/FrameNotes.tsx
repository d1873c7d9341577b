'use client';
// Notes pinned to the chosen frame: written, changed, deleted in place.
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Annotation } from '@/lib/model/snapshot';
import { findFrameNotes } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { FrameTarget } from '@/lib/store/workspace-state';

export function FrameNotes({
  target,
  comments,
}: {
  readonly target: FrameTarget;
  /** Of the capture's file. */
  readonly comments: readonly string[];
}) {
  const notes = useWorkspace((state) => state.notes);
  return (
    <div className="mt-3 border-t border-line pt-1">
      <SectionHeading id="frame-notes">Notes on this frame</SectionHeading>
      {comments.length > 0 && (
        <ul aria-label="Comments in the capture" className="space-y-1 px-3.5 pb-1">
          {comments.map((comment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: comments of a frame never change, and two may be alike.
            <li key={index} className="border-l-2 border-line pl-2">
              <p className="break-words whitespace-pre-wrap">{comment}</p>
              <p className="text-xs text-muted">comment in the capture</p>
            </li>
          ))}
        </ul>
      )}
      <ul aria-labelledby="frame-notes" className="space-y-1 px-3.5">
        {findFrameNotes(notes, target).map((note) => (
          <NoteItem key={note.id} note={note} />
        ))}
      </ul>
      <NoteEditor
        key={`${target.file} ${target.frame}`}
        initial=""
        action="Pin note"
        onSave={(text) => workspace.notes.add({ kind: 'frame', ...target }, text)}
      />
    </div>
  );
}

export function NoteItem({ note }: { readonly note: Annotation }) {
  const [isEdited, setIsEdited] = useState(false);
  if (isEdited)
    return (
      <li className="-mx-3.5">
        <NoteEditor
          initial={note.text}
          action="Save"
          onSave={(text) => {
            workspace.notes.edit(note.id, text);
            setIsEdited(false);
          }}
          onCancel={() => setIsEdited(false)}
        />
      </li>
    );
  return (
    <li className="border-l-2 border-ink pl-2">
      <p className="break-words whitespace-pre-wrap">{note.text}</p>
      <div className="-ml-1.5 flex">
        <Button look="quiet" size="small" onClick={() => setIsEdited(true)}>
          Edit
        </Button>
        <Button look="quiet" size="small" onClick={() => workspace.notes.remove(note.id)}>
          Delete
        </Button>
      </div>
    </li>
  );
}

function NoteEditor({
  initial,
  action,
  onSave,
  onCancel,
}: {
  readonly initial: string;
  readonly action: string;
  readonly onSave: (text: string) => void;
  readonly onCancel?: () => void;
}) {
  const [text, setText] = useState(initial);
  const save = () => {
    if (text.trim() === '') return;
    onSave(text.trim());
    setText('');
  };
  return (
    <form
      className="px-3.5 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        aria-label="Note on this frame"
        data-field="frame-note"
        value={text}
        rows={2}
        placeholder="What this frame shows"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
          if (event.key === 'Escape') onCancel?.();
        }}
        className="block w-full resize-y rounded-lg border border-line bg-surface px-2 py-1 placeholder:text-faint"
      />
      <div className="mt-1 flex gap-1">
        <Button type="submit" size="small" disabled={text.trim() === ''}>
          {action}
        </Button>
        {onCancel !== undefined && (
          <Button look="quiet" size="small" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}
