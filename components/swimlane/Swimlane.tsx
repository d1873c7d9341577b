'use client';
// The swimlane: the scene's layout built once for its input, its marks drawn on a canvas for each view, and the ways to move, point and choose.
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { Point } from '@/lib/model/capture';
import type { ConnectionSummary, HopSummary } from '@/lib/model/connection';
import type { Finding } from '@/lib/model/finding';
import type { JourneyWindow } from '@/lib/model/journey-window';
import { journeyOfSighting } from '@/lib/model/rewrites';
import type { Annotation, LaneSettings } from '@/lib/model/snapshot';
import { placeScene } from '@/lib/scene/draft';
import { drawScene, type Scene, topForSighting } from '@/lib/scene/draw-scene';
import { findHit } from '@/lib/scene/hit-test';
import {
  type Arrangement,
  buildLayout,
  rowOfJourney,
  type SceneFilter,
  type TimeMode,
} from '@/lib/scene/layout';
import { findSighting } from '@/lib/scene/markers';
import { Marks } from '@/lib/scene/marks';
import { drawMarks } from './canvas-pen';
import { JourneyList } from './JourneyList';
import { JourneyTooltip } from './JourneyTooltip';
import { LaneHeader } from './LaneHeader';
import { isRowInView } from './scene-view';
import { useCanvasSize } from './use-canvas-size';
import { handleKey } from './use-keyboard';
import { usePanZoom } from './use-pan-zoom';
import { usePenStyle } from './use-pen-style';
import { usePointer } from './use-pointer';

export interface FrameTarget {
  readonly file: string;
  readonly frame: number;
}

export interface SwimlaneProps {
  readonly window: JourneyWindow;
  readonly points: readonly Point[];
  readonly connections: readonly ConnectionSummary[];
  readonly hops: readonly HopSummary[];
  readonly lanes: LaneSettings;
  readonly onLanes: (next: LaneSettings) => void;
  readonly finding: Finding | null;
  readonly notes: readonly Annotation[];
  readonly selected: FrameTarget | null;
  readonly onSelect: (target: FrameTarget | null) => void;
  readonly hovered: FrameTarget | null;
  readonly onHover: (target: FrameTarget | null) => void;
  readonly span: readonly [number, number] | null;
  readonly onSpan: (span: readonly [number, number]) => void;
  readonly timeMode: TimeMode;
  readonly filter: SceneFilter | null;
  readonly arrangement: Arrangement;
}

export function Swimlane(props: SwimlaneProps) {
  const { window, points, connections, hops, lanes, finding, notes, timeMode } = props;
  const { filter, arrangement } = props;
  const layout = useMemo(
    () =>
      buildLayout({
        window,
        points,
        connections,
        hops,
        lanes,
        finding,
        notes,
        timeMode,
        filter,
        arrangement,
      }),
    [window, points, connections, hops, lanes, finding, notes, timeMode, filter, arrangement],
  );
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const fieldRef = useRef<HTMLDivElement>(null);
  const listRef = useRef<HTMLDivElement>(null);
  const sceneRef = useRef<Scene | null>(null);
  const size = useCanvasSize(fieldRef);
  const pen = usePenStyle();
  const { view, move } = usePanZoom(layout, size, props.span, props.onSpan);
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null);

  const [selected, select] = useSighting(window, props.selected, props.onSelect);
  const [hovered, hover] = useSighting(window, props.hovered, props.onHover);

  // The marks of a view are cheap next to drawing them; React keeps the two in step.
  const scene = useMemo(() => {
    if (!size || !pen || size.width === 0) return null;
    const sceneView = { ...view, ...size, selected, hovered };
    return drawScene(layout, sceneView, pen.measure, { body: new Marks(), pinned: new Marks() });
  }, [layout, view, size, pen, selected, hovered]);

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
    () => placeScene(layout, size?.width ?? 0, view.left),
    [layout, size, view.left],
  );
  return (
    <div className="flex h-full min-h-0 flex-col bg-surface">
      {pen && arrangement === 'ladder' && (
        <LaneHeader
          layout={layout}
          placement={placement}
          settings={lanes}
          measure={pen.measure}
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
          firstRow={listed?.firstRow ?? 0}
          endRow={listed?.endRow ?? 0}
          selectedJourney={selected < 0 ? -1 : journeyOfSighting(window, selected)}
          onJourney={(journey) => select(window.journeys.firstSighting[journey])}
          onKeyDown={(event) => {
            const handled = handleKey(event, {
              layout,
              selected,
              firstRow: scene?.firstRow ?? 0,
              move,
              onSighting: select,
              onClear: () => select(-1),
            });
            if (handled) event.preventDefault();
          }}
        />
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
