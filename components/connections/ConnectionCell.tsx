// What stands in each column of a connection's row.
import { SeverityMark } from '@/components/findings/SeverityMark';
import { classNames } from '@/components/ui/class-names';
import { formatBytes, formatCompact, formatCount } from '@/components/ui/format-number';
import { formatDuration, formatSeconds } from '@/lib/base/time';
import type { Point } from '@/lib/model/capture';
import { closeWords, describeClosing } from '@/lib/model/closing';
import { CONNECTION_STATES, isTroubled } from '@/lib/model/connection-state';
import type { Finding } from '@/lib/model/finding';
import { nameOfStop } from '@/lib/scene/point-name';
import type { ColumnId } from './columns';
import { FAILURE, type RowContent } from './row-content';
import { Sparkline } from './Sparkline';
import { StateMark } from './StateMark';
import { shortenEndpoint } from './shorten-endpoint';

/** What cells know besides their row. */
export interface CellContext {
  /** Names of the points by id, in the order of the case. */
  readonly pointNames: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
  readonly points: readonly Point[];
  /** Names by hand, by point id. */
  readonly given: Readonly<Record<string, string>>;
}

/** Width of a figure at the table's size. */
const FIGURE_PX = 7.2;
const charactersIn = (widthPx: number): number => Math.floor(widthPx / FIGURE_PX);

const FIGURES = 'figures overflow-hidden whitespace-nowrap';

export function ConnectionCell({
  column,
  widthPx,
  row,
  context,
}: {
  readonly column: ColumnId;
  readonly widthPx: number;
  readonly row: RowContent;
  readonly context: CellContext;
}) {
  switch (column) {
    case 'state':
      return (
        <td title={closingOf(row, context)}>
          <StateMark state={CONNECTION_STATES[row.state]} isFailure={row.severity === FAILURE} />
        </td>
      );
    case 'client':
      return (
        <td className={FIGURES} data-endpoint={row.client} data-protocol={row.protocol}>
          {shortenEndpoint(row.client, charactersIn(widthPx))}
        </td>
      );
    case 'server':
      return (
        <td
          className={classNames(FIGURES, 'text-muted')}
          data-endpoint={row.server}
          data-protocol={row.protocol}
        >
          {shortenEndpoint(row.server, charactersIn(widthPx))}
        </td>
      );
    case 'after':
      return <AfterCell row={row} room={charactersIn(widthPx)} />;
    case 'protocol':
      return <td className={classNames(FIGURES, 'text-muted')}>{row.protocol}</td>;
    case 'hint':
      return (
        <td
          className={classNames('truncate', row.hint === '' ? 'text-faint' : 'text-muted')}
          title={row.hint}
        >
          {row.hint === '' ? '·' : row.hint}
        </td>
      );
    case 'time':
      return <TextNumber text={formatSeconds(row.firstTime, 3)} />;
    case 'duration':
      return <TextNumber text={formatDuration(row.duration)} />;
    case 'handshake':
      return (
        <TextNumber text={Number.isNaN(row.handshake) ? '·' : formatDuration(row.handshake)} />
      );
    case 'close':
      return (
        <td className="truncate text-muted" title={closingOf(row, context)}>
          {closeWords(row.ending) || <span className="text-faint">·</span>}
        </td>
      );
    case 'packets':
      return <NumberCell value={row.packets} className="text-ink" />;
    case 'bytes':
      return <TextNumber text={formatBytes(row.bytes)} />;
    case 'lost':
      return <NumberCell value={row.lost} className="text-failure" />;
    case 'losses':
      return <LossCell row={row} context={context} />;
    case 'retransmissions':
      return <NumberCell value={row.retransmissions} className="text-warning" />;
    case 'points':
      return <PointsCell row={row} context={context} />;
    case 'activity':
      return (
        <td>
          <Sparkline activity={row.activity} isTroubled={isTroubled(row.state, row.severity)} />
        </td>
      );
    case 'findings':
      return <FindingsCell row={row} context={context} />;
  }
}

/** Who ended it, where; empty where nothing ends. */
const closingOf = (row: RowContent, context: CellContext): string =>
  describeClosing(row.ending, (stop) => nameOfStop(stop, context.points, context.given));

