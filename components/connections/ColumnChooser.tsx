'use client';
// Which columns are shown and in which order, as a list.
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { columnOf, type TablePlace } from './columns';
import {
  placeColumn,
  resetTableLayout,
  setTableLayout,
  toggleColumn,
  useTableLayouts,
} from './table-layout';

export function ColumnChooser({ place }: { readonly place: TablePlace }) {
  const layout = useTableLayouts((layouts) => layouts[place]);
  return (
    <Popover
      name="Columns"
      width="w-72"
      trigger={
        <Button look="quiet" size="small" aria-label="Columns" title="Choose and order the columns">
          <Columns3 size={13} aria-hidden />
        </Button>
      }
    >
      <SectionHeading
        aside={
          <Button look="quiet" size="small" onClick={() => resetTableLayout(place)}>
            As at first
          </Button>
        }
      >
        Columns
      </SectionHeading>
      <ul className="pb-2">
        {layout.order.map((id, index) => {
          const { title } = columnOf(id);
          const [before, after] = [layout.order[index - 1], layout.order[index + 1]];
          return (
            <li key={id} className="flex items-center gap-1 px-3.5">
              <label className="flex min-h-6 min-w-0 flex-1 items-center gap-2 text-xs">
                <input
                  type="checkbox"
                  checked={!layout.hidden.includes(id)}
                  onChange={() => setTableLayout(place, toggleColumn(layout, id))}
                />
                {title}
              </label>
              <Button
                look="quiet"
                size="small"
                disabled={before === undefined}
                aria-label={`Move ${title} left`}
                onClick={() => setTableLayout(place, placeColumn(layout, id, before))}
              >
                <ArrowUp size={12} aria-hidden />
              </Button>
              <Button
                look="quiet"
                size="small"
                disabled={after === undefined}
                aria-label={`Move ${title} right`}
                onClick={() => setTableLayout(place, placeColumn(layout, id, after))}
              >
                <ArrowDown size={12} aria-hidden />
              </Button>
            </li>
          );
        })}
      </ul>
    </Popover>
  );
}
