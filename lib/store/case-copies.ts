// Files that no handle leads back to are copied into their case. One after the other and only while none is read: a copy takes as long as reading many such
// files, and whoever dropped them waits for those.
import type { CaptureKey } from '../engine/protocol';

export interface CaseCopy {
  readonly key: CaptureKey;
  readonly file: File;
  /** In the folder of the case. */
  readonly name: string;
  /** Bytes of its tables there; null: it has none. */
  readonly tables: number | null;
}

export class CaseCopies {
  private readonly waiting: CaseCopy[] = [];
  private running: CaseCopy | null = null;

  /** `copy`: the bytes that it has in the case, null where there was no room, `stopped` where whoever copied was stopped. */
  constructor(
    private readonly isReading: () => boolean,
    private readonly copy: (wanted: CaseCopy) => Promise<number | null | 'stopped'>,
    private readonly onCopied: (wanted: CaseCopy, bytes: number | null) => void,
    private readonly onUnwanted: (begun: CaseCopy) => void,
  ) {}

  add(wanted: CaseCopy): void {
    this.waiting.push(wanted);
    void this.goOn();
  }

  /** Its capture was removed. */
  forget(key: CaptureKey): void {
    const at = this.waiting.findIndex((wanted) => wanted.key === key);
    if (at >= 0) this.waiting.splice(at, 1);
    if (this.running?.key !== key) return;
    this.running = null;
    void this.goOn();
  }

  close(): void {
    this.waiting.length = 0;
    this.running = null;
  }

  /** To be called whenever reading may have ended. */
  async goOn(): Promise<void> {
    while (this.running === null && this.waiting.length > 0 && !this.isReading()) {
      const wanted = this.waiting.splice(0, 1)[0];
      this.running = wanted;
      const bytes = await this.copy(wanted);
      // Forgotten meanwhile; another may be under way by now.
      if (this.running !== wanted) {
        this.onUnwanted(wanted);
        return;
      }
      this.running = null;
      if (bytes === 'stopped') this.waiting.unshift(wanted);
      else this.onCopied(wanted, bytes);
    }
  }
}
