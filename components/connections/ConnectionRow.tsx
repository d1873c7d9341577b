// One row of the table: a connection, the head of a group, or the place of a row that is not there yet.
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '@/components/ui/class-names';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import type { ConnectionGroup } from '@/lib/model/connection-groups';
import { CONNECTION_STATES } from '@/lib/model/connection-state';
import { type CellContext, ConnectionCell } from './ConnectionCell';
import { FAILURE, type RowContent } from './row-content';
import { StateMark } from './StateMark';
import type { PlacedColumn } from './table-layout';

interface ConnectionRowProps {
  readonly id: string;
  readonly row: number;
  readonly content: RowContent | undefined;
  readonly group: ConnectionGroup | null;
  readonly columns: readonly PlacedColumn[];
  readonly context: CellContext;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
  /** The chosen frame is one of its packets. */
  readonly isLookedAt: boolean;
  /** CSS colour that tells the connection apart in the picture; undefined: it stands alone there, or is not there. */
  readonly swatch?: string | undefined;
}

export const ROW_GRID = 'grid items-center gap-x-2 px-3';

function RowFrame({
  props,
  title,
  children,
}: {
  readonly props: ConnectionRowProps;
  readonly title: string | undefined;
  readonly children: ReactNode;
}) {
  const { id, row, group, isChosen, isCurrent, isLookedAt } = props;
  return (
    <tr
      id={id}
      data-row={row}
      aria-rowindex={row + 2}
      aria-current={isLookedAt ? 'true' : undefined}
      aria-selected={group === null ? isChosen : undefined}
      aria-expanded={group === null ? undefined : !group.folded}
      title={title}
      style={{
        gridTemplateColumns: props.columns.map(({ widthPx }) => `${widthPx}px`).join(' '),
      }}
      className={classNames(
        ROW_GRID,
        'relative h-6 cursor-pointer border-b border-line text-xs select-none',
        isChosen ? 'bg-chosen' : 'hover:bg-hover',
        isLookedAt && 'font-semibold',
        isCurrent && '-outline-offset-2 outline-focus group-focus-visible:outline-2',
      )}
    >
      {children}
    </tr>
  );
}

export function ConnectionRow(props: ConnectionRowProps) {
  const { content, group, columns, context } = props;
  if (group !== null)
    return (
      <RowFrame props={props} title={group.key}>
        <GroupCell group={group} />
      </RowFrame>
    );
  if (content === undefined)
    return (
      <RowFrame props={props} title={undefined}>
        <td className="col-span-full text-faint">…</td>
      </RowFrame>
    );
  return (
    <RowFrame props={props} title={titleOf(content)}>
      {props.swatch !== undefined && <Swatch colour={props.swatch} />}
      {columns.map(({ id, widthPx }) => (
        <ConnectionCell key={id} column={id} widthPx={widthPx} row={content} context={context} />
      ))}
    </RowFrame>
  );
}

/** The bar that the picture has before the connection's times. */
const Swatch = ({ colour }: { readonly colour: string }) => (
  <td
    aria-hidden
    className="absolute inset-y-[5px] left-[3px] w-[3px]"
    style={{ background: colour }}
  />
);

function GroupCell({ group }: { readonly group: ConnectionGroup }) {
  return (
    <td className="col-span-full flex h-6 min-w-0 items-center gap-2 overflow-hidden whitespace-nowrap">
      <ChevronRight
        size={12}
        aria-hidden
        className={classNames('shrink-0 text-faint', !group.folded && 'rotate-90')}
      />
      <StateMark state={CONNECTION_STATES[group.state]} isFailure={group.severity === FAILURE} />
      <span className="figures shrink-0 font-semibold">{group.key}</span>
      {/* What has no room wraps to a line that is not seen: no number is cut. The empty start lets the first wrap too. */}
      <span className="flex h-6 min-w-0 flex-1 flex-wrap gap-x-2 overflow-hidden leading-6">
        <span className="h-6 w-0" />
        {group.troubled > 0 && (
          <span className="text-failure">{formatCount(group.troubled)} in trouble</span>
        )}
        <span className="text-muted">{formatQuantity(group.connections, 'connection')}</span>
        {group.lost > 0 && <span className="text-failure">{formatCount(group.lost)} lost</span>}
        <span className="text-faint">{formatQuantity(group.packets, 'packet')}</span>
      </span>
    </td>
  );
}

const titleOf = ({ protocol, client, server, hint }: RowContent): string =>
  `${protocol} ${client} → ${server}${hint === '' ? '' : `\n${hint}`}`;
