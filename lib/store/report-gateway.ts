// Makes a PDF of a snapshot in a worker of its own, started when the first one is asked for.
import type { ReportNotice, ReportWorkerQuestions } from '../../workers/report-messages';
import { RpcClient, type RpcFailure } from '../../workers/rpc';
import type { Result } from '../base/result';
import type { CaseSnapshot } from '../model/snapshot';

/** The PDF's bytes. `preface`: what its sender says before it, or nothing. `onProgress` gets 0 … 1. The worker ends with the report: its fonts and libraries take more room than the next start takes time. */
export async function makeReport(
  snapshot: CaseSnapshot,
  preface: string,
  onProgress: (progress: number) => void,
): Promise<Result<Uint8Array<ArrayBuffer>, RpcFailure>> {
  const worker = new Worker(new URL('../../workers/report.worker.ts', import.meta.url), {
    type: 'module',
  });
  const client = new RpcClient<ReportWorkerQuestions, ReportNotice>(worker, ({ progress }) =>
    onProgress(progress),
  );
  worker.addEventListener('error', (event) =>
    client.close(event.message || 'The worker that makes reports could not be started'),
  );
  try {
    return await client.ask('pdf', { snapshot, preface });
  } finally {
    worker.terminate();
  }
}
