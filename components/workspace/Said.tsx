'use client';
// What was just undone, made again or copied: a line over the page that goes by itself. Its place is always there, so that it is read out.
import { useEffect } from 'react';
import { useWorkspace, workspace } from '@/lib/store/workspace';

const SHOWN_MS = 6000;

export function Said() {
  const said = useWorkspace((state) => state.said);

  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => workspace.forgetSaid(said), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);

  return (
    <div
      role="log"
      aria-label="Just done"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex justify-center px-4"
    >
      {said !== null && (
        <p className="max-w-full truncate rounded-lg border border-line bg-raised px-3 py-1.5 text-xs shadow-lg">
          {said.text}
        </p>
      )}
    </div>
  );
}
