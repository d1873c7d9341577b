// Notes of the case's reader: what is said of a frame, a journey, a connection, a finding.
import type { StoreApi } from 'zustand/vanilla';
import type { Annotation } from '../model/snapshot';
import type { WorkspaceState } from './workspace-state';

export class NotesControl {
  constructor(private readonly store: StoreApi<WorkspaceState>) {}

  add(target: Annotation['target'], text: string): void {
    const note: Annotation = { id: crypto.randomUUID(), target, text };
    this.store.setState(({ notes }) => ({ notes: [...notes, note] }));
  }

  edit(id: string, text: string): void {
    this.store.setState(({ notes }) => ({
      notes: notes.map((note) => (note.id === id ? { ...note, text } : note)),
    }));
  }

  remove(id: string): void {
    this.store.setState(({ notes }) => ({ notes: notes.filter((note) => note.id !== id) }));
  }
}
