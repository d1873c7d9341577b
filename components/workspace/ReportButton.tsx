'use client';
// Makes the PDF report and hands it to the browser as a download; the button says how far it is.
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { formatPercent } from '@/components/ui/format-number';
import { makeReport } from '@/lib/store/report-gateway';
import { workspace } from '@/lib/store/workspace';
import { SHARED_JOURNEYS } from './shared-journeys';

type ReportState =
  | { readonly state: 'idle' }
  | { readonly state: 'making'; readonly progress: number }
  | { readonly state: 'failed'; readonly reason: string };

export function ReportButton() {
  const [report, setReport] = useState<ReportState>({ state: 'idle' });

  const make = async () => {
    setReport({ state: 'making', progress: 0 });
    const snapshot = await workspace.extractSnapshot(SHARED_JOURNEYS);
    if (snapshot === null) {
      setReport({ state: 'failed', reason: 'There is nothing to report yet.' });
      return;
    }
    const pdf = await makeReport(snapshot, (progress) => setReport({ state: 'making', progress }));
    if (pdf.ok) download(pdf.value, fileName(snapshot.title));
    setReport(pdf.ok ? { state: 'idle' } : { state: 'failed', reason: pdf.error.message });
  };

  return (
    <div className="relative">
      <Button
        look="solid"
        data-command="report"
        disabled={report.state === 'making'}
        title="Export a PDF with findings, frames, notes and the swimlane"
        onClick={() => void workspace.track(make())}
      >
        {report.state === 'making' ? (
          <>
            Report <span className="figures">{formatPercent(report.progress)}</span>
          </>
        ) : (
          'Report'
        )}
      </Button>
      {report.state === 'failed' && (
        <div
          role="alert"
          className="absolute top-9 right-0 z-40 w-80 rounded-lg border border-line bg-raised p-3 text-xs shadow-lg"
        >
          <p>The report could not be made. {report.reason}</p>
          <Button
            look="quiet"
            size="small"
            className="mt-1 -ml-1.5"
            onClick={() => setReport({ state: 'idle' })}
          >
            Close
          </Button>
        </div>
      )}
    </div>
  );
}

/** The browser keeps the bytes until the download has them. */
const REVOKE_MS = 60_000;

function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}

const fileName = (title: string): string =>
  `${title.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^-+|-+$/g, '') || 'hoplane'}.pdf`;
