'use client';
// What the chosen connection carried, both sides in order, read from the files as the chosen point saw it.
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { formatBytes, formatCount } from '@/components/ui/format-number';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { Segmented } from '@/components/ui/Segmented';
import type { ConnectionSummary } from '@/lib/model/connection';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { FrameTarget, StreamRun } from '@/lib/store/workspace-state';
import { StreamTurnView } from './StreamTurnView';
import { laneName, type SightingContext } from './sightings';
import { buildTurns, type StreamLook } from './stream-turns';
import { useSightings } from './use-sightings';

type Side = 'both' | 'client' | 'server';

const SIDES = [
  { value: 'both', label: 'Both', hint: 'Both sides in the order of time' },
  { value: 'client', label: 'Client', hint: 'What the client sent' },
  { value: 'server', label: 'Server', hint: 'What the server sent' },
] as const;
const LOOKS = [
  { value: 'text', label: 'Text', hint: 'As text: what is no text is shown as a dot' },
  { value: 'bytes', label: 'Bytes', hint: 'As bytes in hexadecimal' },
] as const;

export function StreamPanel({ selected }: { readonly selected: FrameTarget | null }) {
  const first = useWorkspace((state) => state.picture?.connections[0]);
  const isShared = useWorkspace((state) => state.session.kind === 'snapshot');
  const [chosenPoint, setChosenPoint] = useState<string | null>(null);
  const [context] = useSightings(selected);

  if (isShared)
    return (
      <Remark>
        What was carried is in the captures, which a shared snapshot does not include.
      </Remark>
    );
  const connection = context === undefined ? first : context.connection;
  if (connection === undefined)
    return <Remark>Choose a connection or a frame: what it carried is shown here.</Remark>;
  const point =
    [chosenPoint, pointOf(context), ...connection.points].find(
      (id) => id !== null && connection.points.includes(id),
    ) ?? connection.points[0];
  return (
    <Stream
      key={`${connection.id} ${point}`}
      connection={connection}
      point={point}
      onPoint={setChosenPoint}
    />
  );
}

const pointOf = (context: SightingContext | undefined): string | null =>
  context?.points[context.window.sightings.point[context.sighting]]?.id ?? null;

const Remark = ({ children }: { readonly children: string }) => (
  <p className="px-3.5 py-3 text-muted">{children}</p>
);

interface Pages {
  readonly runs: readonly StreamRun[];
  readonly total: readonly [number, number];
  /** Where the next page begins; null: all is read. */
  readonly next: number | null;
}

const NOTHING_READ: Pages = { runs: [], total: [0, 0], next: 0 };

function Stream({
  connection,
  point,
  onPoint,
}: {
  readonly connection: ConnectionSummary;
  readonly point: string;
  readonly onPoint: (point: string) => void;
}) {
  const [pages, setPages] = useState(NOTHING_READ);
  const [side, setSide] = useState<Side>('both');
  const [look, setLook] = useState<StreamLook>('text');
  const revision = useWorkspace((state) => state.picture?.revision);
  const abort = useRef(new AbortController());

  const readOn = async (before: Pages) => {
    if (before.next === null) return;
    const { signal } = abort.current;
    const question = { connection: connection.id, point, from: before.next };
    const page = await workspace.ask('stream', question, signal);
    if (page === null || signal.aborted) return;
    setPages({ runs: [...before.runs, ...page.runs], total: page.total, next: page.next });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew for another connection, point or analysis, not for each render's readOn
  useEffect(() => {
    abort.current = new AbortController();
    setPages(NOTHING_READ);
    void readOn(NOTHING_READ);
    return () => abort.current.abort();
  }, [connection.id, point, revision]);

  const wanted = side === 'client' ? 0 : 1;
  const turns = useMemo(
    () => buildTurns(pages.runs.filter((run) => side === 'both' || run.direction === wanted)),
    [pages.runs, side, wanted],
  );
  const isEmpty = pages.next === null && turns.length === 0;
  return (
    <>
      <SectionHeading
        aside={
          <span className="figures">
            <span className="text-forward">{formatBytes(pages.total[0])} →</span>
            {' · '}
            <span className="text-reverse">← {formatBytes(pages.total[1])}</span>
          </span>
        }
      >
        Carried
      </SectionHeading>
      <p className="figures px-3.5 text-xs break-words">
        {connection.client} → <wbr />
        {connection.server}
      </p>
      <div className="flex flex-wrap items-center gap-2 px-3.5 py-2">
        <PointChoice points={connection.points} value={point} onChange={onPoint} />
        <Segmented name="Sides" value={side} options={SIDES} onChange={setSide} />
        <Segmented name="Look" value={look} options={LOOKS} onChange={setLook} />
      </div>
      <ol aria-label="What was carried">
        {turns.map((turn) => (
          <StreamTurnView
            key={`${turn.runs[0].frame} ${turn.runs[0].offset} ${turn.direction}`}
            turn={turn}
            look={look}
            base={connection.firstTime}
          />
        ))}
      </ol>
      {isEmpty && <Remark>No payload was seen here.</Remark>}
      {pages.next !== null && pages.runs.length > 0 && (
        <Button look="quiet" size="small" className="mx-2 mt-1" onClick={() => void readOn(pages)}>
          Read on: {formatCount(pages.runs.reduce((sum, { bytes }) => sum + bytes.length, 0))} of{' '}
          {formatCount(pages.total[0] + pages.total[1])} bytes shown
        </Button>
      )}
    </>
  );
}

function PointChoice({
  points,
  value,
  onChange,
}: {
  readonly points: readonly string[];
  readonly value: string;
  readonly onChange: (point: string) => void;
}) {
  const known = useWorkspace((state) => state.status?.points) ?? [];
  const lanes = useWorkspace((state) => state.view.lanes);
  return (
    <select
      aria-label="Point"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="figures h-[24px] max-w-full min-w-0 rounded-md border border-line bg-surface px-1 text-xs"
    >
      {points.map((id) => (
        <option key={id} value={id}>
          {laneName(
            { points: known, lanes },
            known.findIndex((point) => point.id === id),
            1,
          )}
        </option>
      ))}
    </select>
  );
}
