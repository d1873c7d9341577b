// One connection of the table. A row whose page is not there yet keeps its place.
import { classNames } from '@/components/ui/class-names';
import { formatCompact, formatCount } from '@/components/ui/format-number';
import { formatDuration } from '@/lib/base/time';
import { CONNECTION_STATES } from '@/lib/model/connection-state';
import { PAGE_ROWS } from '@/lib/store/connection-list';
import type { ConnectionPages } from '@/lib/store/workspace-state';
import { DURATION_CELL, GRID_COLUMNS } from './columns';
import { StateMark } from './StateMark';
import { shortenEndpoint } from './shorten-endpoint';

/** Code of a failure in the list's `severity`. */
const FAILURE = 3;

export interface RowContent {
  readonly id: string;
  readonly protocol: string;
  readonly client: string;
  readonly server: string;
  readonly state: number;
  /** 3: a failure is about it. */
  readonly severity: number;
  readonly duration: number;
  readonly packets: number;
  readonly lost: number;
  readonly retransmissions: number;
}

export function readRow(list: ConnectionPages, row: number): RowContent | undefined {
  const page = list.pages[Math.floor(row / PAGE_ROWS)];
  const at = row - (page?.from ?? 0);
  if (page === undefined || at >= page.ids.length) return undefined;
  return {
    id: page.ids[at],
    protocol: page.protocols[at],
    client: page.clients[at],
    server: page.servers[at],
    state: page.state[at],
    severity: page.severity[at],
    duration: page.duration[at],
    packets: page.packets[at],
    lost: page.lost[at],
    retransmissions: page.retransmissions[at],
  };
}

interface ConnectionRowProps {
  readonly id: string;
  readonly row: number;
  readonly topPx: number;
  readonly content: RowContent | undefined;
  /** Characters an endpoint may have. */
  readonly room: number;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
}

export function ConnectionRow(props: ConnectionRowProps) {
  const { id, row, topPx, content, room, isChosen, isCurrent } = props;
  return (
    <tr
      id={id}
      data-row={row}
      aria-rowindex={row + 2}
      aria-selected={isChosen}
      style={{ transform: `translateY(${topPx}px)` }}
      title={content && `${content.protocol} ${content.client} → ${content.server}`}
      className={classNames(
        GRID_COLUMNS,
        'absolute inset-x-0 top-0 h-6 cursor-pointer border-b border-line text-xs select-none',
        isChosen ? 'bg-chosen' : 'hover:bg-hover',
        isCurrent && '-outline-offset-2 outline-focus group-focus-visible:outline-2',
      )}
    >
      {content === undefined ? (
        <td className="col-span-7 text-faint">…</td>
      ) : (
        <Cells content={content} room={room} />
      )}
    </tr>
  );
}

function Cells({ content, room }: { readonly content: RowContent; readonly room: number }) {
  return (
    <>
      <td>
        <StateMark
          state={CONNECTION_STATES[content.state]}
          isFailure={content.severity === FAILURE}
        />
      </td>
      <td className="figures overflow-hidden whitespace-nowrap">
        {shortenEndpoint(content.client, room)}
      </td>
      <td className="figures overflow-hidden whitespace-nowrap text-muted">
        {shortenEndpoint(content.server, room)}
      </td>
      <td className={classNames('figures text-right whitespace-nowrap text-muted', DURATION_CELL)}>
        {formatDuration(content.duration)}
      </td>
      <NumberCell value={content.packets} className="text-ink" />
      <NumberCell value={content.lost} className="text-failure" />
      <NumberCell value={content.retransmissions} className="text-warning" />
    </>
  );
}

/** A nought says less than an empty place among many: it is drawn faint. */
function NumberCell({ value, className }: { readonly value: number; readonly className: string }) {
  return (
    <td className={classNames('figures text-right', value === 0 ? 'text-faint' : className)}>
      {value === 0 ? '·' : value < 10_000 ? formatCount(value) : formatCompact(value)}
    </td>
  );
}
