// What the page may ask of its workers: the engine's questions, and the few commands that set captures up. Carried by rpc.ts.
import type { CaptureKey, EngineQuestions, EngineStatus } from '../lib/engine/protocol';
import type { CaptureWarning } from '../lib/model/capture';
import type { Corrections } from '../lib/model/corrections';
import type { KeptPlace } from '../lib/read/case-files';

export interface EngineWorkerQuestions extends EngineQuestions {
  /** A parse worker's end of the channel over which blocks arrive. */
  connectParser: { question: MessagePort; answer: null };
  /** Announces a capture. The engine keeps the file: frames are read from it when they are looked at. */
  beginCapture: {
    question: {
      readonly key: CaptureKey;
      readonly name: string;
      readonly bytes: number;
      /** null: tables are there, the file is not at hand. */
      readonly file: File | null;
    };
    answer: null;
  };
  /** The file of a capture that was begun without. */
  attachFile: { question: { readonly key: CaptureKey; readonly file: File }; answer: null };
  /** An analysis that was kept: asked before the first capture is begun. */
  offerAnalysis: { question: File; answer: null };
  /** Keeps the finished analysis in a file of the case. `kept`: it is there already; null: there is none, or no room. */
  keepAnalysis: { question: KeptPlace; answer: { readonly bytes: number } | 'kept' | null };
  /** What was corrected by hand: the analysis runs again with it. */
  setCorrections: { question: Corrections; answer: null };
  failCapture: {
    question: { readonly key: CaptureKey; readonly warning: CaptureWarning };
    answer: null;
  };
  cancelCapture: { question: CaptureKey; answer: null };
  removeCapture: { question: CaptureKey; answer: null };
}

/** The engine worker sends its status when it changed, at most every NOTICE_INTERVAL_MS. */
export type EngineNotice = EngineStatus;

export interface ParseWorkerQuestions {
  /** `spoolFolder`: where decompressed bytes are kept, in the origin's private file system. */
  connectEngine: {
    question: { readonly port: MessagePort; readonly spoolFolder: string };
    answer: null;
  };
  /** What an archive holds; null: the file is none. `progress` goes to the engine as if the archive were read. */
  unpack: {
    question: { readonly key: CaptureKey; readonly file: File };
    answer: {
      readonly files: readonly File[];
      /** Why nothing was found; null: something was. */
      readonly nothing: CaptureWarning | null;
      /** What is to be said of it otherwise. */
      readonly remarks: readonly CaptureWarning[];
    } | null;
  };
  /** Those of a folder's files that are captures or archives, by their content. */
  sift: {
    question: readonly File[];
    answer: { readonly files: readonly File[]; readonly remark: string | null };
  };
  /** Answered when the capture is read to its end or has failed; what was read went to the engine, and where `keep` says so to a file of the case. */
  parse: {
    question: {
      readonly key: CaptureKey;
      readonly file: File;
      readonly keep: KeptPlace | null;
    };
    /** Bytes of the tables that were kept of it; null: none, where `isFull` because there was no room. Evidence has none: its file is all there is to keep. */
    answer: { readonly tables: number | null; readonly isFull: boolean } | null;
  };
  /** Tables that were kept go to the engine as if the capture was read. Answers why not; null: they did. */
  restore: { question: { readonly key: CaptureKey; readonly tables: File }; answer: string | null };
  /** Bytes that were kept; null: there is no room. */
  copyFile: {
    question: { readonly file: File; readonly place: KeptPlace };
    answer: number | null;
  };
}
