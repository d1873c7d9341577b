'use client';
// Two connections side by side, the same lanes and the same time from the first packet of each: one layout, drawn once for each of them. Where they part is numbered in both.
import { X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { SIDE_NAMES } from '@/components/findings/Comparison';
import { PartingList } from '@/components/findings/PartingList';
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { type FigureVariant, FittingFigures } from '@/components/ui/FittingFigures';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { useWidth } from '@/components/ui/use-width';
import type { ConnectionSummary } from '@/lib/model/connection';
import { parseEndpoint } from '@/lib/model/endpoint';
import type { JourneyWindow } from '@/lib/model/journey-window';
import type { Annotation } from '@/lib/model/snapshot';
import { tupleTexts } from '@/lib/scene/badges';
import { buildLayout, type SceneFilter, type SceneInput } from '@/lib/scene/layout';
import type { ComparisonPicture } from '@/lib/store/workspace-state';
import { type FieldChoice, LaneField } from './LaneField';
import { useCanvasSize } from './use-canvas-size';
import { usePanZoom } from './use-pan-zoom';
import { usePenStyle } from './use-pen-style';

/** With less than this the two stand one over the other. */
const LEAST_WIDTH_PX = 560;
const ALIKE_NAMES = ['first', 'second'] as const;
const NO_NOTES: readonly Annotation[] = [];
const keepSpan = (): void => undefined;

export interface SideBySideProps
  extends Omit<FieldChoice, 'choice'>,
    Pick<SceneInput, 'points' | 'hops' | 'timeMode' | 'arrangement'> {
  readonly comparison: ComparisonPicture;
  /** What the display filter lets through of both. */
  readonly filter: SceneFilter | null;
  readonly search: string;
  readonly onLeave: () => void;
}

export function SideBySide(props: SideBySideProps) {
  const { comparison, filter, search, points, hops, lanes, timeMode, arrangement, onLeave } = props;
  const { window, summaries, partings } = comparison;
  const layout = useMemo(() => {
    const steps = partings.map(({ text, frames, siblingFrames }) => ({
      text,
      frames: [...frames, ...siblingFrames],
    }));
    return buildLayout({
      window,
      points,
      connections: summaries,
      hops,
      lanes,
      finding: { steps },
      notes: NO_NOTES,
      timeMode,
      arrangement,
      filter,
      isPair: true,
    });
  }, [window, summaries, partings, filter, points, hops, lanes, timeMode, arrangement]);
  const fields = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)] as const;
  const sizes = [useCanvasSize(fields[0]), useCanvasSize(fields[1])] as const;
  const pen = usePenStyle();
  const { view, move } = usePanZoom(layout, sizes[0], null, keepSpan);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const choices = useMemo(
    () => comparison.connections.map((id) => ({ connections: [id], search })),
    [comparison.connections, search],
  );
  useEscape(onLeave);
  const isStacked = arrangement === 'strips' || width < LEAST_WIDTH_PX;
  const names = comparison.isHealthy ? SIDE_NAMES : ALIKE_NAMES;

  return (
    <div ref={box} className="flex h-full min-h-0 flex-col">
      <div className={classNames('flex min-h-0 flex-1', isStacked && 'flex-col')}>
        {([0, 1] as const).map((side) => (
          <section
            key={side}
            aria-label={`${names[side]}: ${textOf(comparison.summaries[side])}`}
            className={classNames(
              'flex min-h-0 min-w-0 flex-1 flex-col',
              side === 1 && (isStacked ? 'border-t border-line' : 'border-l border-line'),
            )}
          >
            <SideHead
              name={names[side]}
              isHarmed={comparison.isHealthy && side === 0}
              summary={comparison.summaries[side]}
              matched={countMatched(window, filter, side)}
              onLeave={side === (isStacked ? 0 : 1) ? onLeave : null}
            />
            <LaneField
              {...props}
              layout={layout}
              choice={choices[side]}
              side={side}
              fieldRef={fields[side]}
              size={sizes[side]}
              pen={pen}
              view={view}
              move={move}
            />
          </section>
        ))}
      </div>
      <section
        aria-label="Where they part"
        className="max-h-[28%] shrink-0 overflow-y-auto border-t border-line px-3.5 py-2 text-xs"
      >
        {comparison.partings.length === 0 ? (
          <p className="text-muted">
            Nothing parts them: the same packets, hop by hop, with the same translations.
          </p>
        ) : (
          <PartingList
            className="space-y-1.5"
            partings={comparison.partings}
            names={names}
            isNumbered
          />
        )}
      </section>
    </div>
  );
}

/** Wherever the focus is, but where Escape means something nearer: a field, a sheet. */
function useEscape(leave: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if ((event.target as Element).closest('input, textarea, select, dialog') === null) leave();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [leave]);
}

/** Packets of one side that the filter lets through; null: no filter. */
const countMatched = (
  { journeyCount, journeys }: JourneyWindow,
  filter: SceneFilter | null,
  side: 0 | 1,
): number | null => {
  if (filter === null) return null;
  let matched = 0;
  for (let journey = 0; journey < journeyCount; journey++)
    if (journeys.connection[journey] === side) matched += filter.matches[journey];
  return matched;
};

const textOf = ({ client, server }: ConnectionSummary): string => `${client} → ${server}`;

function SideHead({
  name,
  isHarmed,
  summary,
  matched,
  onLeave,
}: {
  readonly name: string;
  readonly isHarmed: boolean;
  readonly summary: ConnectionSummary;
  readonly matched: number | null;
  /** null: the other head has the button. */
  readonly onLeave: (() => void) | null;
}) {
  return (
    <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line pr-1.5 pl-3 text-xs whitespace-nowrap">
      <span className={classNames('font-semibold', isHarmed ? 'text-failure' : 'text-ink')}>
        {name}
      </span>
      <FittingFigures
        title={textOf(summary)}
        variants={[
          ...tupleTexts(summary.client, summary.server).slice(0, 2),
          summary.client,
          `:${parseEndpoint(summary.client).port ?? ''}`,
        ].map((text): FigureVariant => [text, ''])}
      />
      <span className="figures text-muted">
        {matched !== null && `${formatCount(matched)} of `}
        {formatQuantity(summary.journeys, 'packet')}
      </span>
      {onLeave !== null && (
        <Button
          look="quiet"
          size="small"
          aria-label="Leave the comparison"
          title="Leave the comparison (Esc)"
          onClick={onLeave}
        >
          <X size={13} aria-hidden />
        </Button>
      )}
    </div>
  );
}
