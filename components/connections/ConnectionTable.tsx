'use client';
// All connections as a table that draws only the rows in view. Arrow keys move, Enter chooses, Ctrl or Shift with a click adds.
import { Maximize2, Minimize2 } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { toggleWideTable } from '@/components/commands/overlay';
import { Button } from '@/components/ui/Button';
import { formatCount } from '@/components/ui/format-number';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { GROUPINGS } from '@/lib/model/connection-groups';
import { namePoints } from '@/lib/scene/point-name';
import { COLOUR_ROLES, CONNECTION_ROLES } from '@/lib/scene/theme';
import { selectChosenSighting } from '@/lib/store/chosen-sighting';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { ColumnChooser } from './ColumnChooser';
import { ConnectionRow } from './ConnectionRow';
import type { TablePlace } from './columns';
import { readGroup, readRow } from './row-content';
import { TableHead } from './TableHead';
import { placeColumns, tableWidth, useTableLayouts } from './table-layout';
import { useFollowedRow } from './use-followed-row';
import { useVirtualRows } from './use-virtual-rows';
import { bodyHeight } from './virtual-rows';

export function ConnectionTable({ place = 'panel' }: { readonly place?: TablePlace }) {
  const list = useWorkspace((state) => state.list);
  const chosen = useWorkspace((state) => state.view.connections);
  const isGrouped = useWorkspace((state) => state.view.group !== 'none');
  const folded = useWorkspace((state) => state.view.folded);
  const layout = useTableLayouts((layouts) => layouts[place]);
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const [awaited, setAwaited] = useState<{ row: number; adds: boolean } | null>(null);
  const { window, widthPx, pageRows, scrollTo } = useVirtualRows(scroller, list.total);
  const columns = useMemo(() => placeColumns(layout, widthPx), [layout, widthPx]);
  const context = useCellContext();
  const swatches = useSwatches();
  const lookedAt = useWorkspace((state) => selectChosenSighting(state)?.connection);

  useEffect(() => workspace.table.ensureRows(window.first, window.end), [window.first, window.end]);

  const moveTo = (row: number) => {
    const next = Math.max(0, Math.min(list.total - 1, row));
    setCurrent(next);
    setAwaited(null);
    scrollTo(next);
  };

  useFollowedRow(readRow(list, current)?.id, moveTo);

  const toggle = (key: string) =>
    workspace.table.foldGroups(
      folded.includes(key) ? folded.filter((one) => one !== key) : [...folded, key],
    );

  const choose = (row: number, adds: boolean) => {
    setCurrent(row);
    const group = readGroup(list, row);
    if (group !== null) {
      toggle(group.key);
      return;
    }
    const id = readRow(list, row)?.id;
    setAwaited(id === undefined ? { row, adds } : null);
    if (id === undefined) return;
    const others = chosen.filter((one) => one !== id);
    workspace.chooseConnections(
      !adds ? [id] : others.length < chosen.length ? others : [...chosen, id],
    );
  };

  // A row that was chosen before it was there.
  useEffect(() => {
    if (awaited !== null && readRow(list, awaited.row) !== undefined)
      choose(awaited.row, awaited.adds);
  });

  const click = (event: MouseEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row;
    if (row !== undefined) choose(Number(row), event.ctrlKey || event.metaKey || event.shiftKey);
  };

  const fold = (row: number, isFolded: boolean): boolean => {
    const group = readGroup(list, row);
    if (group === null || group.folded === isFolded) return false;
    toggle(group.key);
    return true;
  };

  const pressKey = (event: KeyboardEvent) => {
    // Keys on a head's button are the button's.
    if (event.target !== event.currentTarget || event.altKey) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + pageRows,
      PageUp: current - pageRows,
      Home: 0,
      End: list.total - 1,
    };
    if (event.key in moves) moveTo(moves[event.key]);
    else if (event.key === 'Enter' || event.key === ' ')
      choose(current, event.ctrlKey || event.metaKey || event.shiftKey);
    else if (event.key === 'ArrowLeft') fold(current, true);
    else if (event.key === 'ArrowRight') fold(current, false);
    else return;
    event.preventDefault();
  };

  const rows = Array.from({ length: window.end - window.first }, (_, at) => window.first + at);
  return (
    <section
      aria-labelledby="connections-heading"
      data-part="connections"
      className="flex min-h-40 flex-1 flex-col overflow-hidden"
    >
      <SectionHeading id="connections-heading" aside={<TableChoices place={place} />}>
        Connections
      </SectionHeading>
      {/* Rows of a very long table move against the scroll bar: the browser's own anchoring would take that for a change of what is above, and scroll after it. */}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto [overflow-anchor:none]">
        <table
          {...gridRole(isGrouped, rows.length > 0 ? rowId(current) : undefined)}
          aria-labelledby="connections-heading"
          data-part-focus
          aria-rowcount={list.total + 1}
          aria-colcount={columns.length}
          onKeyDown={pressKey}
          onClick={click}
          style={{ minWidth: tableWidth(columns) }}
          className="group block outline-none"
        >
          <TableHead place={place} columns={columns} />
          <tbody className="relative block" style={{ height: bodyHeight(list.total) }}>
            {/* Rows above the view: their place, so that those in view stand where they are scrolled to. */}
            <tr aria-hidden className="block" style={{ height: window.topPx }} />
            {rows.map((row) => (
              <ConnectionRow
                key={row}
                id={rowId(row)}
                row={row}
                content={readRow(list, row)}
                group={readGroup(list, row)}
                columns={columns}
                context={context}
                isChosen={chosen.includes(readRow(list, row)?.id ?? '')}
                isCurrent={row === current}
                isLookedAt={lookedAt !== undefined && readRow(list, row)?.id === lookedAt}
                swatch={swatches.get(readRow(list, row)?.id ?? '')}
              />
            ))}
          </tbody>
        </table>
        {list.total === 0 && <EmptyList />}
      </div>
    </section>
  );
}

