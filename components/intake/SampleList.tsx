'use client';
// The cases that come with Hoplane, each opened with one click.
import { useEffect, useState } from 'react';
import { formatBytes, formatQuantity } from '@/components/ui/format-number';
import { fetchSampleFiles, fetchSamples, type Sample } from '@/lib/store/samples';
import { workspace } from '@/lib/store/workspace';

export function SampleList() {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [opening, setOpening] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    let shown = true;
    void workspace.track(fetchSamples()).then((result) => {
      if (!shown) return;
      if (result.ok) setSamples(result.value);
      else setTrouble(result.error);
    });
    return () => {
      shown = false;
    };
  }, []);

  const open = async (sample: Sample) => {
    setOpening(sample.id);
    await workspace.track(
      fetchSampleFiles(sample).then((files) => {
        if (files.ok) {
          workspace.setTitle(sample.title);
          workspace.addFiles(files.value);
        } else setTrouble(files.error);
      }),
    );
    setOpening(null);
  };

  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {samples.map((sample) => (
          <li key={sample.id}>
            <button
              type="button"
              disabled={opening !== null}
              onClick={() => void open(sample)}
              className="flex w-full flex-wrap items-baseline gap-x-4 px-2 py-2 text-left hover:bg-hover disabled:opacity-60"
            >
              <span className="min-w-0 flex-1">
                <span className="font-medium">{sample.title}</span>
                <span className="block text-xs text-muted">{sample.teaches}</span>
              </span>
              <span className="figures shrink-0 text-xs text-muted">
                {opening === sample.id
                  ? 'opening'
                  : `${formatQuantity(sample.files.length, 'capture')} · ${formatBytes(sample.files.reduce((sum, file) => sum + file.size, 0))}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {trouble !== null && (
        <p role="alert" className="mt-2 text-xs text-failure">
          {trouble}
        </p>
      )}
    </>
  );
}
