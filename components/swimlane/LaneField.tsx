'use client';
// One layout on the screen: the heads of its lanes, its marks on a canvas, and the ways to point and choose. Of two connections side by side each has its own.
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { JourneyWindow } from '@/lib/model/journey-window';
import { journeyOfSighting } from '@/lib/model/rewrites';
import type { LaneSettings } from '@/lib/model/snapshot';
import { placeScene } from '@/lib/scene/draft';
import { drawScene, type Scene, topForSighting } from '@/lib/scene/draw-scene';
import { findHit } from '@/lib/scene/hit-test';
import { rowOfJourney, type SceneLayout } from '@/lib/scene/layout';
import { findSighting } from '@/lib/scene/markers';
import { Marks } from '@/lib/scene/marks';
import type { PacketChoice } from '@/lib/store/workspace-state';
import { drawMarks } from './canvas-pen';
import { EdgeHints } from './EdgeHints';
import { JourneyList } from './JourneyList';
import { JourneyTooltip } from './JourneyTooltip';
import { LaneHeader } from './LaneHeader';
import { SideEdge } from './SideEdge';
import { acrossPx, isRowInView, isStrips, type PanZoom, type Size } from './scene-view';
import { handleKey } from './use-keyboard';
import type { MoveView } from './use-pan-zoom';
import type { Pen } from './use-pen-style';
import { usePointer } from './use-pointer';

export interface FrameTarget {
  readonly file: string;
  readonly frame: number;
}

/** What is chosen and pointed at, the same wherever the picture is drawn. */
export interface FieldChoice {
  readonly lanes: LaneSettings;
  readonly onLanes: (next: LaneSettings) => void;
  readonly selected: FrameTarget | null;
  readonly onSelect: (target: FrameTarget | null) => void;
  readonly hovered: FrameTarget | null;
  readonly onHover: (target: FrameTarget | null) => void;
  /** Whose packets the heads of the hops count. */
  readonly choice: PacketChoice;
}

export interface LaneFieldProps extends FieldChoice {
  readonly layout: SceneLayout;
  readonly side?: 0 | 1;
  /** The element that `size` is of. */
  readonly fieldRef: RefObject<HTMLDivElement | null>;
  readonly size: Size | null;
  readonly pen: Pen | null;
  readonly view: PanZoom;
  readonly move: MoveView;
}

const newMarks = () => ({ body: new Marks(), pinned: new Marks() });