const TextNumber = ({ text }: { readonly text: string }) => (
  <td className={classNames(FIGURES, 'text-right', text === '·' ? 'text-faint' : 'text-muted')}>
    {text}
  </td>
);

/** A nought says less than an empty place among many: it is drawn faint. */
function NumberCell({ value, className }: { readonly value: number; readonly className: string }) {
  return (
    // What has no room reaches into the gap before it, not into the next column.
    <td className={classNames('figures flex justify-end', value === 0 ? 'text-faint' : className)}>
      {value === 0 ? '·' : value < 10_000 ? formatCount(value) : formatCompact(value)}
    </td>
  );
}

/** The tuple nearest to the server; only what NAT changed is in its colour. */
function AfterCell({ row, room }: { readonly row: RowContent; readonly room: number }) {
  const { client, server, clientAfter, serverAfter } = row;
  if (clientAfter === '' && serverAfter === '') return <td className="text-faint">·</td>;
  const [from, to] = [clientAfter || client, serverAfter || server];
  // Half each, and what the other one leaves.
  const share = (other: string): number =>
    Math.max(Math.floor((room - 3) / 2), room - 3 - other.length);
  return (
    <td className={FIGURES}>
      <span
        className={clientAfter === '' ? 'text-muted' : 'text-nat'}
        data-endpoint={from}
        data-protocol={row.protocol}
      >
        {shortenEndpoint(from, share(to))}
      </span>
      <span className="text-faint"> → </span>
      <span
        className={serverAfter === '' ? 'text-muted' : 'text-nat'}
        data-endpoint={to}
        data-protocol={row.protocol}
      >
        {shortenEndpoint(to, share(from))}
      </span>
    </td>
  );
}

function LossCell({ row, context }: { readonly row: RowContent; readonly context: CellContext }) {
  const texts = row.losses.map(
    ({ from, to, count }) =>
      `${formatCount(count)} ${nameOfStop(from, context.points, context.given)} → ${nameOfStop(to, context.points, context.given)}`,
  );
  return (
    <td className="truncate text-failure" title={texts.join('\n')}>
      {texts.length === 0 ? <span className="text-faint">·</span> : texts.join(', ')}
    </td>
  );
}

/** Points beyond this are counted, not drawn. */
const MOST_DOTS = 10;
const DOT_PX = 6;

/** A dot for each point of the case, filled where it saw the connection. */
function PointsCell({ row, context }: { readonly row: RowContent; readonly context: CellContext }) {
  const all = [...context.pointNames.keys()];
  const names = row.points.map((id) => context.pointNames.get(id) ?? id).join(', ');
  if (all.length > MOST_DOTS)
    return (
      <td className={classNames(FIGURES, 'text-muted')} title={names}>
        {row.points.length} of {all.length}
      </td>
    );
  return (
    <td>
      <svg
        role="img"
        aria-label={`${row.points.length} of ${all.length} points: ${names}`}
        viewBox={`0 0 ${MOST_DOTS * DOT_PX} 10`}
        width={MOST_DOTS * DOT_PX}
        height={10}
      >
        <title>{names}</title>
        {all.map((id, index) => (
          <circle
            key={id}
            cx={index * DOT_PX + 2.5}
            cy={5}
            r={row.points.includes(id) ? 2 : 1.5}
            className={row.points.includes(id) ? 'fill-muted' : 'fill-none stroke-line-strong'}
            strokeWidth={0.75}
          />
        ))}
      </svg>
    </td>
  );
}

function FindingsCell({
  row,
  context,
}: {
  readonly row: RowContent;
  readonly context: CellContext;
}) {
  const named = row.findings.flatMap((id) => context.findings.find((one) => one.id === id) ?? []);
  const [first] = named;
  if (first === undefined) return <td className="text-faint">·</td>;
  return (
    <td
      className="flex min-w-0 items-center gap-1.5"
      title={named.map(({ title }) => title).join('\n')}
    >
      <SeverityMark severity={first.severity} />
      <span className="truncate">
        {named.length > 1 && <span className="figures text-muted">{named.length} </span>}
        {first.title}
      </span>
    </td>
  );
}
