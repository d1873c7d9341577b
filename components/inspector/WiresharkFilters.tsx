'use client';
// The chosen frame and its connection to look up in Wireshark: a display filter for each file, since NAT changes the tuple on the way.
import { Copy } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { chosenFilters } from '@/lib/store/chosen-filters';
import { useWorkspace } from '@/lib/store/workspace';

export function WiresharkFilters() {
  return (
    <Popover
      name="Wireshark filters"
      trigger={
        <Button look="quiet" size="small" aria-label="Copy Wireshark filter">
          <Copy size={12} aria-hidden />
          Wireshark filter
        </Button>
      }
    >
      <FilterList />
    </Popover>
  );
}

function FilterList() {
  const view = useWorkspace((state) => state.view);
  const picture = useWorkspace((state) => state.picture);
  const status = useWorkspace((state) => state.status);
  const filters = useMemo(() => chosenFilters({ view, picture, status }), [view, picture, status]);
  return (
    <>
      <SectionHeading>Wireshark display filters</SectionHeading>
      <ul className="px-3.5 pb-3">
        {filters.map(({ name, filter }) => (
          <li key={name} className="mt-1 flex items-start justify-between gap-2">
            <span className="min-w-0 text-xs break-words">
              {name}
              <code className="figures block break-words text-muted">{filter}</code>
            </span>
            <CopyButton text={filter} name={`the display filter: ${name}`} />
          </li>
        ))}
      </ul>
    </>
  );
}
