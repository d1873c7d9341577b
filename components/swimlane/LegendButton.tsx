'use client';
// What the marks of the picture mean, a sample of each, drawn by the pen that draws the picture.
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import {
  buildLegend,
  LEGEND_HEIGHT_PX,
  LEGEND_WIDTH_PX,
  type LegendEntry,
} from '@/lib/scene/legend';
import { drawMarks } from './canvas-pen';
import { usePenStyle } from './use-pen-style';

export function LegendButton() {
  return (
    <Popover
      name="What the marks mean"
      width="w-[392px]"
      trigger={
        <Button
          size="small"
          data-command="legend"
          title="What the marks mean"
          className="@max-[600px]:hidden"
        >
          Legend
        </Button>
      }
    >
      <Legend />
    </Popover>
  );
}

function Legend() {
  return (
    <>
      <SectionHeading>What the marks mean</SectionHeading>
      <ul className="space-y-1 px-3.5 pb-3 text-xs">
        {buildLegend().map((entry) => (
          <li key={entry.words} className="flex items-center gap-3">
            <Sample entry={entry} />
            {entry.words}
          </li>
        ))}
      </ul>
      <p className="border-t border-line px-3.5 py-2 text-xs text-muted">
        tun0′ is the same capture as tun0: the packet’s second passage through it, as when a host
        translates it and sends it out again. A dot at the end says that a packet arrived, not that
        it was welcome.
      </p>
    </>
  );
}

function Sample({ entry: { marks } }: { readonly entry: LegendEntry }) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const pen = usePenStyle();
  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || pen === null) return;
    const ratio = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(LEGEND_WIDTH_PX * ratio);
    canvas.height = Math.round(LEGEND_HEIGHT_PX * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMarks(context, marks, pen);
  }, [marks, pen]);
  return (
    <canvas
      ref={canvasRef}
      aria-hidden
      className="shrink-0"
      style={{ width: LEGEND_WIDTH_PX, height: LEGEND_HEIGHT_PX }}
    />
  );
}
