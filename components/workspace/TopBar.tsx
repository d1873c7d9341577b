'use client';
// The bar over everything: whose case, search, captures, notes, share, report, theme.
import { openOverlay } from '@/components/commands/overlay';
import { Button } from '@/components/ui/Button';
import { keyNames } from '@/components/ui/Key';
import { useHydrated } from '@/components/ui/use-hydrated';
import type { Stage } from '@/lib/store/selectors';
import { ThemeButton } from './ThemeButton';
import { CaseActions, CaseSearch } from './workspace-code';

export function TopBar({ stage }: { readonly stage: Stage }) {
  const isOpen = stage === 'workspace';
  // What the key is called depends on the machine, which the server does not know.
  const isHydrated = useHydrated();
  return (
    <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-2 border-b border-line px-3.5">
      <span className="shrink-0 font-semibold tracking-tight">Hoplane</span>
      {isOpen ? <CaseSearch /> : <div className="flex-1" />}
      <Button
        className="max-[959px]:hidden"
        title="Find a command, finding, point, connection or frame"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => openOverlay('palette')}
      >
        <span className="sr-only">Find anything </span>
        <span className="text-xs text-muted">
          {isHydrated ? keyNames('Mod+k').join(' ') : 'Ctrl K'}
        </span>
      </Button>
      {isOpen && <CaseActions />}
      <ThemeButton />
    </header>
  );
}