const NOTHING: readonly never[] = [];

function useCellContext() {
  const points = useWorkspace((state) => state.status?.points ?? NOTHING);
  const lanes = useWorkspace((state) => state.view.lanes);
  const findings = useWorkspace((state) => state.diagnosis?.findings ?? NOTHING);
  return useMemo(
    () => ({ pointNames: namePoints(points, lanes.names), points, given: lanes.names, findings }),
    [points, lanes.names, findings],
  );
}

/** Where the picture has several connections, the colour of each by its id. */
function useSwatches(): ReadonlyMap<string, string> {
  const drawn = useWorkspace((state) => state.picture?.window.connections ?? NOTHING);
  return useMemo(
    () =>
      new Map(
        drawn.length < 2
          ? []
          : drawn.map((id, at) => [
              id,
              `var(--${COLOUR_ROLES[CONNECTION_ROLES[at % CONNECTION_ROLES.length]]})`,
            ]),
      ),
    [drawn],
  );
}

/** ARIA in HTML lets a table be a grid that takes the keys; the lint rules for roles do not know it. */
const gridRole = (isGrouped: boolean, activeRow: string | undefined) => ({
  role: isGrouped ? 'treegrid' : 'grid',
  tabIndex: 0,
  'aria-multiselectable': true,
  'aria-activedescendant': activeRow,
});

const rowId = (row: number): string => `connection-row-${row}`;

const GROUP_WORDS = {
  none: 'not grouped',
  service: 'by service',
  pod: 'by pod',
  client: 'by client',
} as const;

function TableChoices({ place }: { readonly place: TablePlace }) {
  const total = useWorkspace((state) => state.list.matched);
  const all = useWorkspace((state) => state.status?.connections ?? 0);
  const group = useWorkspace((state) => state.view.group);
  const Size = place === 'page' ? Minimize2 : Maximize2;
  return (
    <>
      <span className="figures">
        {total === all ? formatCount(all) : `${formatCount(total)} of ${formatCount(all)}`}
      </span>
      <select
        aria-label="Group connections"
        data-field="group"
        value={group}
        onChange={(event) =>
          workspace.table.groupBy(GROUPINGS.find((one) => one === event.target.value) ?? 'none')
        }
        className="h-6 rounded-md bg-transparent px-1 hover:bg-hover"
      >
        {GROUPINGS.map((one) => (
          <option key={one} value={one} className="bg-raised text-ink">
            {GROUP_WORDS[one]}
          </option>
        ))}
      </select>
      <ColumnChooser place={place} />
      <Button
        look="quiet"
        size="small"
        aria-label={place === 'page' ? 'Beside the picture' : 'Across the page'}
        title={place === 'page' ? 'Beside the picture again (W)' : 'The table across the page (W)'}
        className="-mr-1.5 max-[959px]:hidden"
        onClick={toggleWideTable}
      >
        <Size size={12} aria-hidden />
      </Button>
    </>
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
