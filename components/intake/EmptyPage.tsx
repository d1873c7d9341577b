'use client';
// The page before anything was opened: what it is for, how to begin.
import { Button } from '@/components/ui/Button';
import { CaseList } from './CaseList';
import { FileButtons } from './FileButtons';
import { PathPicture } from './PathPicture';
import { SampleList } from './SampleList';
import { useSamples } from './use-samples';
import { prepareWalk, WALKED_SAMPLE } from './walk';

export function EmptyPage() {
  const samples = useSamples();
  const article = samples.list.find(({ id }) => id === WALKED_SAMPLE);
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
          <div className="mt-5 flex flex-wrap items-center gap-x-2 gap-y-3">
            <FileButtons />
            {article !== undefined && (
              <Button
                disabled={samples.opening !== null}
                title={article.teaches}
                onClick={() => {
                  prepareWalk();
                  samples.open(article);
                }}
              >
                Walk through the article’s case
              </Button>
            )}
            <p className="w-full text-xs text-muted">
              Or drop or paste them anywhere: pcap and pcapng, also gzipped, one file a point or
              several points in one. They are read on this machine and sent nowhere.
            </p>
          </div>
        </section>
        <CaseList />
        <h2 className="mt-8 mb-2 text-2xs font-semibold uppercase tracking-[0.06em] text-muted">
          Or open a case
        </h2>
        <SampleList samples={samples} />
      </div>
    </main>
  );
}
