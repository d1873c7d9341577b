'use client';
// The field over the connection table: words to search for, or a display filter. `/` brings the cursor here, Escape empties it, and again leaves it for the table.
import { CircleHelp, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { focusPart } from '@/components/commands/focus';
import { openOverlay } from '@/components/commands/overlay';
import { formatCount } from '@/components/ui/format-number';
import { completeFilter } from '@/lib/filter/complete';
import { compileFilter, isPlainSearch } from '@/lib/filter/filter';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { FilterOptions } from './FilterOptions';

/** Pause after the last key before the engine is asked. */
const TYPING_MS = 120;
/** Filters that were in force, for arrow up; kept with the page, nowhere else. */
const MOST_REMEMBERED = 50;
const remembered: string[] = [];

export function ConnectionSearch() {
  const search = useWorkspace((state) => state.view.search);
  const [text, setText] = useState(search);
  const [cursor, setCursor] = useState<number | null>(null);
  const [current, setCurrent] = useState(-1);
  const [back, setBack] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const listId = useId();
  const error = useMemo(() => findError(text), [text]);
  const isFilter = !isPlainSearch(text);
  const { start, end, options } = useMemo(() => completeFilter(text, cursor ?? 0), [text, cursor]);
  const isOpen = cursor !== null && options.length > 0;

  useEffect(() => setText(search), [search]);

  useEffect(() => {
    // A field's name half typed is no word to search for: the list stays until it is one thing or the other.
    if (text === search || error !== null || beginsField(text)) return;
    const timer = setTimeout(() => workspace.search(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search, error]);

  const write = (next: string, at: number) => {
    setText(next);
    setCurrent(-1);
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at));
  };

  const choose = (index: number) => {
    const chosen = `${options[index].text} `;
    write(text.slice(0, start) + chosen + text.slice(end).trimStart(), start + chosen.length);
    setCursor(start + chosen.length);
  };

  const remember = () => {
    if (text === '' || remembered[0] === text) return;
    remembered.unshift(text);
    remembered.length = Math.min(remembered.length, MOST_REMEMBERED);
  };

  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const steps = isOpen ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
    if (steps !== undefined) setCurrent((current + steps + options.length) % options.length);
    else if (event.key === 'Tab' && isOpen) choose(Math.max(0, current));
    else if (event.key === 'Enter' && isOpen && current >= 0) choose(current);
    else if (event.key === 'Enter') {
      remember();
      setBack(0);
      setCursor(null);
      if (error === null) workspace.search(text);
      return;
    } else if (event.key === 'ArrowUp' && remembered.length > back) {
      write(remembered[back], remembered[back].length);
      setBack(back + 1);
    } else if (event.key === 'ArrowDown' && !isOpen) focusPart('connections');
    else if (event.key === 'Escape' && isOpen) setCursor(null);
    else if (event.key === 'Escape') {
      remember();
      if (text === '') focusPart('connections');
      setText('');
      workspace.search('');
    } else return;
    event.preventDefault();
  };

  return (
    <div className="group relative min-w-24">
      <div
        className={`flex h-7 items-center gap-2 rounded-md border bg-surface px-2.5 -outline-offset-2 has-[:focus-visible]:outline-2 ${
          error !== null
            ? 'border-failure outline-failure'
            : isFilter && text !== ''
              ? 'border-healthy outline-healthy'
              : 'border-line outline-focus'
        }`}
      >
        <Search size={13} aria-hidden className="shrink-0 text-faint" />
        <input
          ref={field}
          type="search"
          role="combobox"
          data-field="filter"
          aria-label="Search connections"
          aria-expanded={isOpen}
          aria-controls={isOpen ? listId : undefined}
          aria-activedescendant={isOpen && current >= 0 ? `${listId}-${current}` : undefined}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : `${listId}-error`}
          placeholder="Filter: words, or tcp.flags.reset == 1 && hop.lost"
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
            setCursor(event.target.selectionStart);
            setCurrent(-1);
          }}
          onBlur={() => {
            setCursor(null);
            remember();
          }}
          onKeyDown={press}
          className="figures h-full w-full min-w-0 bg-transparent text-xs outline-none placeholder:font-sans placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
        />
        <MatchCount />
        <button
          type="button"
          aria-label="What the filter can ask"
          title="What the filter can ask (Shift H)"
          onClick={() => openOverlay('filter')}
          className="shrink-0 text-faint hover:text-ink"
        >
          <CircleHelp size={13} aria-hidden />
        </button>
      </div>
      {isOpen ? (
        <FilterOptions id={listId} options={options} current={current} onChoose={choose} />
      ) : (
        error !== null && <FilterError id={`${listId}-error`} text={text} error={error} />
      )}
    </div>
  );
}

interface Mistake {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `hop.lo`: letters and a dot that some field begins with. */
const beginsField = (text: string): boolean =>
  /^[a-z_]+\./i.test(text) &&
  completeFilter(text, text.length).options.some((option) => option.text.startsWith(text));

/** The base of times does not matter for what is wrong with a filter. */
function findError(text: string): Mistake | null {
  if (isPlainSearch(text)) return null;
  const compiled = compileFilter(text, 0n);
  return compiled.ok ? null : compiled.error;
}

/** The filter once more with the place of the mistake marked, and what is wrong there; out of the way while something else is in use. */
function FilterError({
  id,
  text,
  error,
}: {
  readonly id: string;
  readonly text: string;
  readonly error: Mistake;
}) {
  return (
    <p
      id={id}
      role="status"
      className="absolute top-8 left-0 z-20 hidden max-w-full min-w-80 rounded-md border border-line bg-surface px-3 py-1.5 text-xs shadow-lg group-focus-within:block"
    >
      <span className="figures block truncate text-muted">
        {text.slice(0, error.start)}
        <mark className="bg-transparent text-failure underline decoration-wavy underline-offset-2">
          {text.slice(error.start, error.end) || '␣'}
        </mark>
        {text.slice(error.end)}
      </span>
      <span>{error.text}</span>
    </p>
  );
}

function MatchCount() {
  const total = useWorkspace((state) => state.list.matched);
  const packets = useWorkspace((state) => state.list.matchedPackets);
  const all = useWorkspace((state) => state.status?.connections ?? 0);
  return (
    <span className="figures pointer-events-none shrink-0 text-2xs text-faint max-md:hidden">
      {packets !== null && `${formatCount(packets)} packets in `}
      {formatCount(total)} of {formatCount(all)}
    </span>
  );
}
