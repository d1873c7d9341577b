'use client';
// Heads of the connection table: each sorts by its column, is dragged to another place, and made wider or narrower at its right edge.
// By keys, on a head: Shift with the arrows moves it, Ctrl (or ⌘) and Shift with them makes it narrower or wider.
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { classNames } from '@/components/ui/class-names';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { ROW_GRID } from './ConnectionRow';
import { COLUMN_IDS, type ColumnId, columnOf, type TablePlace } from './columns';
import {
  moveColumn,
  type PlacedColumn,
  placeColumn,
  resizeColumn,
  setTableLayout,
  useTableLayouts,
} from './table-layout';

const STEP_PX = 8;
const DRAGGED = 'application/x-hoplane-column';

export function TableHead({
  place,
  columns,
}: {
  readonly place: TablePlace;
  readonly columns: readonly PlacedColumn[];
}) {
  return (
    <thead className="sticky top-0 z-10 block border-b border-line bg-surface">
      <tr
        aria-rowindex={1}
        className={classNames(ROW_GRID, 'h-6')}
        style={{ gridTemplateColumns: columns.map(({ widthPx }) => `${widthPx}px`).join(' ') }}
      >
        {columns.map((column) => (
          <HeadCell key={column.id} place={place} {...column} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell({ place, id, widthPx }: PlacedColumn & { readonly place: TablePlace }) {
  const column = columnOf(id);
  const sort = useWorkspace((state) => state.view.sort);
  const descending = useWorkspace((state) => state.view.descending);
  const layout = useTableLayouts((layouts) => layouts[place]);
  // Two columns may be sorted alike (lost, and lost between): one of them shows it.
  const isSorted =
    sort === column.sort && (id === sort || !layout.order.includes(sort as ColumnId));

  const press = (event: KeyboardEvent) => {
    const step = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key];
    if (step === undefined || !event.shiftKey) return;
    event.preventDefault();
    setTableLayout(
      place,
      event.ctrlKey || event.metaKey
        ? resizeColumn(layout, id, widthPx + step * STEP_PX)
        : moveColumn(layout, id, step),
    );
  };

  return (
    <th
      scope="col"
      aria-sort={!isSorted ? 'none' : descending ? 'descending' : 'ascending'}
      className={classNames(
        'relative min-w-0',
        column.align === 'right' ? 'text-right' : 'text-left',
      )}
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={(event) => {
        const dragged = COLUMN_IDS.find((one) => one === event.dataTransfer.getData(DRAGGED));
        if (dragged === undefined) return;
        event.preventDefault();
        setTableLayout(place, placeColumn(layout, dragged, id));
      }}
    >
      <button
        type="button"
        draggable
        title={`${column.title}: click to sort, drag to move`}
        aria-label={column.title}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight Control+Shift+ArrowLeft Control+Shift+ArrowRight"
        onDragStart={(event) => event.dataTransfer.setData(DRAGGED, id)}
        onKeyDown={press}
        onClick={() =>
          workspace.table.sortBy(column.sort, isSorted ? !descending : column.greatestFirst)
        }
        className={classNames(
          'h-6 max-w-full truncate align-top text-2xs hover:text-ink',
          isSorted ? 'font-medium text-ink' : 'font-normal text-muted',
        )}
      >
        {column.head === '' && !isSorted ? '•' : column.head}
        {isSorted && (descending ? '↓' : '↑')}
      </button>
      <Edge
        onWidth={(change) => setTableLayout(place, resizeColumn(layout, id, widthPx + change))}
      />
    </th>
  );
}

/** The edge that is dragged; keys do the same on the head itself. */
function Edge({ onWidth }: { readonly onWidth: (changePx: number) => void }) {
  const from = useRef<number | null>(null);
  const drag = (event: PointerEvent) => {
    if (from.current === null) return;
    onWidth(event.clientX - from.current);
    from.current = event.clientX;
  };
  return (
    <span
      aria-hidden
      className="absolute inset-y-0 -right-1.5 z-10 w-2 cursor-col-resize touch-none hover:bg-line"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = event.clientX;
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        from.current = null;
      }}
    />
  );
}
