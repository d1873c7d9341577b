'use client';
// Two frames matched by hand: the first waits here for the second, and then it is said whether their legs are one connection.
import { Button } from '@/components/ui/Button';
import { isSameFrame } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { FrameTarget } from '@/lib/store/workspace-state';

/** At the foot of the inspector, for the frame that is chosen. */
export function MatchBar({ target }: { readonly target: FrameTarget }) {
  const matching = useWorkspace((state) => state.matching);
  const isLive = useWorkspace((state) => state.session.kind === 'live');
  if (!isLive) return null;
  if (matching === null)
    return (
      <div className="mx-3.5 mt-3 border-t border-line pt-2">
        <Button
          look="quiet"
          size="small"
          className="-ml-1.5"
          onClick={() => workspace.hand.startMatching(target)}
        >
          Match by hand…
        </Button>
      </div>
    );
  const isFirst = isSameFrame(matching, target);
  return (
    <fieldset className="mx-3.5 mt-3 border-t border-line pt-2 text-xs">
      <legend className="sr-only">Match by hand</legend>
      <p className="text-muted">
        {isFirst
          ? 'Choose the frame that this one is to be matched with.'
          : `Frame ${matching.frame} of ${matching.file} and this one:`}
      </p>
      <div className="mt-1 flex flex-wrap gap-1.5">
        {!isFirst && (
          <>
            <Button size="small" onClick={() => workspace.hand.matchWith(target, 'pin')}>
              One connection
            </Button>
            <Button size="small" onClick={() => workspace.hand.matchWith(target, 'forbid')}>
              Two connections
            </Button>
          </>
        )}
        <Button look="quiet" size="small" onClick={() => workspace.hand.startMatching(null)}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}
