// Reads one capture after another and sends its blocks straight to the engine, over a channel of its own.

import { parseCapture } from '../lib/engine/parse-capture';
import type { ParseMessage } from '../lib/engine/parse-messages';
import {
  readTables,
  writeTablesBlock,
  writeTablesHead,
  writeTablesSummary,
} from '../lib/engine/stored-tables';
import { isEvidenceHead, looksLikeEvidence, readEvidence } from '../lib/evidence/read-evidence';
import type { CaptureWarning } from '../lib/model/capture';
import { BLOCK_BYTES } from '../lib/model/packet-columns';
import type { ParsedBlock } from '../lib/model/parsed-block';
import {
  describeEmptyArchive,
  describeLeftAside,
  describeOthers,
  looksLikeCapture,
  unpackArchive,
} from '../lib/read/archives';
import { openBlobSource, openBrowserStorage } from '../lib/read/browser-storage';
import type { ByteSource } from '../lib/read/byte-source';
import {
  type CaseFile,
  copyIntoCase,
  createCaseFile,
  type KeptPlace,
} from '../lib/read/case-files';
import { joinWarnings, openDecompressedIn } from '../lib/read/decompress';
import { describeFailure } from '../lib/read/read-failure';
import { type Endpoint, ownedBuffers, serve } from './rpc';
import type { ParseWorkerQuestions } from './worker-questions';

let engine: MessagePort | undefined;
let storage = openBrowserStorage('');

const send = (message: ParseMessage, transfer: Transferable[] = []) => {
  if (engine === undefined) throw new Error('The parse worker has no channel to the engine');
  engine.postMessage(message, transfer);
};

/** Decompressing takes about this share of the time until a capture is read. */
const DECOMPRESSING_SHARE = 0.75;

/**
 * Given away with its block: what is shared would stay as long as any worker that saw it has not collected its garbage, and browsers
 * don't count it as a reason to.
 */
const allocate = () => new ArrayBuffer(BLOCK_BYTES);

serve<ParseWorkerQuestions>(globalThis as unknown as Endpoint, {
  connectEngine({ port, spoolFolder }) {
    engine = port;
    storage = openBrowserStorage(spoolFolder);
    return null;
  },
  async unpack({ key, file }, signal) {
    const unpacked = await unpackArchive(openBlobSource(file, file.name), storage, {
      signal,
      wants: isEvidenceHead,
      onProgress: (bytesRead) => send({ type: 'progress', key, bytesRead, frames: 0 }),
    }).catch((error) => warnOf(file.name, error));
    if (unpacked === null) return null;
    if ('code' in unpacked) return { files: [], nothing: unpacked, remarks: [] };
    const { lastModified } = file;
    return {
      files: [...unpacked.captures, ...unpacked.wanted].map(
        ({ blob, name }) => new File([blob], name, { lastModified }),
      ),
      nothing: describeEmptyArchive(file.name, unpacked),
      remarks: [
        ...unpacked.warnings,
        ...(unpacked.others.length > 0 ? [describeOthers(file.name, unpacked.others)] : []),
      ],
    };
  },
  async restore({ key, tables }) {
    const read = await readTables(openBlobSource(tables, tables.name), allocate, (block, bytes) => {
      send({ type: 'block', key, block }, transferOf(block));
      send({ type: 'progress', key, bytesRead: bytes, frames: 0 });
    });
    if (!read.ok) return read.error;
    send({ type: 'done', key, summary: read.value });
    return null;
  },
  copyFile: ({ file, place }) => copyIntoCase(file, place),
  async sift(folder) {
    const files: File[] = [];
    for (const file of folder)
      if (await isWorthOpening(openBlobSource(file, file.name)).catch(() => true)) files.push(file);
    return { files, remark: describeLeftAside(folder.length - files.length, files.length) };
  },
  parse: (question, signal) =>
    parse(question, signal).catch((error) => {
      const { key, file } = question;
      send({ type: 'failed', key, warning: warnOf(file.name, error) });
      return null;
    }),
});

async function parse(
  { key, file, keep }: ParseWorkerQuestions['parse']['question'],
  signal: AbortSignal,
): Promise<ParseWorkerQuestions['parse']['answer']> {
  const opened = await openDecompressedIn(openBlobSource(file, file.name), storage, {
    signal,
    onProgress: (consumed) =>
      send({ type: 'progress', key, bytesRead: consumed * DECOMPRESSING_SHARE, frames: 0 }),
  });
  if (!opened.ok) {
    send({ type: 'failed', key, warning: opened.error });
    return null;
  }
  const { source, warnings, decompressed } = opened.value;
  if (decompressed) send({ type: 'content', key, content: source.blob });
  // Progress is told in bytes of the file as the user has it.
  const before = decompressed ? file.size * DECOMPRESSING_SHARE : 0;
  const scale = source.size > 0 ? (file.size - before) / source.size : 1;
  const keeper = keep === null ? null : await TableKeeper.open(keep);
  const result = await parseCapture(
    source,
    {
      block: (block) => {
        keeper?.write(writeTablesBlock(block));
        send({ type: 'block', key, block }, transferOf(block));
      },
      progress: (bytesRead, frames) =>
        send({
          type: 'progress',
          key,
          bytesRead: Math.round(before + bytesRead * scale),
          frames,
        }),
    },
    { signal },
  );
  if (result.ok) {
    const summary = { ...result.value, warnings: joinWarnings(warnings, result.value.warnings) };
    keeper?.write(writeTablesSummary(summary));
    send({ type: 'done', key, summary });
    return { tables: keeper?.finish() ?? null, isFull: keeper?.isFull ?? false };
  }
  await keeper?.discard();
  const evidence = await readEvidence(source);
  if (evidence === null) send({ type: 'failed', key, warning: result.error });
  else send({ type: 'evidence', key, evidence });
  return evidence === null ? null : { tables: null, isFull: false };
}

/** Why a file cannot be read; what is no failure of it but a fault of the program is thrown on. */
function warnOf(name: string, error: unknown): CaptureWarning {
  const reason = describeFailure(error);
  if (reason === undefined) throw error;
  return { code: 'unreadable', text: `${name}: ${reason}` };
}

const isWorthOpening = async (source: ByteSource): Promise<boolean> =>
  (await looksLikeCapture(source)) || (await looksLikeEvidence(source));

/** Writes a capture's tables as long as there is room; then drops them. Reading goes on either way. */
class TableKeeper {
  /** There was no room for all. */
  isFull = false;

  private constructor(private file: CaseFile | null) {
    this.write(writeTablesHead());
  }

  static async open(place: KeptPlace): Promise<TableKeeper> {
    const file = await createCaseFile(place).catch(() => 'full' as const);
    const keeper = new TableKeeper(file === 'full' ? null : file);
    keeper.isFull = file === 'full';
    return keeper;
  }

  write(record: Uint8Array<ArrayBuffer>): void {
    try {
      this.file?.write(record);
    } catch {
      this.isFull = true;
      void this.discard();
    }
  }

  finish(): number | null {
    return this.file?.finish() ?? null;
  }

  async discard(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.discard();
  }
}

/** Everything that a block's arrays lie in: it is the engine's from here on. */
const transferOf = (block: ParsedBlock): Transferable[] => [
  block.buffer as ArrayBuffer,
  ...ownedBuffers(block),
];
