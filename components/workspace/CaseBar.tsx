'use client';
// What the bar holds of an open case: its name and search, and what can be done with it. Fetched with the workspace; the empty page needs none of it.
import { CapturesButton } from '@/components/captures/CapturesButton';
import { ConnectionSearch } from '@/components/connections/ConnectionSearch';
import { useWorkspace } from '@/lib/store/workspace';
import { CaseTitle } from './CaseTitle';
import { NotesButton } from './NotesButton';
import { ReportButton } from './ReportButton';
import { ShareButton } from './ShareButton';

export function CaseSearch() {
  return (
    <>
      <CaseTitle />
      <div className="min-w-0 flex-1 max-[959px]:hidden">
        <ConnectionSearch />
      </div>
    </>
  );
}

export function CaseActions() {
  const hasCaptures = useWorkspace((state) => state.session.kind === 'live');
  return (
    <div className="flex items-center gap-2 max-sm:order-last max-sm:w-full max-sm:pb-2">
      {hasCaptures && <CapturesButton />}
      <NotesButton />
      <ShareButton />
      <ReportButton />
    </div>
  );
}
