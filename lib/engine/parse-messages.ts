// What a parse worker says to the engine over its MessagePort, and what starts it. Blocks go from worker to worker, never over the page's thread.
import type { CaptureSummary, CaptureWarning } from '../model/capture';
import type { Evidence } from '../model/evidence';
import type { ParsedBlock } from '../model/parsed-block';
import type { CaptureKey } from './protocol';

export type ParseMessage =
  | {
      readonly type: 'progress';
      readonly key: CaptureKey;
      readonly bytesRead: number;
      readonly frames: number;
    }
  /** The capture's bytes, decompressed: frames that are looked at are read from here. */
  | { readonly type: 'content'; readonly key: CaptureKey; readonly content: Blob }
  | { readonly type: 'block'; readonly key: CaptureKey; readonly block: ParsedBlock }
  | { readonly type: 'done'; readonly key: CaptureKey; readonly summary: CaptureSummary }
  /** The file is no capture, but evidence. */
  | { readonly type: 'evidence'; readonly key: CaptureKey; readonly evidence: Evidence }
  | { readonly type: 'failed'; readonly key: CaptureKey; readonly warning: CaptureWarning };
