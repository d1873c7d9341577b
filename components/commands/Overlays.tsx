'use client';
// The sheet that lies over the page, if one does, and the menu of quick filters.
import { CommandPalette } from './CommandPalette';
import { FilterCard } from './FilterCard';
import { KeyCard } from './KeyCard';
import { usePage } from './overlay';
import { QuickFilterMenu } from './QuickFilterMenu';

export function Overlays() {
  return (
    <>
      <Sheet />
      <QuickFilterMenu />
    </>
  );
}

function Sheet() {
  const overlay = usePage((state) => state.overlay);
  if (overlay === 'keys') return <KeyCard />;
  if (overlay === 'filter') return <FilterCard />;
  if (overlay === 'palette' || overlay === 'frame')
    return <CommandPalette key={overlay} frameOnly={overlay === 'frame'} />;
  return null;
}
