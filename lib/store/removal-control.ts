// Captures taken out of the case and put back, one after the other: what hand-control.ts decides, done to the analysis.
import type { StoreApi } from 'zustand/vanilla';
import type { CaptureKey } from '../engine/protocol';
import type { Asker } from './asker';
import type { CaptureIntake } from './engine-gateway';
import type { WorkspaceState } from './workspace-state';

export class RemovalControl {
  private queue: Promise<void> = Promise.resolve();
  private readonly gone = new WeakSet<File>();

  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly asker: Asker,
    private readonly intake: () => CaptureIntake | null,
  ) {}

  /** The capture's file; null: it is not at hand, so that nothing could bring it back. */
  fileOf = (key: CaptureKey): File | null => this.intake()?.fileOf(key) ?? null;

  /** For good: of a capture whose file is not at hand. */
  drop(key: CaptureKey): void {
    const name = this.store.getState().status?.captures.find((row) => row.key === key)?.file;
    this.enqueue(async (intake) => {
      await intake.remove(key);
      this.store.setState({
        intakeNote: `${name ?? 'The capture'} was taken out of the case. Its file is not at hand, so this cannot be undone: drop the file to have it back.`,
      });
    });
  }

  takeOut = (files: readonly File[]): void => {
    for (const file of files)
      this.enqueue(async (intake) => {
        const key = intake.keyOf(file);
        if (key !== undefined) await intake.remove(key);
      });
  };

  putBack = (files: readonly File[]): void => {
    for (const file of files) this.enqueue((intake) => this.give(intake, file));
  };

  isGone = (file: File): boolean => this.gone.has(file);

  private enqueue(work: (intake: CaptureIntake) => Promise<void>): void {
    const intake = this.intake();
    if (intake === null) return;
    this.queue = this.queue.then(() => (this.intake() === intake ? work(intake) : undefined));
    void this.asker.track(this.queue);
  }

  private async give(intake: CaptureIntake, file: File): Promise<void> {
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch {
      // A copy that the browser had kept went with the capture.
      this.gone.add(file);
      this.store.setState({
        said: null,
        intakeNote: `${file.name} cannot come back: its bytes are not at hand any more. Drop the file again.`,
      });
      return;
    }
    await intake.addFiles([file]);
  }
}
