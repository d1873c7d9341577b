'use client';
// All keys on one card, from the table of commands.
import { X } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Keys } from '@/components/ui/Key';
import { COMMAND_GROUPS, COMMANDS } from './commands';
import { setSingleKeys, useSingleKeys } from './key-choice';
import { closeOverlay } from './overlay';

/** What scrolls can be scrolled by keys too. */
const SCROLLS = { tabIndex: 0 };

export function KeyCard() {
  const singleKeys = useSingleKeys((state) => state.on);
  return (
    <Dialog name="All keys" onClose={closeOverlay} className="w-[760px]">
      <div className="flex h-10 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 className="font-semibold">Keys</h2>
        <Button look="quiet" size="small" aria-label="Close" onClick={closeOverlay}>
          <X size={14} aria-hidden />
        </Button>
      </div>
      <section
        aria-label="Keys by group"
        {...SCROLLS}
        className="max-h-[calc(76dvh-88px)] columns-2 gap-8 overflow-y-auto px-4 py-3 max-sm:columns-1"
      >
        {COMMAND_GROUPS.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid" aria-label={group}>
            <h3 className="mb-1 text-2xs font-semibold uppercase tracking-[0.06em] text-muted">
              {group}
            </h3>
            <dl>
              {COMMANDS.filter((one) => one.group === group && one.keys.length > 0).map(
                ({ id, words, keys }) => (
                  <div key={id} className="flex min-h-6 items-center justify-between gap-3 text-xs">
                    <dt className="min-w-0">{words}</dt>
                    <dd className="flex shrink-0 gap-1.5">
                      {keys.map((combination) => (
                        <Keys key={combination} combination={combination} />
                      ))}
                    </dd>
                  </div>
                ),
              )}
            </dl>
          </section>
        ))}
      </section>
      <label className="flex h-12 items-center gap-2 border-t border-line px-4 text-xs text-muted">
        <input
          type="checkbox"
          className="accent-ink"
          checked={singleKeys}
          onChange={(event) => setSingleKeys(event.target.checked)}
        />
        Single letters and signs are commands
      </label>
    </Dialog>
  );
}