export function LaneField(props: LaneFieldProps) {
  const { layout, side, fieldRef, size, pen, view, move } = props;
  const { window } = layout.input;
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const listRef = useRef<HTMLDivElement>(null);
  const sceneRef = useRef<Scene | null>(null);
  const [marks] = useState(() => [newMarks(), newMarks()]);
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const [selected, select] = useSighting(window, props.selected, props.onSelect);
  const [hovered, hover] = useSighting(window, props.hovered, props.onHover);

  // The marks of a view are cheap next to drawing them; React keeps the two in step.
  const scene = useMemo(() => {
    if (!size || !pen || size.width === 0) return null;
    const sceneView = { ...view, ...size, selected, hovered, side };
    // The picture that is on the screen is pointed at: the next is drawn into the other tables.
    const shown = sceneRef.current?.body;
    const spare = marks.find(({ body }) => body !== shown);
    return drawScene(layout, sceneView, pen.measure, spare);
  }, [layout, view, size, pen, selected, hovered, side, marks]);

  // The list in words follows the canvas when there is time: it never holds up a frame.
  const listed = useDeferredValue(scene);

  useEffect(() => {
    const canvas = canvasRef.current;
    sceneRef.current = scene;
    if (!scene || !pen || !size || !canvas) return;
    const frame = requestAnimationFrame(() => {
      const ratio = globalThis.devicePixelRatio || 1;
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const context = canvas.getContext('2d');
      if (!context) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      drawMarks(context, scene.body, pen);
      drawMarks(context, scene.pinned, pen);
      canvas.dataset.drawn = String(scene.endRow - scene.firstRow);
    });
    return () => cancelAnimationFrame(frame);
  }, [scene, pen, size]);

  // A choice made elsewhere is brought into view; one already there moves nothing.
  useEffect(() => {
    if (selected < 0) return;
    move((known, own, room) => {
      const row = rowOfJourney(own, journeyOfSighting(own.input.window, selected));
      if (row === own.rowCount || isRowInView(own, room, known, row)) return known;
      const sceneView = { ...known, ...room, selected, hovered: -1 };
      return { ...known, top: topForSighting(own, sceneView, selected) };
    });
  }, [selected, move]);

  usePointer(fieldRef, move, {
    onPoint: (at) => {
      const hit = at && sceneRef.current && findHit(sceneRef.current.body, window, at.x, at.y);
      setPointer(hit ? at : null);
      hover(hit ? hit.sighting : -1);
    },
    onClick: (x, y) => {
      const hit = sceneRef.current && findHit(sceneRef.current.body, window, x, y);
      select(hit ? hit.sighting : -1);
      listRef.current?.focus({ preventScroll: true });
    },
  });

  const placement = useMemo(
    () => placeScene(layout, size === null ? 0 : acrossPx(layout, size), view.left),
    [layout, size, view.left],
  );
  return (
    <div className="flex h-full min-h-0 flex-1 flex-col bg-surface">
      {pen && layout.input.arrangement !== 'strips' && (
        <LaneHeader
          layout={layout}
          placement={placement}
          settings={props.lanes}
          measure={pen.measure}
          choice={props.choice}
          viewPx={size?.width ?? 0}
          onLanes={props.onLanes}
        />
      )}
      <div
        ref={fieldRef}
        className="relative min-h-0 flex-1 touch-none overflow-hidden focus-within:outline-1 focus-within:-outline-offset-1 focus-within:outline-focus"
      >
        <canvas ref={canvasRef} aria-hidden className="absolute inset-0 h-full w-full" />
        <JourneyList
          listRef={listRef}
          layout={layout}
          side={side}
          firstRow={listed?.firstRow ?? 0}
          endRow={listed?.endRow ?? 0}
          selectedJourney={selected < 0 ? -1 : journeyOfSighting(window, selected)}
          onJourney={(journey) => select(window.journeys.firstSighting[journey])}
          onKeyDown={(event) => {
            const handled = handleKey(event, {
              layout,
              side,
              selected,
              firstRow: scene?.firstRow ?? 0,
              move,
              onSighting: select,
              onClear: () => select(-1),
            });
            if (handled) event.preventDefault();
          }}
        />
        <EdgeHints
          lanes={layout.plan.lanes}
          placement={placement}
          roomPx={size === null ? 0 : acrossPx(layout, size)}
          isStrips={isStrips(layout)}
          onPush={(px) => move((known) => ({ ...known, left: known.left + px }))}
        />
        {side !== undefined && size && !isStrips(layout) && (
          <SideEdge layout={layout} side={side} size={size} view={view} move={move} />
        )}
        {pointer && hovered >= 0 && size && (
          <JourneyTooltip layout={layout} sighting={hovered} at={pointer} room={size} />
        )}
      </div>
    </div>
  );
}

/** A frame chosen outside as a row of the sightings (−1: none), and the way to choose one. A frame cut again further on has several rows: the one chosen here is kept. */
function useSighting(
  window: JourneyWindow,
  target: FrameTarget | null,
  onTarget: (target: FrameTarget | null) => void,
): readonly [number, (sighting: number) => void] {
  const [own, setOwn] = useState(-1);
  const sighting = useMemo(() => {
    if (target === null) return -1;
    const { capture, frame } = window.sightings;
    const isOwn =
      own >= 0 &&
      own < window.sightingCount &&
      frame[own] === target.frame &&
      window.files[capture[own]] === target.file;
    return isOwn ? own : (findSighting(window, target.file, target.frame) ?? -1);
  }, [window, target, own]);
  const choose = (row: number): void => {
    if (row === sighting) return;
    setOwn(row);
    onTarget(
      row < 0
        ? null
        : {
            file: window.files[window.sightings.capture[row]],
            frame: window.sightings.frame[row],
          },
    );
  };
  return [sighting, choose];
}
