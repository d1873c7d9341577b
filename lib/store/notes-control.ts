// Notes of the case's reader: what is said of a frame, a journey, a connection, a finding. Each change can be taken back.
import type { StoreApi } from 'zustand/vanilla';
import type { Annotation } from '../model/snapshot';
import type { HandControl } from './hand-control';
import type { WorkspaceState } from './workspace-state';

export class NotesControl {
  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly hand: HandControl,
  ) {}

  add(target: Annotation['target'], text: string): void {
    this.hand.setNotes([...this.notes, { id: crypto.randomUUID(), target, text }]);
  }

  edit(id: string, text: string): void {
    this.hand.setNotes(this.notes.map((note) => (note.id === id ? { ...note, text } : note)));
  }

  remove(id: string): void {
    this.hand.deleteNote(id);
  }

  private get notes(): readonly Annotation[] {
    return this.store.getState().notes;
  }
}
