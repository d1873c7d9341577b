'use client';
// Takes files dropped or pasted anywhere on the page, at any time, and shows that it will.
import { type ReactNode, useEffect, useState } from 'react';
import { workspace } from '@/lib/store/workspace';
import { collectDropped } from './collect-files';
import { takeFiles } from './take-files';

const carriesFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') ?? false;

async function takeTransfer(transfer: DataTransfer): Promise<void> {
  takeFiles(await workspace.track(collectDropped(transfer)));
}

export function DropTarget({ children }: { readonly children: ReactNode }) {
  const [isOver, setIsOver] = useState(false);

  useEffect(() => {
    // Entering a child counts before leaving its parent.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth++;
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      // Out of the window: what was entered may be gone from the page, and is never left then.
      depth = event.relatedTarget === null ? 0 : Math.max(0, depth - 1);
      if (depth === 0) setIsOver(false);
    };
    const over = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      depth = 0;
      setIsOver(false);
      void takeTransfer(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      void takeTransfer(event.clipboardData);
    };
    const listeners = new AbortController();
    const { signal } = listeners;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', over, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => listeners.abort();
  }, []);

  return (
    <>
      {children}
      {isOver && (
        <div
          aria-hidden
          className="pointer-events-none fixed inset-2 z-50 flex items-center justify-center rounded-lg border-2 border-dashed border-forward bg-surface/80"
        >
          <p className="rounded-lg bg-raised px-4 py-2 text-sm font-medium shadow-lg">
            Drop the captures to add them
          </p>
        </div>
      )}
    </>
  );
}
