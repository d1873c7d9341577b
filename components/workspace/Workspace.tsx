'use client';
// The whole page: bar on top, and beneath it the stage: empty, reading, or the workspace. Starts what follows the address and marks idleness.
import { useDeferredValue, useEffect, useState } from 'react';
import { ReadingPage } from '@/components/captures/ReadingPage';
import { useCommandKeys } from '@/components/commands/use-command-keys';
import { DropTarget } from '@/components/intake/DropTarget';
import { EmptyPage } from '@/components/intake/EmptyPage';
import { WalkCard } from '@/components/intake/WalkCard';
import { syncAddress } from '@/lib/store/address-sync';
import { markIdle } from '@/lib/store/idle-mark';
import type { Sample } from '@/lib/store/samples';
import { selectStage } from '@/lib/store/selectors';
import { keeper, useWorkspace, workspace } from '@/lib/store/workspace';
import { Notices } from './Notices';
import { Said } from './Said';
import { TopBar } from './TopBar';
import { UnreadableLink } from './UnreadableLink';
import { useDocumentTitle } from './use-document-title';
import { fetchWhenNeeded, Overlays, Panels } from './workspace-code';

export function Workspace({ samples }: { readonly samples: readonly Sample[] }) {
  // Deferred: drawing the whole workspace at once would hold up the page; so React does it in slices.
  const stage = useDeferredValue(useWorkspace(selectStage));

  const [isNeeded, setIsNeeded] = useState(false);

  useDocumentTitle();
  useCommandKeys();

  useEffect(() => {
    const stopIdle = markIdle(workspace.store);
    const stopAddress = syncAddress(workspace, keeper);
    const stopKeeping = keeper.start();
    const stopWaiting = fetchWhenNeeded(() => setIsNeeded(true));
    window.hoplaneReplay?.();
    return () => {
      stopWaiting();
      stopAddress();
      stopKeeping();
      stopIdle();
    };
  }, []);

  return (
    <DropTarget>
      <div className="flex h-dvh flex-col overflow-hidden">
        <TopBar stage={stage} />
        <Notices />
        {stage === 'empty' && <EmptyPage samples={samples} />}
        {stage === 'reading' && <ReadingPage />}
        {stage === 'workspace' && <Panels />}
        {stage === 'unreadable-link' && <UnreadableLink />}
      </div>
      {isNeeded && <Overlays />}
      <WalkCard />
      <Said />
    </DropTarget>
  );
}
