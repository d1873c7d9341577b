'use client';
// The search over the connection table. `/` and Ctrl K bring the cursor here, Escape empties it.
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '@/components/ui/format-number';
import { useWorkspace, workspace } from '@/lib/store/workspace';

/** Pause after the last key before the engine is asked. */
const TYPING_MS = 120;

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

export function ConnectionSearch() {
  const search = useWorkspace((state) => state.view.search);
  const [text, setText] = useState(search);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => setText(search), [search]);

  useEffect(() => {
    if (text === search) return;
    const timer = setTimeout(() => workspace.search(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isSlash = event.key === '/' && !isTextField(event.target);
      const isCommand = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!isSlash && !isCommand) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);

  return (
    <div className="relative min-w-24">
      <Search
        size={13}
        aria-hidden
        className="pointer-events-none absolute top-[7.5px] left-2.5 text-faint"
      />
      <input
        ref={field}
        type="search"
        aria-label="Search connections"
        placeholder="Search connections: address, port, protocol, state, rule"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          setText('');
          workspace.search('');
        }}
        className="figures h-7 w-full rounded-md border border-line bg-surface pr-28 pl-8 text-xs placeholder:font-sans placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
      />
      <MatchCount />
    </div>
  );
}

function MatchCount() {
  const total = useWorkspace((state) => state.list.total);
  const all = useWorkspace((state) => state.status?.connections ?? 0);
  return (
    <span className="figures pointer-events-none absolute top-1.5 right-2.5 text-2xs text-faint max-md:hidden">
      {formatCount(total)} of {formatCount(all)}
    </span>
  );
}
