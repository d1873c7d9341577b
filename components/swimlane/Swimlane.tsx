'use client';
// The swimlane of what is chosen: the scene's layout built once for its input, and its view tied to the span of time that overview and link know.
import { lazy, Suspense, useMemo, useRef } from 'react';
import { buildLayout, type SceneInput } from '@/lib/scene/layout';
import { type FieldChoice, LaneField } from './LaneField';
import { useCanvasSize } from './use-canvas-size';
import type { Heat } from './use-heat';
import { usePanZoom } from './use-pan-zoom';
import { usePenStyle } from './use-pen-style';

const HeatField = lazy(() =>
  import('./HeatField').then((module) => ({ default: module.HeatField })),
);

export interface SwimlaneProps extends FieldChoice, Omit<SceneInput, 'isPair'> {
  /** The whole of connections too long to be drawn at once; null: all of them is drawn. */
  readonly heat: Heat | null;
  /** Whether the span is shown as heat. */
  readonly isHeat: boolean;
  readonly onOpen: (span: readonly [number, number]) => void;
  readonly span: readonly [number, number] | null;
  readonly onSpan: (span: readonly [number, number]) => void;
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
  const fieldRef = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(fieldRef);
  const pen = usePenStyle();
  const { heat, isHeat, span, onSpan, onOpen } = props;
  const { view, move } = usePanZoom(layout, size, span, onSpan, () => {
    if (heat !== null) onSpan(widerThan(window, heat));
  });
  const isHeatShown = heat !== null && isHeat;
  // The heat lies over the packets: when it opens they are there already, and no frame is empty.
  return (
    <div className="relative h-full">
      <div inert={isHeatShown} className="h-full">
        <LaneField
          {...props}
          layout={layout}
          fieldRef={fieldRef}
          size={size}
          pen={pen}
          view={view}
          move={move}
        />
      </div>
      {isHeatShown && (
        <Suspense fallback={null}>
          <div className="absolute inset-0">
            <HeatField
              layout={layout}
              heat={heat}
              pen={pen}
              lanes={lanes}
              onLanes={props.onLanes}
              choice={props.choice}
              span={span}
              onSpan={onSpan}
              onOpen={onOpen}
            />
          </div>
        </Suspense>
      )}
    </div>
  );
}

/** Three times what is drawn, as far as there is so much. */
function widerThan(
  { journeys, sightings, journeyCount }: SceneInput['window'],
  { from, to }: Heat,
): readonly [number, number] {
  const timeOf = (row: number): number => sightings.referenceTime[journeys.firstSighting[row]];
  const [start, end] = [timeOf(0), timeOf(journeyCount - 1)];
  return [Math.max(from, start - (end - start)), Math.min(to, end + (end - start))];
}
