'use client';
// Heads of the connection table; each sorts by its column, a second time the other way round.
import { classNames } from '@/components/ui/class-names';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { COLUMNS, type Column, DURATION_CELL, GRID_COLUMNS } from './columns';

export function TableHead() {
  return (
    <thead className="sticky top-0 z-10 block border-b border-line bg-surface">
      <tr aria-rowindex={1} className={classNames(GRID_COLUMNS, 'h-6')}>
        {COLUMNS.map((column) => (
          <HeadCell key={column.sort} column={column} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell({ column }: { readonly column: Column }) {
  const sort = useWorkspace((state) => state.view.sort);
  const descending = useWorkspace((state) => state.view.descending);
  const isSorted = sort === column.sort;
  return (
    <th
      scope="col"
      aria-sort={!isSorted ? 'none' : descending ? 'descending' : 'ascending'}
      className={classNames(
        'min-w-0',
        column.align === 'right' ? 'text-right' : 'text-left',
        column.sort === 'duration' && DURATION_CELL,
      )}
    >
      <button
        type="button"
        title={`Sort by: ${column.title}`}
        aria-label={column.title}
        onClick={() => workspace.sortBy(column.sort, isSorted ? !descending : column.greatestFirst)}
        className={classNames(
          'h-6 max-w-full align-top text-2xs hover:text-ink',
          isSorted ? 'font-medium text-ink' : 'font-normal text-muted',
        )}
      >
        {column.head === '' && !isSorted ? '•' : column.head}
        {isSorted && (descending ? '↓' : '↑')}
      </button>
    </th>
  );
}
