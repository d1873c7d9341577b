// What is kept of the captures of a case, in its folder: their tables, as the parse workers write them, and copies of files that no handle leads back to.
import type { ParseWorkerQuestions } from '../../workers/worker-questions';
import { dropCaseFile } from '../base/case-folder';
import type { CaptureKey } from '../engine/protocol';
import { copyName, describeUnkept, forgetStem, tablesName } from './capture-names';
import { CaseCopies } from './case-copies';
import { findHandle } from './file-handles';

type KeptPlace = ParseWorkerQuestions['copyFile']['question']['place'];

/** What was kept of a capture, in the folder of its case. */
export interface KeptFiles {
  readonly key: CaptureKey;
  readonly file: File;
  readonly tables: string | null;
  readonly copy: string | null;
  readonly bytes: number;
}

interface CaptureKeeperOptions {
  /** null: nothing is kept. */
  readonly caseId: string | null;
  readonly isReading: () => boolean;
  /** As CaseCopies says. */
  readonly copyFile: (file: File, place: KeptPlace) => Promise<number | null | 'stopped'>;
  /** Of one capture maybe twice: with its tables, and with its copy. */
  readonly onKept: (files: KeptFiles) => void;
  readonly onRemark: (text: string) => void;
}

export class CaptureKeeper {
  /** Names of files whose tables found no room. */
  private readonly unkept: string[] = [];
  readonly copies: CaseCopies;

  constructor(private readonly options: CaptureKeeperOptions) {
    const { caseId, isReading, copyFile } = options;
    this.copies = new CaseCopies(
      isReading,
      async ({ file, name }) => (caseId === null ? null : copyFile(file, { folder: caseId, name })),
      ({ key, file, tables }, bytes) => {
        if (bytes !== null || tables === null) this.tell(key, file, tables, bytes);
      },
      ({ name }) => caseId !== null && void dropCaseFile(caseId, name),
    );
  }

  tablesOf(file: File): KeptPlace | null {
    const { caseId } = this.options;
    return caseId === null ? null : { folder: caseId, name: tablesName(file) };
  }

  /** The capture was read. `tables`: bytes of its tables; null: it has none. `isFull`: there was no room for them. */
  async keep(key: CaptureKey, file: File, tables: number | null, isFull: boolean): Promise<void> {
    if (this.options.caseId === null) return;
    if (isFull) {
      this.unkept.push(file.name);
      this.options.onRemark(describeUnkept(this.unkept));
    }
    if (tables !== null) this.tell(key, file, tables, null);
    if ((await findHandle(file)) !== null || file.size > MOST_COPIED) {
      if (tables === null) this.tell(key, file, null, null);
    } else this.copies.add({ key, file, name: copyName(file), tables });
  }

  /** Drops the tables of a capture that was not read to its end. The worker that wrote them is gone, but may hold them for a moment. */
  dropTables(file: File): void {
    const place = this.tablesOf(file);
    if (place === null) return;
    // The same file may be opened again at once.
    forgetStem(file);
    for (const delayMs of DROP_DELAYS_MS)
      setTimeout(() => void dropCaseFile(place.folder, place.name), delayMs);
  }

  private tell(key: CaptureKey, file: File, tables: number | null, copy: number | null): void {
    this.options.onKept({
      key,
      file,
      tables: tables === null ? null : tablesName(file),
      copy: copy === null ? null : copyName(file),
      bytes: (tables ?? 0) + (copy ?? 0),
    });
  }
}

/** Captures larger than this are not copied: their tables are kept, their bytes are read from the file. */
const MOST_COPIED = 256 << 20;

/** Tables can be as large as the file: they must not stay. */
const DROP_DELAYS_MS = [0, 500, 5000];
