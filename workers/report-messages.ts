// What the page may ask of the report worker, and what it says while it works. Carried by rpc.ts.
import type { CaseSnapshot } from '../lib/model/snapshot';

export interface ReportWorkerQuestions {
  /** The bytes of a PDF. */
  pdf: {
    question: { readonly snapshot: CaseSnapshot; readonly preface: string };
    answer: Uint8Array<ArrayBuffer>;
  };
}

/** 0 … 1, while a report is drawn. */
export interface ReportNotice {
  readonly progress: number;
}
