'use client';
// The cases that come with Hoplane, each opened with one click.
import { formatBytes, formatQuantity } from '@/components/ui/format-number';
import type { Sample } from '@/lib/store/samples';
import type { SampleOpener } from './use-sample-opener';

export function SampleList({
  samples,
  opener,
}: {
  readonly samples: readonly Sample[];
  readonly opener: SampleOpener;
}) {
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {samples.map((sample) => (
          <li key={sample.id}>
            <button
              type="button"
              disabled={opener.opening !== null}
              onClick={() => opener.open(sample)}
              className="-mx-2 flex w-[calc(100%+16px)] flex-wrap items-baseline gap-x-4 px-2 py-2 text-left hover:bg-hover disabled:opacity-60"
            >
              <span className="min-w-64 flex-1">
                <span className="font-medium">{sample.title}</span>
                <span className="block text-xs text-muted">{sample.teaches}</span>
              </span>
              <span className="figures shrink-0 text-xs text-muted max-sm:w-full">
                {opener.opening === sample.id ? 'opening' : describeSize(sample)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {opener.trouble !== null && (
        <p role="alert" className="mt-2 text-xs text-failure">
          {opener.trouble}
        </p>
      )}
    </>
  );
}

const describeSize = ({ files }: Sample): string =>
  `${formatQuantity(files.length, 'capture')} · ${formatBytes(files.reduce((sum, file) => sum + file.size, 0))}`;
