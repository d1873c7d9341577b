'use client';
// The left panel: findings and story above, connections below, with a line between them that can be moved. Without a story the connections get its room.
import { useLayoutEffect, useRef } from 'react';
import { Group, Panel, type PanelImperativeHandle, Separator } from 'react-resizable-panels';
import { usePage } from '@/components/commands/overlay';
import { ConnectionTable } from '@/components/connections/ConnectionTable';
import { Checks } from '@/components/findings/Checks';
import { FindingList } from '@/components/findings/FindingList';
import { Story } from '@/components/findings/Story';
import { Later } from '@/components/ui/Later';
import { selectFinding } from '@/lib/store/selectors';
import { useWorkspace } from '@/lib/store/workspace';

/** Share of the panel's height that a story gets at first, in percent. */
const STORY_PERCENT = 70;
/** What findings without a story take at most, px. */
const FINDINGS_PX = 280;

export function FindingsPanel() {
  const wideTable = usePage((state) => state.wideTable);
  const hasStory = useWorkspace((state) => selectFinding(state) !== null);
  const upper = useRef<PanelImperativeHandle>(null);
  const content = useRef<HTMLDivElement>(null);
  const storyPercent = useRef(STORY_PERCENT);

  useLayoutEffect(() => {
    const panel = upper.current;
    if (panel === null || content.current === null) return;
    if (hasStory) {
      panel.resize(`${storyPercent.current}%`);
      return () => {
        storyPercent.current = panel.getSize().asPercentage;
      };
    }
    panel.resize(Math.min(FINDINGS_PX, content.current.offsetHeight + 1));
  }, [hasStory]);

  return (
    <Group orientation="vertical" className="h-full">
      <Panel id="story" panelRef={upper} defaultSize={`${STORY_PERCENT}%`} minSize={64}>
        <div className="h-full overflow-x-hidden overflow-y-auto">
          <div ref={content}>
            <FindingList />
            <Story />
            <Checks />
          </div>
        </div>
      </Panel>
      <Separator
        className="relative h-px bg-line outline-none after:absolute after:inset-x-0 after:-inset-y-1 hover:bg-line-strong focus-visible:bg-focus"
        aria-label="Height of the connection table"
      />
      <Panel id="connections" minSize={120} className="flex flex-col">
        {!wideTable && (
          <Later>
            <ConnectionTable />
          </Later>
        )}
      </Panel>
    </Group>
  );
}
