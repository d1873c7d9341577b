'use client';
// All connections as a table that draws only the rows in view. Arrow keys move, Enter chooses, Ctrl or Shift with a click adds.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { formatCount } from '@/components/ui/format-number';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { useWidth } from '@/components/ui/use-width';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { ConnectionRow, readRow } from './ConnectionRow';
import { COLUMNS, endpointRoom } from './columns';
import { TableHead } from './TableHead';

const ROW_PX = 24;
const PAGE_STEP = 10;

export function ConnectionTable() {
  const list = useWorkspace((state) => state.list);
  const chosen = useWorkspace((state) => state.view.connections);
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const width = useWidth(scroller);
  const rows = useVirtualizer({
    count: list.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollPaddingStart: ROW_PX,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;

  useEffect(() => workspace.ensureRows(first, last + 1), [first, last]);

  const choose = (row: number, adds: boolean) => {
    const id = readRow(list, row)?.id;
    if (id === undefined) return;
    setCurrent(row);
    const others = chosen.filter((one) => one !== id);
    workspace.chooseConnections(
      !adds ? [id] : others.length < chosen.length ? others : [...chosen, id],
    );
  };

  const click = (event: MouseEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row;
    if (row !== undefined) choose(Number(row), event.ctrlKey || event.metaKey || event.shiftKey);
  };

  const moveTo = (row: number) => {
    const next = Math.max(0, Math.min(list.total - 1, row));
    setCurrent(next);
    rows.scrollToIndex(next);
  };

  const pressKey = (event: KeyboardEvent) => {
    // Keys on a head's button are the button's.
    if (event.target !== event.currentTarget) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + PAGE_STEP,
      PageUp: current - PAGE_STEP,
      Home: 0,
      End: list.total - 1,
    };
    if (event.key in moves) moveTo(moves[event.key]);
    else if (event.key === 'Enter' || event.key === ' ')
      choose(current, event.ctrlKey || event.metaKey || event.shiftKey);
    else return;
    event.preventDefault();
  };

  const room = endpointRoom(width);
  return (
    <section
      aria-labelledby="connections-heading"
      data-part="connections"
      className="flex min-h-40 flex-1 flex-col overflow-hidden"
    >
      <SectionHeading id="connections-heading" aside={<ListCount />}>
        Connections
      </SectionHeading>
      <div ref={scroller} className="@container min-h-0 flex-1 overflow-x-hidden overflow-y-auto">
        <table
          {...gridRole(items.length > 0 ? rowId(current) : undefined)}
          aria-labelledby="connections-heading"
          data-part-focus
          aria-rowcount={list.total + 1}
          aria-colcount={COLUMNS.length}
          onKeyDown={pressKey}
          onClick={click}
          className="group block outline-none"
        >
          <TableHead />
          <tbody className="relative block" style={{ height: rows.getTotalSize() }}>
            {items.map((item) => (
              <ConnectionRow
                key={item.key}
                id={rowId(item.index)}
                row={item.index}
                topPx={item.start}
                content={readRow(list, item.index)}
                room={room}
                isChosen={chosen.includes(readRow(list, item.index)?.id ?? '')}
                isCurrent={item.index === current}
              />
            ))}
          </tbody>
        </table>
        {list.total === 0 && <EmptyList />}
      </div>
    </section>
  );
}

/** ARIA in HTML lets a table be a grid that takes the keys; the lint rules for roles do not know it. */
const gridRole = (activeRow: string | undefined) => ({
  role: 'grid',
  tabIndex: 0,
  'aria-multiselectable': true,
  'aria-activedescendant': activeRow,
});

const rowId = (row: number): string => `connection-row-${row}`;

function ListCount() {
  const total = useWorkspace((state) => state.list.matched);
  const all = useWorkspace((state) => state.status?.connections ?? 0);
  return (
    <span className="figures">
      {total === all ? formatCount(all) : `${formatCount(total)} of ${formatCount(all)}`}
    </span>
  );
}

function EmptyList() {
  const search = useWorkspace((state) => state.view.search);
  return (
    <p className="px-3.5 py-2 text-muted">
      {search === ''
        ? 'The captures hold no connection.'
        : 'No connection matches. Words are sought in addresses, ports, protocols, states and rules; anything with an operator is a display filter.'}
    </p>
  );
}
