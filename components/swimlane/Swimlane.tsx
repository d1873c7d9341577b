'use client';
// The swimlane of what is chosen: the scene's layout built once for its input, and its view tied to the span of time that overview and link know.
import { useMemo, useRef } from 'react';
import { buildLayout, type SceneInput } from '@/lib/scene/layout';
import { type FieldChoice, LaneField } from './LaneField';
import { useCanvasSize } from './use-canvas-size';
import { usePanZoom } from './use-pan-zoom';
import { usePenStyle } from './use-pen-style';

export interface SwimlaneProps extends FieldChoice, Omit<SceneInput, 'isPair'> {
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
  const { view, move } = usePanZoom(layout, size, props.span, props.onSpan);
  return (
    <LaneField
      {...props}
      layout={layout}
      fieldRef={fieldRef}
      size={size}
      pen={pen}
      view={view}
      move={move}
    />
  );
}
