// Counts by hop and time of connections too long to be drawn packet by packet: of all their time, and finer of the span in view.
import { useEffect, useMemo, useState } from 'react';
import { coversSpan } from '@/lib/store/journey-subset';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { HopSeriesWindow, PacketChoice, Picture } from '@/lib/store/workspace-state';

/** About one for two px of a large screen. */
const BINS = 512;
/** What is fetched beyond the span to either side, as a share of it, so that panning does not wait. */
const AROUND = 0.75;
/** Counting more packets than these takes seconds. */
const MOST_COUNTED = 2_000_000;

export type Span = readonly [number, number];

/** The connections as a whole. */
export interface Heat {
  readonly choice: PacketChoice;
  /** From their first packet to their last, ns after the base. */
  readonly from: number;
  readonly to: number;
  readonly counts: HopSeriesWindow;
}

/** null: all packets are drawn, or the counts are on their way. */
export function useHeat({ window, connections }: Picture): Heat | null {
  const search = useWorkspace((state) => state.view.search);
  const isLong = window.omitted > 0;
  const from = Math.min(...connections.map(({ firstTime }) => firstTime));
  const to = Math.max(...connections.map(({ lastTime }) => lastTime));
  // The same connections come anew with each window of their packets.
  const ids = connections.map(({ id }) => id).join('\n');
  const extent = useMemo(
    () => ({ from, to, choice: { connections: ids.split('\n'), search } }),
    [from, to, ids, search],
  );
  const counts = useCounts(isLong ? extent.choice : null, extent.from, extent.to);
  return useMemo(
    () => (isLong && counts !== null ? { ...extent, counts } : null),
    [isLong, extent, counts],
  );
}

/** Whether a picture shows its span as heat: where not all of its packets are drawn, and none of them is looked at. */
export const isShownAsHeat = (
  { window }: Picture,
  span: Span | null,
  hasSelected: boolean,
): boolean => window.omitted > 0 && (span === null ? !hasSelected : !coversSpan(window, span));

/** The finest counts there are of all that is in view: of the span and its surroundings, else of the whole. */
export function useFinerCounts({ choice, from, to, counts }: Heat, span: Span | null) {
  const [start, end] = span ?? [from, to];
  const around = AROUND * (end - start);
  const isWhole = end - start >= 0.9 * (to - from);
  const fine = useCounts(
    isWhole ? null : choice,
    Math.max(from, start - around),
    Math.min(to, end + around),
  );
  return (view: Span): HopSeriesWindow =>
    fine !== null && !isWhole && fine.from <= view[0] && fine.to >= view[1] ? fine : counts;
}

/** Of all the time, as one bin; null: not known yet, no captures are at hand, or there are too many packets to count them all for a small picture. */
export function useHopSeries(choice: PacketChoice): HopSeriesWindow | null {
  const isTooMuch = useWorkspace(
    ({ status }) => choice.connections === null && (status?.journeys ?? 0) > MOST_COUNTED,
  );
  const { connections, search } = choice;
  const question = useMemo(
    () => (isTooMuch ? null : { connections, search, bins: 1 }),
    [isTooMuch, connections, search],
  );
  return useSeries(question);
}

/** Kept as they were while others are counted; null: none wanted, or none yet. */
function useCounts(choice: PacketChoice | null, from: number, to: number): HopSeriesWindow | null {
  const question = useMemo(
    () => (choice === null ? null : { ...choice, bins: BINS, span: [from, to] as const }),
    [choice, from, to],
  );
  return useSeries(question, choice);
}

type SeriesQuestion = PacketChoice & { readonly bins: number; readonly span?: Span };

/** The last answer that is of the same `kind`, which is the question by default: another of the kind may be asked meanwhile. */
function useSeries(
  question: SeriesQuestion | null,
  kind: object | null = question,
): HopSeriesWindow | null {
  const revision = useWorkspace((state) => state.status?.revision);
  const [known, setKnown] = useState<{
    readonly kind: object | null;
    readonly series: HopSeriesWindow;
  } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision has other tables
  useEffect(() => {
    if (question === null) return;
    const abort = new AbortController();
    void workspace.ask('hopSeries', question, abort.signal).then((series) => {
      if (series !== null && !abort.signal.aborted) setKnown({ kind, series });
    });
    return () => abort.abort();
  }, [question, kind, revision]);
  return known !== null && question !== null && known.kind === kind ? known.series : null;
}
