'use client';
// Filters by a click on what they are about: the context menu of any endpoint or field (`data-endpoint`, `data-field-name`), by pointer or by the menu key.
import { useEffect, useRef, useState } from 'react';
import { applyQuickFilter, filtersOfEndpoint, filtersOfField } from '@/lib/filter/quick-filters';
import { workspace } from '@/lib/store/workspace';

interface Menu {
  readonly x: number;
  readonly y: number;
  readonly filters: readonly string[];
  readonly from: HTMLElement;
}

const HOWS = [
  { how: 'only', label: 'only this' },
  { how: 'and', label: 'and this' },
  { how: 'not', label: 'not this' },
] as const;

/** Room that the menu takes, px: it stays within the window. */
const WIDTH_PX = 420;
const ROW_PX = 28;

function filtersOf(element: HTMLElement): readonly string[] {
  const { endpoint, protocol, fieldName, fieldValue } = element.dataset;
  if (endpoint !== undefined) return filtersOfEndpoint(endpoint, protocol);
  return fieldName === undefined ? [] : filtersOfField(fieldName, fieldValue ?? '');
}

/** The thing under the pointer; by key, the first of the row that has the keys. */
function findSubject(event: MouseEvent): HTMLElement | null {
  const target = event.target as HTMLElement;
  const row = target.getAttribute('aria-activedescendant');
  const place = row === null ? null : document.getElementById(row);
  const marked = '[data-endpoint], [data-field-name]';
  return target.closest<HTMLElement>(marked) ?? place?.querySelector<HTMLElement>(marked) ?? null;
}

export function QuickFilterMenu() {
  const [menu, setMenu] = useState<Menu | null>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const open = (event: MouseEvent) => {
      const subject = findSubject(event);
      const filters = subject === null ? [] : filtersOf(subject);
      if (subject === null || filters.length === 0) return;
      event.preventDefault();
      const box = subject.getBoundingClientRect();
      const byKey = event.clientX === 0 && event.clientY === 0;
      setMenu({
        x: Math.min(byKey ? box.left : event.clientX, window.innerWidth - WIDTH_PX - 8),
        y: Math.min(
          byKey ? box.bottom : event.clientY,
          window.innerHeight - ROW_PX * filters.length - 16,
        ),
        filters,
        from: document.activeElement as HTMLElement,
      });
    };
    window.addEventListener('contextmenu', open);
    return () => window.removeEventListener('contextmenu', open);
  }, []);

  useEffect(() => {
    if (menu === null) return;
    list.current?.querySelector('button')?.focus();
    const away = (event: PointerEvent) => {
      if (!list.current?.contains(event.target as Node)) setMenu(null);
    };
    window.addEventListener('pointerdown', away);
    return () => window.removeEventListener('pointerdown', away);
  }, [menu]);

  if (menu === null) return null;
  const close = () => {
    setMenu(null);
    menu.from.focus();
  };
  const step = (columns: number) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + columns + buttons.length) % buttons.length]?.focus();
  };
  return (
    <section aria-label="Quick filters">
      <div
        ref={list}
        role="menu"
        tabIndex={-1}
        aria-label="Filter by this"
        style={{ left: Math.max(8, menu.x), top: Math.max(8, menu.y), width: WIDTH_PX }}
        onKeyDown={(event) => {
          const steps = { ArrowDown: 3, ArrowUp: -3, ArrowRight: 1, ArrowLeft: -1 } as const;
          if (event.key in steps) step(steps[event.key as keyof typeof steps]);
          else if (event.key === 'Escape' || event.key === 'Tab') close();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="fixed z-50 max-w-[calc(100vw-16px)] rounded-lg border border-line bg-raised py-1 text-xs shadow-lg"
      >
        {menu.filters.map((filter) => (
          <div key={filter} className="flex min-h-7 items-center gap-1 pr-1 pl-3">
            <span className="figures min-w-0 flex-1 truncate" title={filter}>
              {filter}
            </span>
            {HOWS.map(({ how, label }) => (
              <button
                key={how}
                type="button"
                role="menuitem"
                aria-label={`${filter}: ${label}`}
                onClick={() => {
                  const inForce = workspace.store.getState().view.search;
                  workspace.search(applyQuickFilter(inForce, filter, how));
                  close();
                }}
                className="h-6 shrink-0 rounded-md px-1.5 text-muted hover:bg-hover hover:text-ink"
              >
                {label}
              </button>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}
