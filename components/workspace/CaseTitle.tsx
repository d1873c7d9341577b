'use client';
// The case's name, changed where it stands.
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { UNTITLED } from '@/lib/store/workspace-state';

export function CaseTitle() {
  const title = useWorkspace((state) => state.title);
  return (
    <input
      aria-label="Name of the case"
      value={title}
      spellCheck={false}
      onChange={(event) => workspace.hand.setTitle(event.target.value)}
      onBlur={() => title.trim() === '' && workspace.hand.setTitle(UNTITLED)}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      className="field-sizing-content h-7 max-w-80 min-w-16 shrink truncate max-[959px]:max-w-none max-[959px]:flex-1 rounded-md bg-transparent px-2 text-muted hover:bg-hover focus:text-ink"
    />
  );
}
