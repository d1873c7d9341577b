'use client';
// The sheet that lies over the page, if one does.
import { CommandPalette } from './CommandPalette';
import { KeyCard } from './KeyCard';
import { usePage } from './overlay';

export function Overlays() {
  const overlay = usePage((state) => state.overlay);
  if (overlay === 'keys') return <KeyCard />;
  if (overlay === 'palette' || overlay === 'frame')
    return <CommandPalette key={overlay} frameOnly={overlay === 'frame'} />;
  return null;
}
