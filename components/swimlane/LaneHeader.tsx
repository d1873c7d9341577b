'use client';
// The heads of the lanes: where each is, its name, and between them what each hop costs. To be renamed, moved and hidden in place.
import { X } from 'lucide-react';
import { type KeyboardEvent, memo, type PointerEvent, useState } from 'react';
import type { LaneSettings } from '@/lib/model/snapshot';
import type { Placement } from '@/lib/scene/draft';
import { type LaneGroup, readGroups } from '@/lib/scene/lane-groups';
import type { Lane } from '@/lib/scene/lanes';
import type { SceneLayout } from '@/lib/scene/layout';
import { shortenName } from '@/lib/scene/point-name';
import type { MeasureText } from '@/lib/scene/theme';
import type { PacketChoice } from '@/lib/store/workspace-state';
import { HOP_HEAD_PX, HopHeads } from './HopHeads';
import { hideLane, laneOrder, moveLaneTo, nameLane, neighbourOf } from './lane-edits';

const MOST_NAME_PX = 170;
const NAME_TOP_PX = 21;
/** Of a second line of names. */
const LINE_PX = 15;
/** Where the hops' heads begin, under the names. */
const HOP_TOP_PX = 40;

/** Drawn again when lanes or their places change, not while time is scrolled. */
export const LaneHeader = memo(function LaneHeader({
  layout,
  placement,
  settings,
  measure,
  choice,
  viewPx = Number.POSITIVE_INFINITY,
  onLanes,
}: {
  readonly layout: SceneLayout;
  readonly placement: Placement;
  readonly settings: LaneSettings;
  readonly measure: MeasureText;
  /** Whose packets the hops count. */
  readonly choice: PacketChoice;
  /** What of the lanes is in view: a hop that reaches beyond has no head, where it would be cut. */
  readonly viewPx?: number;
  readonly onLanes: (next: LaneSettings) => void;
}) {
  const [dragged, setDragged] = useState<{ readonly id: string; readonly dx: number } | null>(null);
  const { lanes } = layout.plan;
  const { texts, rooms, isStaggered } = readHeads(lanes, placement, measure);
  const hopTopPx = HOP_TOP_PX + (isStaggered ? LINE_PX : 0);

  const drop = (lane: Lane, index: number, dx: number): void => {
    setDragged(null);
    const target = placement.x[index] + dx;
    const order = laneOrder(lanes);
    const at = order.findIndex((id) => {
      const own = lanes.findIndex(({ pointId }) => pointId === id);
      return placement.x[own] > target;
    });
    onLanes(moveLaneTo(settings, order, lane.pointId, at < 0 ? order.length : at));
  };

  return (
    <div
      className="relative shrink-0 overflow-hidden border-b border-line bg-surface select-none"
      style={{ height: hopTopPx + HOP_HEAD_PX }}
    >
      {lanes.map((lane, index) => (
        <LaneHead
          key={lane.id}
          lane={lane}
          text={shortenName(texts[index], rooms[index], (text) => measure(text, 'name'))}
          x={placement.x[index] + (dragged?.id === lane.id ? dragged.dx : 0)}
          topPx={NAME_TOP_PX + (isStaggered && index % 2 === 1 ? LINE_PX : 0)}
          widthPx={rooms[index]}
          settings={settings}
          order={laneOrder(lanes)}
          onLanes={onLanes}
          onDrag={(dx) => setDragged({ id: lane.id, dx })}
          onDrop={(dx) => drop(lane, index, dx)}
        />
      ))}
      {readGroups(layout, placement, measure).map((group) => (
        <GroupHead key={group.x} group={group} />
      ))}
      <div className="absolute inset-x-0" style={{ top: isStaggered ? LINE_PX : 0 }}>
        <HopHeads
          layout={layout}
          placement={placement}
          measure={measure}
          choice={choice}
          viewPx={viewPx}
        />
      </div>
    </div>
  );
});

/** Between two names. */
const NAME_GAP_PX = 4;

interface Heads {
  readonly texts: readonly string[];
  /** px */
  readonly rooms: readonly number[];
  /** Every second name stands a line lower. */
  readonly isStaggered: boolean;
}

/** Names in one line where they have room; else in two, so that each has that of its neighbours besides. */
function readHeads(lanes: readonly Lane[], placement: Placement, measure: MeasureText): Heads {
  const texts = readNames(lanes, placement, measure);
  const rooms = readRooms(texts, placement, measure, 1);
  const isWhole = lanes.every(
    ({ name }, index) => name === texts[index] && measure(name, 'name') <= rooms[index],
  );
  if (isWhole) return { texts, rooms, isStaggered: false };
  const names = lanes.map(({ name }) => name);
  return {
    texts: names,
    rooms: readRooms(names, placement, measure, 2),
    isStaggered: true,
  };
}

