'use client';
// Opens the sheet on which a report is named and made.
import { lazy, Suspense, useState } from 'react';
import { Button } from '@/components/ui/Button';

const ReportSheet = lazy(() =>
  import('./ReportSheet').then((module) => ({ default: module.ReportSheet })),
);

export function ReportButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        look="solid"
        data-command="report"
        aria-haspopup="dialog"
        title="Export a PDF with findings, frames, notes and the swimlane"
        onClick={() => setOpen(true)}
      >
        Report
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <ReportSheet onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
