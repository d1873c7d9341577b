'use client';
// Copies a link that holds the snapshot itself; says in place that it did, or why the link would be too large.
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { formatBytes } from '@/components/ui/format-number';
import { encodeSnapshotFragment } from '@/lib/share/fragment';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { SHARED_JOURNEYS } from './shared-journeys';

const CONFIRM_MS = 2500;

type ShareState =
  | { readonly state: 'idle' }
  | { readonly state: 'making' }
  | { readonly state: 'copied'; readonly characters: number }
  | { readonly state: 'by-hand'; readonly link: string }
  | { readonly state: 'failed'; readonly reason: string };

async function makeLink(): Promise<ShareState> {
  const snapshot = await workspace.extractSnapshot(SHARED_JOURNEYS);
  if (snapshot === null) return { state: 'failed', reason: 'There is nothing to share yet.' };
  const fragment = await encodeSnapshotFragment(snapshot);
  if (!fragment.ok)
    return {
      state: 'failed',
      reason: `The link would have ${formatBytes(fragment.error.bytes)}; chat programs and mail cut links beyond ${formatBytes(fragment.error.limit)}. Choose one connection, or export the report.`,
    };
  const link = `${window.location.origin}${window.location.pathname}${fragment.value}`;
  try {
    await navigator.clipboard.writeText(link);
    return { state: 'copied', characters: link.length };
  } catch {
    return { state: 'by-hand', link };
  }
}

export function ShareButton() {
  const [share, setShare] = useState<ShareState>({ state: 'idle' });
  const connections = useWorkspace((state) => state.view.connections);

  useEffect(() => {
    if (share.state !== 'copied') return;
    const timer = setTimeout(() => setShare({ state: 'idle' }), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [share]);

  const copy = async () => {
    setShare({ state: 'making' });
    setShare(await workspace.track(makeLink()));
  };

  return (
    <div className="relative">
      <Button
        data-command="share"
        disabled={share.state === 'making' || connections.length === 0}
        title="Copy a link that holds the chosen connections, findings and notes. The captures stay here."
        onClick={() => void copy()}
      >
        <span aria-live="polite">{label(share)}</span>
      </Button>
      {(share.state === 'failed' || share.state === 'by-hand') && (
        <div
          role="alert"
          className="absolute top-9 right-0 z-40 w-80 rounded-lg border border-line bg-raised p-3 text-xs shadow-lg"
        >
          {share.state === 'failed' ? (
            <p>{share.reason}</p>
          ) : (
            <>
              <p>The browser does not allow copying here. Take the link by hand:</p>
              <input
                readOnly
                aria-label="Link"
                value={share.link}
                onFocus={(event) => event.currentTarget.select()}
                className="figures mt-2 w-full rounded-md border border-line bg-surface px-2 py-1"
              />
            </>
          )}
          <Button
            look="quiet"
            size="small"
            className="mt-1 -ml-1.5"
            onClick={() => setShare({ state: 'idle' })}
          >
            Close
          </Button>
        </div>
      )}
    </div>
  );
}

function label(share: ShareState): string {
  if (share.state === 'copied') return `Link copied, ${formatBytes(share.characters)}`;
  return share.state === 'making' ? 'Making the link' : 'Copy link';
}