/** The lanes' names; a second passage that has no room beside the first is told by its sign alone. */
function readNames(
  lanes: readonly Lane[],
  { x }: Placement,
  measure: MeasureText,
): readonly string[] {
  return lanes.map((lane, index) => {
    const before = lanes[index - 1];
    if (lane.passage === 1 || before?.pointId !== lane.pointId) return lane.name;
    const wanted = (measure(lane.name, 'name') + measure(before.name, 'name')) / 2 + NAME_GAP_PX;
    return x[index] - x[index - 1] < wanted ? '′'.repeat(lane.passage - 1) : lane.name;
  });
}

/** Room of each name, px: as far as its neighbours reach, which may take less than their half. */
function readRooms(
  names: readonly string[],
  { x }: Placement,
  measure: MeasureText,
  /** To the neighbours in the same line. */
  stride: 1 | 2,
): readonly number[] {
  const widths = names.map((name) => Math.min(MOST_NAME_PX, measure(name, 'name')));
  return names.map((_, index) => {
    const rooms = [index - stride, index + stride].map((other) => {
      const distance = Math.abs((x[other] ?? Number.POSITIVE_INFINITY) - x[index]) - NAME_GAP_PX;
      return 2 * Math.max(distance / 2, distance - (widths[other] ?? 0) / 2);
    });
    return Math.min(MOST_NAME_PX, ...rooms);
  });
}

function LaneHead({
  lane,
  text,
  x,
  topPx,
  widthPx,
  settings,
  order,
  onLanes,
  onDrag,
  onDrop,
}: {
  readonly lane: Lane;
  /** Its name, as much of it as there is room for. */
  readonly text: string;
  readonly x: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly settings: LaneSettings;
  readonly order: readonly string[];
  readonly onLanes: (next: LaneSettings) => void;
  readonly onDrag: (dx: number) => void;
  readonly onDrop: (dx: number) => void;
}) {
  const [editing, setEditing] = useState(false);
  const [start, setStart] = useState<number | null>(null);
  const movable = lane.passage === 1;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'F2' || event.key === 'Enter') setEditing(true);
    else if (event.altKey && event.key === 'ArrowLeft')
      onLanes(neighbourOf(settings, order, lane.pointId, -1));
    else if (event.altKey && event.key === 'ArrowRight')
      onLanes(neighbourOf(settings, order, lane.pointId, 1));
    else if (event.key === 'Delete') onLanes(hideLane(settings, lane.pointId));
    else return;
    event.preventDefault();
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (start !== null && Math.abs(event.clientX - start) > 6) onDrop(event.clientX - start);
    else onDrag(0);
    setStart(null);
  };

  return (
    <div
      className="group absolute flex -translate-x-1/2 items-center justify-center"
      style={{ left: x, top: topPx, width: widthPx }}
    >
      {editing ? (
        <NameField
          name={settings.names[lane.pointId] ?? lane.name}
          onDone={(name) => {
            setEditing(false);
            if (name !== null) onLanes(nameLane(settings, lane.pointId, name));
          }}
        />
      ) : (
        <button
          type="button"
          title={`${lane.grounds.map((ground) => `${ground}\n`).join('')}${lane.name}: double click or F2 to rename, drag or Alt+arrow to move, Delete to hide`}
          className={`cursor-grab rounded-sm text-[12.5px] font-semibold whitespace-nowrap ${lane.idle ? 'text-muted' : 'text-ink'}`}
          aria-label={lane.name}
          disabled={!movable}
          onDoubleClick={() => setEditing(true)}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            setStart(event.clientX);
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={(event) => start !== null && onDrag(event.clientX - start)}
          onPointerUp={onPointerUp}
        >
          {text}
        </button>
      )}
      {movable && !editing && (
        <button
          type="button"
          aria-label={`Hide ${lane.name}`}
          className="absolute right-0 hidden rounded-sm bg-surface p-0.5 text-muted group-focus-within:block group-hover:block hover:text-ink"
          onClick={() => onLanes(hideLane(settings, lane.pointId))}
        >
          <X size={12} aria-hidden />
        </button>
      )}
    </div>
  );
}

/** The heading of neighbouring lanes of one place; a bracket over them where they are several. */
function GroupHead({ group: { text, title, bracket, x } }: { readonly group: LaneGroup }) {
  return (
    <>
      {bracket !== null && (
        <div
          className="absolute top-[13px] h-1.5 rounded-t-[2px] border-x border-t border-line-strong"
          style={{ left: bracket[0], width: Math.max(0, bracket[1] - bracket[0]) }}
        />
      )}
      <div
        className="absolute top-1.5 -translate-x-1/2 bg-surface px-1 text-2xs whitespace-nowrap text-muted"
        style={{ left: x }}
        title={title}
      >
        {text}
      </div>
    </>
  );
}

function NameField({
  name,
  onDone,
}: {
  readonly name: string;
  /** Null: as it was. */
  readonly onDone: (name: string | null) => void;
}) {
  return (
    <input
      ref={(field) => field?.select()}
      aria-label="Name of the lane"
      defaultValue={name}
      className="w-full rounded-sm border border-focus bg-raised px-1 text-center text-xs"
      onBlur={(event) => onDone(event.target.value.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') onDone(null);
      }}
    />
  );
}
