'use client';
// The centre: what is drawn and how, the overview with its brush, the swimlane.
import { lazy, Suspense, useDeferredValue, useMemo } from 'react';
import { HopsPanel } from '@/components/overview/HopsPanel';
import { Overview } from '@/components/overview/Overview';
import { Swimlane } from '@/components/swimlane/Swimlane';
import { isShownAsHeat, useHeat } from '@/components/swimlane/use-heat';
import { Button } from '@/components/ui/Button';
import { formatQuantity } from '@/components/ui/format-number';
import type { SceneFilter } from '@/lib/scene/layout';
import { selectChosenSighting } from '@/lib/store/chosen-sighting';
import { selectDrawn, selectFinding } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { Picture as PictureContent } from '@/lib/store/workspace-state';
import { PictureBar } from './PictureBar';

const SideBySide = lazy(() =>
  import('@/components/swimlane/SideBySide').then((module) => ({ default: module.SideBySide })),
);

const NO_POINTS: readonly never[] = [];

export function Picture() {
  // Deferred, as the first drawing of many packets takes longer than a frame.
  const picture = useDeferredValue(
    useWorkspace((state) => state.picture),
    null,
  );
  const isAllHidden = useWorkspace(
    (state) => state.view.leftOut === 'hide' && selectDrawn(state).matched === 0,
  );
  // What was drawn stays until both connections are there.
  const isCompared = useWorkspace(
    ({ view, comparison }) => view.compare !== null && comparison !== null,
  );
  const drawn =
    picture === null || picture.window.journeyCount === 0 ? (
      <NothingDrawn />
    ) : isAllHidden ? (
      <AllHidden count={picture.window.journeyCount} />
    ) : (
      <Lanes picture={picture} />
    );
  return (
    <section aria-label="Journeys" data-part="picture" className="flex h-full min-h-0 flex-col">
      <PictureBar />
      {!isCompared && <TimeBrush />}
      <div className="min-h-0 flex-1">
        {isCompared ? (
          <Suspense fallback={drawn}>
            <Compared />
          </Suspense>
        ) : (
          drawn
        )}
      </div>
    </section>
  );
}

function Compared() {
  const comparison = useWorkspace((state) => state.comparison);
  const status = useWorkspace((state) => state.status);
  const view = useWorkspace((state) => state.view);
  const hovered = useWorkspace((state) => state.hovered);
  const filter = useSceneFilter(comparison?.matches?.journeys ?? null);
  if (comparison === null) return null;
  if (filter?.hides && !filter.matches.includes(1))
    return <AllHidden count={comparison.window.journeyCount} />;
  return (
    <SideBySide
      comparison={comparison}
      filter={filter}
      search={view.search}
      points={status?.points ?? NO_POINTS}
      hops={status?.hops ?? NO_POINTS}
      lanes={view.lanes}
      onLanes={(lanes) => workspace.setLanes(lanes)}
      selected={view.selected}
      onSelect={(target) => workspace.selectFrame(target)}
      hovered={hovered}
      onHover={(target) => workspace.hoverFrame(target)}
      timeMode={view.timeMode}
      arrangement={view.arrangement}
      onLeave={() => workspace.comparison.leave()}
    />
  );
}

function NothingDrawn() {
  return (
    <p className="p-6 text-muted">
      Choose a finding or a connection on the left: its packets are drawn here, a line from point to
      point each.
    </p>
  );
}

function AllHidden({ count }: { readonly count: number }) {
  return (
    <p className="flex items-center gap-3 p-6 text-muted">
      The filter leaves out all {formatQuantity(count, 'packet')} of what is chosen.
      <Button size="small" onClick={() => workspace.setLeftOut('dim')}>
        Draw them faint
      </Button>
    </p>
  );
}

function TimeBrush() {
  const overview = useWorkspace((state) => state.overview);
  const span = useWorkspace((state) => state.view.span);
  const moment = useWorkspace((state) => selectChosenSighting(state)?.time);
  const areHopsShown = useWorkspace((state) => state.view.hop !== null);
  const isLive = useWorkspace((state) => state.session.kind === 'live');
  if (overview === null) return null;
  return (
    <div className="flex min-h-0 shrink-0 flex-col border-b border-line">
      <Overview
        overview={overview}
        span={span}
        moment={moment}
        onSpan={(next) => workspace.setSpan(next)}
      />
      {isLive && areHopsShown && <HopsPanel />}
    </div>
  );
}

function Lanes({ picture }: { readonly picture: PictureContent }) {
  const status = useWorkspace((state) => state.status);
  const view = useWorkspace((state) => state.view);
  const hovered = useWorkspace((state) => state.hovered);
  const notes = useWorkspace((state) => state.notes);
  const finding = useWorkspace(selectFinding);
  const filter = useFilter(picture);
  const heat = useHeat(picture);
  const choice = useMemo(() => ({ connections: null, search: view.search }), [view.search]);
  return (
    <Swimlane
      heat={heat}
      choice={choice}
      isHeat={isShownAsHeat(picture, view.span, view.selected !== null)}
      onOpen={(span) => workspace.setSpan(span, true)}
      window={picture.window}
      points={status?.points ?? NO_POINTS}
      connections={picture.connections}
      hops={status?.hops ?? NO_POINTS}
      lanes={view.lanes}
      onLanes={(lanes) => workspace.setLanes(lanes)}
      finding={finding}
      notes={notes}
      selected={view.selected}
      onSelect={(target) => workspace.selectFrame(target)}
      hovered={hovered}
      onHover={(target) => workspace.hoverFrame(target)}
      span={view.span}
      onSpan={(span) => workspace.setSpan(span)}
      timeMode={view.timeMode}
      filter={filter}
      arrangement={view.arrangement}
    />
  );
}

/** What the display filter lets through of the packets drawn; kept as it was while another is under way. */
function useFilter({ window }: PictureContent): SceneFilter | null {
  const matches = useWorkspace((state) => state.matches);
  return useSceneFilter(matches?.window === window ? matches.journeys : null);
}

function useSceneFilter(journeys: Uint8Array | null): SceneFilter | null {
  const hides = useWorkspace((state) => state.view.leftOut === 'hide');
  return useMemo(
    () => (journeys === null ? null : { matches: journeys, hides }),
    [journeys, hides],
  );
}
