'use client';
// The report before it is made: its title, what its sender has to say first, and the name of its file. Then the PDF, as a download.
import { X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { formatPercent } from '@/components/ui/format-number';
import { reportFileName } from '@/lib/model/report-title';
import { makeReport } from '@/lib/store/report-gateway';
import { suggestCaseTitle } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { UNTITLED, type WorkspaceState } from '@/lib/store/workspace-state';
import { SHARED_JOURNEYS } from './shared-journeys';

type ReportState =
  | { readonly state: 'idle' }
  | { readonly state: 'making'; readonly progress: number }
  | { readonly state: 'failed'; readonly reason: string };

export function ReportSheet({ onClose }: { readonly onClose: () => void }) {
  const given = useWorkspace(readTitle);
  const baseTime = useWorkspace((state) => state.status?.baseTime ?? null);
  const [title, setTitle] = useState(given);
  // Kept with the case: a second report begins with them.
  const preface = useWorkspace((state) => state.preface);
  const [report, setReport] = useState<ReportState>({ state: 'idle' });
  const ids = useId();
  const name = reportFileName(title.trim() || given, baseTime);
  const isMaking = report.state === 'making';

  const make = async () => {
    setReport({ state: 'making', progress: 0 });
    const snapshot = await workspace.extractSnapshot(SHARED_JOURNEYS);
    if (snapshot === null) {
      setReport({ state: 'failed', reason: 'There is nothing to report yet.' });
      return;
    }
    const named = { ...snapshot, title: title.trim() || given };
    const pdf = await makeReport(named, preface.trim(), (progress) =>
      setReport({ state: 'making', progress }),
    );
    if (!pdf.ok) {
      setReport({ state: 'failed', reason: pdf.error.message });
      return;
    }
    download(pdf.value, name);
    onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isMaking) void workspace.track(make());
  };

  return (
    <Dialog name="Report" onClose={onClose} className="w-[560px]">
      <div className="flex h-10 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 className="font-semibold">Report</h2>
        <Button look="quiet" size="small" aria-label="Close" onClick={onClose}>
          <X size={14} aria-hidden />
        </Button>
      </div>
      <form onSubmit={submit} className="space-y-3 px-4 py-3">
        <div>
          <label htmlFor={`${ids} title`} className="text-xs text-muted">
            Title
          </label>
          <input
            id={`${ids} title`}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            className={FIELD}
          />
        </div>
        <div>
          <label htmlFor={`${ids} preface`} className="text-xs text-muted">
            Preface: to whom it goes and what is asked, in your words (may stay empty)
          </label>
          <textarea
            id={`${ids} preface`}
            value={preface}
            rows={5}
            onChange={(event) => workspace.hand.setPreface(event.target.value)}
            className={`${FIELD} resize-y`}
          />
        </div>
        <p className="text-xs text-muted">
          A PDF with the findings, the frames that prove them, swimlanes, notes, clocks, what was
          looked at and what could not be, and the captures’ SHA-256. It holds addresses and ports,
          no payload, and is made on this machine.
        </p>
        {report.state === 'failed' && (
          <p role="alert" className="text-xs text-failure">
            The report could not be made. {report.reason}
          </p>
        )}
        <div className="flex items-center justify-between gap-3">
          <span className="figures min-w-0 text-xs break-words text-muted">{name}</span>
          <Button look="solid" type="submit" disabled={isMaking}>
            {isMaking ? (
              <>
                Making it <span className="figures">{formatPercent(report.progress)}</span>
              </>
            ) : (
              'Save the PDF'
            )}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const FIELD =
  'mt-1 block w-full rounded-md border border-line-strong bg-surface px-2 py-1 text-sm outline-none focus-visible:border-focus';

/** The case's own name, else what was found in it. */
const readTitle = (state: WorkspaceState): string =>
  state.title === UNTITLED ? suggestCaseTitle(state) : state.title;

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
