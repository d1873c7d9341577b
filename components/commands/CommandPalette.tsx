'use client';
// One field for everything that can be done or found. Arrows choose, Enter does it, Escape closes.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from '@/components/ui/Dialog';
import { formatCount } from '@/components/ui/format-number';
import { Keys } from '@/components/ui/Key';
import { isPlainSearch } from '@/lib/filter/filter';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { ConnectionListWindow } from '@/lib/store/workspace-state';
import { closeOverlay } from './overlay';
import {
  byteItems,
  commandItems,
  connectionItems,
  findingItems,
  frameItems,
  type PaletteItem,
  pointItems,
  wiresharkItems,
} from './palette-items';

const TYPING_MS = 80;
const MOST_CONNECTIONS = 8;

export function CommandPalette({ frameOnly }: { readonly frameOnly: boolean }) {
  const [typed, setTyped] = useState('');
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const { items, matched } = useItems(typed, frameOnly);
  const at = Math.min(current, items.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const run = (item: PaletteItem | undefined) => {
    if (item === undefined) return;
    closeOverlay();
    // The dialog gives the focus back first: a command may take it elsewhere.
    requestAnimationFrame(() => item.run());
  };

  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setCurrent((at + step + items.length) % Math.max(1, items.length));
    else if (event.key === 'Enter') run(items[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog
      name={frameOnly ? 'Go to a frame' : 'Find anything'}
      onClose={closeOverlay}
      className="w-[600px]"
    >
      <input
        role="combobox"
        aria-label={frameOnly ? 'Frame' : 'What to find'}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        placeholder={
          frameOnly
            ? 'Number, or file#number'
            : 'A command, finding, point, address, port, or file#frame'
        }
        value={typed}
        spellCheck={false}
        autoComplete="off"
        autoFocus
        onChange={(event) => {
          setTyped(event.target.value);
          setCurrent(0);
        }}
        onKeyDown={press}
        className="h-11 w-full border-b border-line bg-transparent px-4 text-sm outline-none placeholder:text-faint"
      />
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label="What fits"
        className="max-h-[calc(76dvh-44px)] overflow-y-auto py-1"
      >
        {items.map((item, index) => (
          <Option
            key={item.id}
            id={`${listId}-${index}`}
            item={item}
            heading={item.section !== items[index - 1]?.section ? headingOf(item, matched) : null}
            isCurrent={index === at}
            onPoint={() => setCurrent(index)}
            onRun={() => run(item)}
          />
        ))}
        {items.length === 0 && (
          <div
            role="option"
            tabIndex={-1}
            aria-selected={false}
            aria-disabled
            className="px-4 py-3 text-muted"
          >
            {emptyWords(typed, frameOnly)}
          </div>
        )}
      </div>
    </Dialog>
  );
}

function headingOf({ section }: PaletteItem, matched: number): string {
  return section === 'Connections' && matched > MOST_CONNECTIONS
    ? `${section}, the first ${MOST_CONNECTIONS} of ${formatCount(matched)}`
    : section;
}

function emptyWords(typed: string, frameOnly: boolean): string {
  if (frameOnly)
    return typed === ''
      ? 'Type a frame’s number. Of several files the one that is looked at comes first.'
      : 'No capture of the case has this frame.';
  return 'Nothing fits. Addresses and ports are sought before and after NAT.';
}

/** What fits, and how many connections do. Those come from the engine and may come a moment later. */
function useItems(typed: string, frameOnly: boolean) {
  const state = useWorkspace((one) => one);
  const [found, setFound] = useState<ConnectionListWindow | null>(null);

  useEffect(() => {
    if (frameOnly || typed.trim() === '' || !isPlainSearch(typed)) {
      setFound(null);
      return;
    }
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const answer = await workspace.table.find(typed, MOST_CONNECTIONS);
      if (isCurrent) setFound(answer);
    }, TYPING_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [typed, frameOnly]);

  const items = useMemo(
    () =>
      frameOnly
        ? frameItems(state, typed)
        : [
            ...frameItems(state, typed),
            ...commandItems(state, typed),
            ...wiresharkItems(state, typed),
            ...findingItems(state, typed),
            ...pointItems(state, typed),
            ...(found === null ? [] : connectionItems(found)),
            ...byteItems(state, typed),
          ],
    [state, typed, frameOnly, found],
  );
  return { items, matched: found?.matched ?? 0 };
}

function Option({
  id,
  item,
  heading,
  isCurrent,
  onPoint,
  onRun,
}: {
  readonly id: string;
  readonly item: PaletteItem;
  readonly heading: string | null;
  readonly isCurrent: boolean;
  readonly onPoint: () => void;
  readonly onRun: () => void;
}) {
  return (
    <>
      {heading !== null && (
        <div
          role="presentation"
          className="px-4 pt-2 pb-1 text-2xs font-semibold uppercase tracking-[0.06em] text-muted"
        >
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys */}
      <div
        id={id}
        role="option"
        aria-selected={isCurrent}
        tabIndex={-1}
        onPointerMove={onPoint}
        onClick={onRun}
        className="flex min-h-7 cursor-default items-center gap-3 px-4 py-0.5 aria-selected:bg-chosen"
      >
        <span className={`min-w-0 flex-1 truncate ${item.isTechnical ? 'figures text-xs' : ''}`}>
          {item.text}
        </span>
        <span className="shrink-0 text-xs text-muted">{item.hint}</span>
        {item.keys.map((combination) => (
          <Keys key={combination} combination={combination} />
        ))}
      </div>
    </>
  );
}
