'use client';
// The cases that come with Hoplane: their list, and opening one.
import { useEffect, useState } from 'react';
import { fetchSampleFiles, fetchSamples, type Sample } from '@/lib/store/samples';
import { workspace } from '@/lib/store/workspace';

export interface Samples {
  readonly list: readonly Sample[];
  /** The one being fetched. */
  readonly opening: string | null;
  readonly trouble: string | null;
  readonly open: (sample: Sample) => void;
}

export function useSamples(): Samples {
  const [list, setList] = useState<readonly Sample[]>([]);
  const [opening, setOpening] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    let shown = true;
    void workspace.track(fetchSamples()).then((result) => {
      if (!shown) return;
      if (result.ok) setList(result.value);
      else setTrouble(result.error);
    });
    return () => {
      shown = false;
    };
  }, []);

  const openSample = async (sample: Sample) => {
    setOpening(sample.id);
    const files = await fetchSampleFiles(sample);
    if (files.ok) {
      workspace.setTitle(sample.title);
      workspace.addFiles(files.value);
    } else setTrouble(files.error);
    setOpening(null);
  };

  return { list, opening, trouble, open: (sample) => void workspace.track(openSample(sample)) };
}
