'use client';
// A shared link that could not be read: why, and what to do.
import { useWorkspace } from '@/lib/store/workspace';
import { CloseCaseButton } from './CloseCaseButton';

export function UnreadableLink() {
  const session = useWorkspace((state) => state.session);
  if (session.kind !== 'unreadable-link') return null;
  return (
    <main className="mx-auto w-full max-w-[720px] px-6 py-10">
      <h1 className="text-lg font-semibold tracking-tight">This link cannot be read</h1>
      <p className="mt-2 text-muted">{session.reason} Ask for the link again, and copy it whole.</p>
      <div className="mt-4">
        <CloseCaseButton look="outline">Open Hoplane without it</CloseCaseButton>
      </div>
    </main>
  );
}
