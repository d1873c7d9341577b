'use client';
// A shared link that could not be read: why, and what to do.
import { Button } from '@/components/ui/Button';
import { useWorkspace, workspace } from '@/lib/store/workspace';

export function UnreadableLink() {
  const session = useWorkspace((state) => state.session);
  if (session.kind !== 'unreadable-link') return null;
  return (
    <main className="mx-auto max-w-lg px-6 py-24">
      <h1 className="text-lg font-semibold tracking-tight">This link cannot be read</h1>
      <p className="mt-2 text-muted">{session.reason}</p>
      <Button
        className="mt-4"
        onClick={() => {
          window.history.replaceState(null, '', window.location.pathname);
          workspace.closeCase();
        }}
      >
        Open Hoplane without it
      </Button>
    </main>
  );
}
