'use client';
// The lanes as a list: rename, reorder, hide, merge and split; the clocks of their hosts; what was corrected by hand. The swimlane's head offers the same by pointer.
import { ArrowDown, ArrowUp, Eye, EyeOff, Redo2, Undo2 } from 'lucide-react';
import { ClockList } from '@/components/corrections/ClockList';
import { CorrectionList } from '@/components/corrections/CorrectionList';
import { PlaceMenu } from '@/components/corrections/PlaceMenu';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Point } from '@/lib/model/capture';
import type { LaneSettings } from '@/lib/model/snapshot';
import { listedName } from '@/lib/scene/point-name';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { defaultLaneOrder, moveLane, renameLane, toggleLane } from './lane-settings';

const NO_POINTS: readonly Point[] = [];

export function LanesButton() {
  const points = useWorkspace((state) => state.status?.points ?? NO_POINTS);
  const lanes = useWorkspace((state) => state.view.lanes);
  const connections = useWorkspace((state) => state.picture?.connections);
  const order = defaultLaneOrder(points, lanes, connections?.[0]);
  const hidden = order.filter((id) => lanes.hidden.includes(id)).length;
  return (
    <Popover
      name="Lanes"
      width="w-96"
      trigger={
        <Button size="small" data-command="lanes">
          Lanes{' '}
          <span className="figures text-muted">
            {order.length - hidden}
            {hidden > 0 && ` of ${order.length}`}
          </span>
        </Button>
      }
    >
      <SectionHeading
        aside={
          <span className="flex">
            <HistoryButtons />
            <Button
              look="quiet"
              size="small"
              onClick={() => workspace.setLanes({ order: [], hidden: [], names: {} })}
            >
              As found
            </Button>
          </span>
        }
      >
        Lanes
      </SectionHeading>
      <ul className="pb-2">
        {order.map((id, index) => {
          const point = points.find((one) => one.id === id);
          return (
            point && (
              <LaneLine
                key={id}
                point={point}
                points={points}
                lanes={lanes}
                order={order}
                index={index}
              />
            )
          );
        })}
      </ul>
      <ClockList />
      <CorrectionList />
    </Popover>
  );
}

function HistoryButtons() {
  const { past, future } = useWorkspace((state) => state.history);
  return (
    <>
      <Button
        look="quiet"
        size="small"
        disabled={past.length === 0}
        aria-label="Undo"
        title="Undo (Ctrl+Z)"
        onClick={() => workspace.hand.undo()}
      >
        <Undo2 size={12} aria-hidden />
      </Button>
      <Button
        look="quiet"
        size="small"
        disabled={future.length === 0}
        aria-label="Redo"
        title="Redo (Ctrl+Shift+Z)"
        onClick={() => workspace.hand.redo()}
      >
        <Redo2 size={12} aria-hidden />
      </Button>
    </>
  );
}

function LaneLine({
  point,
  points,
  lanes,
  order,
  index,
}: {
  readonly point: Point;
  readonly points: readonly Point[];
  readonly lanes: LaneSettings;
  readonly order: readonly string[];
  readonly index: number;
}) {
  const found = listedName(point, points);
  const name = lanes.names[point.id] ?? found;
  const isHidden = lanes.hidden.includes(point.id);
  const Icon = isHidden ? EyeOff : Eye;
  return (
    <li className="px-3.5 py-0.5">
      <div className="flex items-center gap-1">
        <input
          aria-label={`Name of ${found}`}
          value={name}
          onChange={(event) => workspace.setLanes(renameLane(lanes, point.id, event.target.value))}
          className="h-6 min-w-0 flex-1 rounded-md border border-transparent bg-transparent px-1.5 hover:border-line"
        />
        <Button
          look="quiet"
          size="small"
          disabled={index === 0}
          aria-label={`Move ${name} left`}
          onClick={() => workspace.setLanes(moveLane(lanes, order, index, -1))}
        >
          <ArrowUp size={12} aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="small"
          disabled={index === order.length - 1}
          aria-label={`Move ${name} right`}
          onClick={() => workspace.setLanes(moveLane(lanes, order, index, 1))}
        >
          <ArrowDown size={12} aria-hidden />
        </Button>
        <PlaceMenu point={point} points={points} name={name} />
        <Button
          look="quiet"
          size="small"
          aria-pressed={!isHidden}
          aria-label={`Show ${name}`}
          onClick={() => workspace.setLanes(toggleLane(lanes, point.id))}
        >
          <Icon size={12} aria-hidden />
        </Button>
      </div>
      {point.role && (
        <p
          className="truncate px-[7px] text-2xs text-muted"
          title={[point.role.text, ...point.role.grounds].join('\n')}
        >
          {point.role.confidence === 'likely' && 'likely '}
          {point.role.text}
        </p>
      )}
    </li>
  );
}
