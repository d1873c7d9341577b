'use client';
// What each hop costs over the time of the overview: a row a hop with its latency and losses; the hop that is chosen packet by packet.
import { X } from 'lucide-react';
import { Fragment, useMemo, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Segmented } from '@/components/ui/Segmented';
import type { HopSummary } from '@/lib/model/connection';
import {
  describeBytes,
  describeCounts,
  describeLatency,
  describeOrder,
} from '@/lib/model/hop-text';
import { nameOfStop } from '@/lib/scene/point-name';
import { useAnswer } from '@/lib/store/use-answer';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { HopSeries, HopSeriesWindow, PacketChoice } from '@/lib/store/workspace-state';
import { HopRow } from './HopRow';
import { HopScatter } from './HopScatter';
import { hopKey, orderHops } from './hop-choice';

const BINS = 240;

type Scope = 'all' | 'chosen';

const SCOPES = [
  { value: 'all', label: 'All', hint: 'All connections, as far as the filter lets them through' },
  { value: 'chosen', label: 'Chosen', hint: 'The connections that the swimlane shows' },
] as const;

export function HopsPanel() {
  const chosen = useWorkspace((state) => state.view.hop);
  const points = useWorkspace((state) => state.status?.points);
  const told = useWorkspace((state) => state.status?.hops);
  const names = useWorkspace((state) => state.view.lanes.names);
  const isFiltered = useWorkspace((state) => state.view.search !== '');
  const [scope, setScope] = useState<Scope>('all');
  const choice = usePacketChoice(scope);
  const series = useSeries(choice);
  const ways = useWays();
  const hops = useMemo(() => orderHops(series?.hops ?? [], ways), [series, ways]);
  if (points === undefined) return null;
  const nameOf = ({ from, to }: HopSeries): string =>
    `${nameOfStop(from, points, names)} → ${nameOfStop(to, points, names)}`;
  return (
    <section
      aria-label="Hops over time"
      className="flex max-h-[46vh] min-h-0 flex-col border-t border-line bg-sunken"
    >
      <div className="flex h-8 shrink-0 items-center gap-2 px-3.5">
        <h2 className="flex-1 truncate text-2xs font-semibold tracking-[0.06em] text-muted uppercase">
          Latency by hop{isFiltered && ', as filtered'}
        </h2>
        <Segmented name="Whose packets" value={scope} options={SCOPES} onChange={setScope} />
        <Button
          look="quiet"
          size="small"
          aria-label="Close the hops"
          onClick={() => workspace.showHop(null)}
        >
          <X size={13} aria-hidden />
        </Button>
      </div>
      <ol className="min-h-0 overflow-y-auto px-3 pb-1.5">
        {series !== null &&
          hops.map((hop) => {
            const key = hopKey(hop);
            const isChosen = key === chosen;
            const summary = told?.find((one) => hopKey(one) === key);
            return (
              <li key={key} ref={isChosen ? intoView : undefined}>
                <HopRow
                  hop={hop}
                  name={nameOf(hop)}
                  window={series}
                  told={summary}
                  isChosen={isChosen}
                  onChoose={() => workspace.showHop(isChosen ? '' : key)}
                />
                {isChosen && (
                  <>
                    {summary && <HopFigures hop={summary} />}
                    <HopScatter hop={hop} name={nameOf(hop)} window={series} choice={choice} />
                  </>
                )}
              </li>
            );
          })}
        {series?.hops.length === 0 && (
          <li className="px-0.5 pb-2 text-xs text-muted">
            No packet of these was seen at two points.
          </li>
        )}
      </ol>
    </section>
  );
}

/** What opens at the foot of the list is not left out of sight. */
const intoView = (line: HTMLLIElement | null): void => {
  requestAnimationFrame(() => line?.scrollIntoView({ block: 'nearest' }));
};

/** Of all packets, whatever the filter lets through: exact figures, and how sure the order of the two lanes is. */
function HopFigures({ hop }: { readonly hop: HopSummary }) {
  const { reordered = 0, duplicated = 0 } = hop;
  const lines = [
    [
      'all packets',
      `${describeCounts(hop)}${reordered + duplicated === 0 ? ', none reordered or duplicated' : ''}`,
    ],
    ['latency', describeLatency(hop.latencyNs)],
    ['byte ranges', describeBytes(hop)],
    ['order', hop.order && describeOrder(hop.order)],
  ] as const;
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 pt-1 pb-1.5 text-2xs">
      {lines.map(
        ([name, text]) =>
          text !== undefined && (
            <Fragment key={name}>
              <dt className="text-muted">{name}</dt>
              <dd className="figures min-w-0 break-words">{text}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}

function usePacketChoice(scope: Scope): PacketChoice {
  const search = useWorkspace((state) => state.view.search);
  const connections = useWorkspace((state) => state.view.connections);
  return useMemo(
    () => ({ search, connections: scope === 'all' ? null : connections }),
    [search, scope, connections],
  );
}

/** Kept as it was while another is computed. */
function useSeries(choice: PacketChoice): HopSeriesWindow | null {
  const question = useMemo(() => ({ ...choice, bins: BINS }), [choice]);
  return useAnswer('hopSeries', question)?.answer ?? null;
}

/** The ways of the connections drawn, the longest first: hops stand in their order. */
function useWays() {
  const connections = useWorkspace((state) => state.picture?.connections);
  return useMemo(() => {
    const longest = (pick: 'forwardStops' | 'reverseStops') =>
      (connections ?? []).reduce<readonly string[]>(
        (best, connection) => (connection[pick].length > best.length ? connection[pick] : best),
        [],
      );
    return { forward: longest('forwardStops'), reverse: longest('reverseStops') };
  }, [connections]);
}
