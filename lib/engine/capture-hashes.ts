// The hash of each file that is held, computed in the background, one file after the other.

import { sha256Of } from '../read/sha256';
import type { Held } from './held-capture';

export class CaptureHashes {
  private isRunning = false;

  constructor(private readonly captures: ReadonlyMap<unknown, Held>) {}

  /** Hashes the files that have no hash yet, those too that are added meanwhile. */
  async fill(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let held = this.next(); held !== undefined; held = this.next()) {
        const { source } = held;
        held.hashTried = true;
        if (source !== undefined) held.sha256 = await sha256Of(source).catch(() => null);
      }
    } finally {
      this.isRunning = false;
    }
  }

  private next(): Held | undefined {
    return [...this.captures.values()].find(
      (held) => !held.hashTried && held.status.state === 'ready',
    );
  }
}
