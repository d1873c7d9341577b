'use client';
// The page before anything was opened: what it is for, how to begin.
import { FileButtons } from './FileButtons';
import { PathPicture } from './PathPicture';
import { SampleList } from './SampleList';

export function EmptyPage() {
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[912px] px-6 py-10">
        <h1 className="text-lg font-semibold tracking-tight">One packet, every point it passed</h1>
        <p className="mt-1 max-w-[70ch] text-muted">
          Drop the captures of one path. Hoplane finds the same packet in each of them, through NAT
          and clocks that disagree, draws its way from point to point, and says at which hop it was
          rewritten or lost, with the frames that prove it.
        </p>
        <section
          aria-label="Add captures"
          className="mt-6 rounded-lg border border-dashed border-line-strong px-6 pt-5 pb-5"
        >
          <PathPicture />
          <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-3">
            <FileButtons />
            <p className="min-w-64 flex-1 text-xs text-muted">
              or drop or paste them anywhere: pcap and pcapng, also gzipped, one file a point or
              several in one. They are read on this machine and sent nowhere.
            </p>
          </div>
        </section>
        <h2 className="mt-8 mb-2 text-2xs font-semibold uppercase tracking-[0.06em] text-muted">
          Or open a case
        </h2>
        <SampleList />
      </div>
    </main>
  );
}
