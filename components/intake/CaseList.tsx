'use client';
// The cases that this browser keeps: opened again as they were left, or deleted for good; and what they take.
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { formatBytes, formatQuantity } from '@/components/ui/format-number';
import { fileStem } from '@/lib/base/file-name';
import { askPersistence } from '@/lib/store/keep-choice';
import { type KeptCase, keptBytes } from '@/lib/store/kept-case';
import { keeper, useCases, useKeepChoice, workspace } from '@/lib/store/workspace';
import { UNTITLED } from '@/lib/store/workspace-state';

export function CaseList() {
  const list = useCases((cases) => cases.list);
  const usage = useCases((cases) => cases.usage);
  if (list === null || list.length === 0) return null;
  return (
    <section aria-labelledby="kept-cases" className="mt-8">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2
          id="kept-cases"
          className="text-2xs font-semibold uppercase tracking-[0.06em] text-muted"
        >
          Your cases
        </h2>
        <p className="text-xs text-muted">
          Kept in this browser alone
          {usage !== null && (
            <span className="figures">
              : {formatBytes(usage.used)} of {formatBytes(usage.most)}
            </span>
          )}
        </p>
      </div>
      <ul className="divide-y divide-line border-y border-line">
        {list.map((kept) => (
          <CaseItem key={kept.id} kept={kept} />
        ))}
      </ul>
      <Persistence />
    </section>
  );
}

/** What becomes of the cases when the disk is full. */
function Persistence() {
  const isPersistent = useKeepChoice((choice) => choice.isPersistent);
  if (isPersistent === null) return null;
  return (
    <p className="mt-1 flex min-h-6 items-center gap-2 text-xs text-muted">
      {isPersistent
        ? 'The browser keeps them until you delete them.'
        : 'The browser may clear them when the disk is full.'}
      {!isPersistent && (
        <Button look="quiet" size="small" onClick={() => void askPersistence()}>
          Ask it not to
        </Button>
      )}
    </p>
  );
}

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function CaseItem({ kept }: { readonly kept: KeptCase }) {
  const [isAsked, setIsAsked] = useState(false);
  const { id, captures, notes, changed } = kept;
  const title = kept.title === UNTITLED && kept.summary !== '' ? kept.summary : kept.title;
  const files = captures.map(({ name }) => fileStem(name)).join(', ');
  return (
    <li className="flex items-center hover:bg-hover">
      <button
        type="button"
        onClick={() => void workspace.track(keeper.open(id, null))}
        className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4 py-2 text-left"
      >
        <span className="min-w-64 flex-1 truncate font-medium">{title}</span>
        <span className="figures shrink-0 text-xs text-muted">
          {formatQuantity(captures.length, 'capture')}
          {notes.length > 0 && ` · ${formatQuantity(notes.length, 'note')}`} ·{' '}
          {formatBytes(keptBytes(kept))} · {DATE.format(changed)}
        </span>
        <span className="basis-full truncate text-xs text-muted">
          {title === kept.summary || kept.summary === '' ? files : `${kept.summary} · ${files}`}
        </span>
      </button>
      <Button
        look="quiet"
        size="small"
        className="-mr-2 w-28 justify-end"
        onBlur={() => setIsAsked(false)}
        onClick={() => (isAsked ? void workspace.track(keeper.delete(id)) : setIsAsked(true))}
        aria-label={isAsked ? `Delete ${title} for good` : `Delete ${title}`}
      >
        {isAsked ? <span className="text-failure">Delete for good</span> : 'Delete'}
      </Button>
    </li>
  );
}
