'use client';
// The bar over everything: whose case, search, captures, notes, share, report, theme.
import { CapturesButton } from '@/components/captures/CapturesButton';
import { openOverlay } from '@/components/commands/overlay';
import { ConnectionSearch } from '@/components/connections/ConnectionSearch';
import { Button } from '@/components/ui/Button';
import { keyNames } from '@/components/ui/Key';
import type { Stage } from '@/lib/store/selectors';
import { useWorkspace } from '@/lib/store/workspace';
import { CaseTitle } from './CaseTitle';
import { NotesButton } from './NotesButton';
import { ReportButton } from './ReportButton';
import { ShareButton } from './ShareButton';
import { ThemeButton } from './ThemeButton';

export function TopBar({ stage }: { readonly stage: Stage }) {
  const isOpen = stage === 'workspace';
  const hasCaptures = useWorkspace((state) => state.session.kind === 'live');
  return (
    <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-2 border-b border-line px-3.5">
      <span className="shrink-0 font-semibold tracking-tight">Hoplane</span>
      {isOpen && <CaseTitle />}
      <div className="min-w-0 flex-1 max-[959px]:hidden">{isOpen && <ConnectionSearch />}</div>
      <Button
        className="max-[959px]:hidden"
        aria-label="Find anything"
        title="Find a command, finding, point, connection or frame"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => openOverlay('palette')}
      >
        <span className="text-xs text-muted">{keyNames('Mod+k').join(' ')}</span>
      </Button>
      {isOpen && (
        <div className="flex items-center gap-2 max-sm:order-last max-sm:w-full max-sm:pb-2">
          {hasCaptures && <CapturesButton />}
          <NotesButton />
          <ShareButton />
          <ReportButton />
        </div>
      )}
      <ThemeButton />
    </header>
  );
}
