'use client';
// Opens one of the cases that come with Hoplane.
import { useState } from 'react';
import { fetchSampleFiles, type Sample } from '@/lib/store/samples';
import { workspace } from '@/lib/store/workspace';

export interface SampleOpener {
  /** The one being fetched. */
  readonly opening: string | null;
  readonly trouble: string | null;
  readonly open: (sample: Sample) => void;
}

export function useSampleOpener(): SampleOpener {
  const [opening, setOpening] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  const openSample = async (sample: Sample) => {
    setOpening(sample.id);
    const files = await fetchSampleFiles(sample);
    if (files.ok) {
      workspace.setTitle(sample.title);
      workspace.addFiles(files.value);
    } else setTrouble(files.error);
    setOpening(null);
  };

  return { opening, trouble, open: (sample) => void workspace.track(openSample(sample)) };
}
