'use client';
// The page before anything was opened: what it is for, how to begin.
import { Button } from '@/components/ui/Button';
import { useHydrated } from '@/components/ui/use-hydrated';
import type { Sample } from '@/lib/store/samples';
import { CaseList } from './CaseList';
import { FileButtons } from './FileButtons';
import { KeepSwitch } from './KeepSwitch';
import { SampleList } from './SampleList';
import { useSampleOpener } from './use-sample-opener';
import { Welcome } from './Welcome';
import { prepareWalk, WALKED_SAMPLE } from './walk';

export function EmptyPage({ samples }: { readonly samples: readonly Sample[] }) {
  const isHydrated = useHydrated();
  const opener = useSampleOpener();
  const article = samples.find(({ id }) => id === WALKED_SAMPLE);
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[912px] px-6 py-10">
        <Welcome>
          <div className="flex flex-wrap items-center gap-x-2 gap-y-3">
            <FileButtons />
            {article !== undefined && (
              <Button
                disabled={opener.opening !== null}
                title={article.teaches}
                onClick={() => {
                  prepareWalk();
                  opener.open(article);
                }}
              >
                Walk through the article’s case
              </Button>
            )}
            <p className="w-full text-xs text-muted">
              Or drop or paste them anywhere: pcap and pcapng, also compressed or in archives, one
              file a point or several points in one. They are read on this machine and sent nowhere.
            </p>
            {isHydrated && <KeepSwitch />}
          </div>
        </Welcome>
        <CaseList />
        <h2 className="mt-8 mb-2 text-2xs font-semibold uppercase tracking-[0.06em] text-muted">
          Or open a sample
        </h2>
        <SampleList samples={samples} opener={opener} />
      </div>
    </main>
  );
}
