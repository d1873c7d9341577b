'use client';
// The workspace: findings and connections, the picture, the inspector; side by side where there is room, else one at a time.
import { useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { showPart, usePage } from '@/components/commands/overlay';
import { ConnectionSearch } from '@/components/connections/ConnectionSearch';
import { ConnectionTable } from '@/components/connections/ConnectionTable';
import { Checks } from '@/components/findings/Checks';
import { FindingList } from '@/components/findings/FindingList';
import { Story } from '@/components/findings/Story';
import { Inspector } from '@/components/inspector/Inspector';
import { Later } from '@/components/ui/Later';
import { Segmented } from '@/components/ui/Segmented';
import { useMedia } from '@/components/ui/use-media';
import { useWorkspace } from '@/lib/store/workspace';
import { FindingsPanel } from './FindingsPanel';
import { Picture } from './Picture';

export function Panels() {
  const isWide = useMedia('(min-width: 960px)');
  const title = useWorkspace((state) => state.title);
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{title}</h1>
      {isWide ? <WidePanels /> : <NarrowPanels />}
    </main>
  );
}

const SEPARATOR =
  'w-px bg-line outline-none after:absolute relative after:inset-y-0 after:-inset-x-1 hover:bg-line-strong focus-visible:bg-focus data-[separator=active]:bg-focus';

/** Widths of the side panels at first, px: the picture gets what is left. */
const sideWidths = () =>
  window.innerWidth < 1440 ? { findings: 336, inspector: 296 } : { findings: 364, inspector: 336 };

function WidePanels() {
  const [widths] = useState(sideWidths);
  const wideTable = usePage((state) => state.wideTable);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {wideTable && (
        <div className="absolute inset-0 z-20 flex flex-col bg-surface">
          <ConnectionTable place="page" />
        </div>
      )}
      <Group orientation="horizontal" className="min-h-0 flex-1" inert={wideTable}>
        <Panel
          id="findings"
          defaultSize={widths.findings}
          minSize="260px"
          maxSize="560px"
          groupResizeBehavior="preserve-pixel-size"
        >
          <FindingsPanel />
        </Panel>
        <Separator className={SEPARATOR} aria-label="Width of the findings" />
        <Panel id="picture" minSize="380px">
          <Later>
            <Picture />
          </Later>
        </Panel>
        <Separator className={SEPARATOR} aria-label="Width of the inspector" />
        <Panel
          id="inspector"
          defaultSize={widths.inspector}
          minSize="240px"
          maxSize="720px"
          groupResizeBehavior="preserve-pixel-size"
        >
          <Later>
            <Inspector />
          </Later>
        </Panel>
      </Group>
    </div>
  );
}

const TABS = [
  { value: 'findings', label: 'Findings', hint: 'Findings and their story' },
  { value: 'connections', label: 'Connections', hint: 'All connections' },
  { value: 'picture', label: 'Journeys', hint: 'The swimlane of what is chosen' },
  { value: 'inspector', label: 'Frame', hint: 'The chosen frame' },
] as const;

function NarrowPanels() {
  const tab = usePage((state) => state.part);
  return (
    <>
      <div className="flex shrink-0 justify-center border-b border-line py-1.5">
        <Segmented name="Part of the workspace" value={tab} options={TABS} onChange={showPart} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        {tab === 'findings' && (
          <>
            <FindingList />
            <Story />
            <Checks />
          </>
        )}
        {tab === 'connections' && (
          <>
            <div className="px-3.5 pt-2">
              <ConnectionSearch />
            </div>
            <ConnectionTable />
          </>
        )}
        {tab === 'picture' && <Picture />}
        {tab === 'inspector' && <Inspector />}
      </div>
    </>
  );
}
