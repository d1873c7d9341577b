// A capture taken out of the case, and put back as long as it is the last thing that was changed.
import type { StoreApi } from 'zustand/vanilla';
import type { CaptureKey } from '../engine/protocol';
import type { Asker } from './asker';
import type { CaptureIntake } from './engine-gateway';
import type { HandControl } from './hand-control';
import type { WorkspaceState } from './workspace-state';

export class RemovalControl {
  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly hand: HandControl,
    private readonly asker: Asker,
    private readonly intake: () => CaptureIntake | null,
  ) {}

  remove(key: CaptureKey): void {
    const intake = this.intake();
    if (intake !== null) void this.asker.track(this.take(intake, key));
  }

  forget = (): void => this.store.setState({ removed: null });

  putBack(): void {
    const { removed } = this.store.getState();
    const intake = this.intake();
    this.forget();
    if (removed !== null && intake !== null) void this.asker.track(this.give(intake, removed.file));
  }

  /** Takes back what was done last: a capture taken out, or a change by hand. */
  undo(): void {
    const { removed, history } = this.store.getState();
    if (removed !== null && removed.history === history) this.putBack();
    else this.hand.undo();
  }

  private async take(intake: CaptureIntake, key: CaptureKey): Promise<void> {
    const file = await intake.remove(key);
    const { history } = this.store.getState();
    this.store.setState({ removed: file === null ? null : { file, history } });
  }

  private async give(intake: CaptureIntake, file: File): Promise<void> {
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch {
      // A copy that the browser had kept went with the capture.
      this.store.setState({
        intakeNote: `${file.name} is not at hand any more: its copy was deleted. Drop it again.`,
      });
      return;
    }
    await intake.addFiles([file]);
  }
}
