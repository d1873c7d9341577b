'use client';
// Two frames looked at together: why they are, or are not, one packet; and, where someone knows better, whether their legs are one connection.
import { useMemo } from 'react';
import { Button } from '@/components/ui/Button';
import {
  describeContinuation,
  describeExplainedLatency,
  describeRival,
  type Explanation,
  VERDICT_WORDS,
} from '@/lib/model/explanation';
import { isSameFrame } from '@/lib/store/selectors';
import { useAnswer } from '@/lib/store/use-answer';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { FrameTarget } from '@/lib/store/workspace-state';

/** More differences, and more rivals, are for `hoplane explain`. */
const MOST_FIELDS = 12;
const MOST_RIVALS = 6;

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
          title="Why two frames are, or are not, one packet; and to say that they are"
          onClick={() => workspace.hand.startMatching(target)}
        >
          Explain or match with another frame…
        </Button>
      </div>
    );
  const isFirst = isSameFrame(matching, target);
  return (
    <fieldset className="mx-3.5 mt-3 border-t border-line pt-2 text-xs">
      <legend className="sr-only">Explain or match by hand</legend>
      <p className="text-muted">
        {isFirst
          ? 'Choose the other frame: why the two are, or are not, one packet is said here then.'
          : `Frame ${matching.frame} of ${matching.file} and this one:`}
      </p>
      {!isFirst && <Why first={matching} second={target} />}
      <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
        {!isFirst && (
          <>
            <span className="text-muted">By hand:</span>
            <Button size="small" onClick={() => workspace.hand.matchWith(target, 'pin')}>
              One connection
            </Button>
            <Button size="small" onClick={() => workspace.hand.matchWith(target, 'forbid')}>
              Two connections
            </Button>
          </>
        )}
        <Button look="quiet" size="small" onClick={() => workspace.hand.startMatching(null)}>
          {isFirst ? 'Cancel' : 'Close'}
        </Button>
      </div>
    </fieldset>
  );
}

function Why({ first, second }: { readonly first: FrameTarget; readonly second: FrameTarget }) {
  const question = useMemo(() => ({ first, second }), [first, second]);
  const known = useAnswer('explain', question);
  if (known?.question !== question) return null;
  return known.answer === null ? (
    <p className="mt-1 text-muted">
      Their connections are too long to be looked through here: hoplane explain does it.
    </p>
  ) : (
    <Told explanation={known.answer} />
  );
}

function Told({ explanation }: { readonly explanation: Explanation }) {
  const { verdict, ground, fields, rivals, hosts } = explanation;
  const differing = fields.filter(({ result }) => result !== 'equal' && result !== 'unset');
  const lines = [describeContinuation(explanation), hosts, describeExplainedLatency(explanation)];
  return (
    <div aria-live="polite" className="mt-1 space-y-1">
      <p>
        <span className="font-semibold">{VERDICT_WORDS[verdict]}</span>{' '}
        <span className="break-words">{ground}</span>
      </p>
      {lines.map(
        (line) =>
          line && (
            <p key={line} className="break-words text-muted">
              {line}
              {line.endsWith('.') ? '' : '.'}
            </p>
          ),
      )}
      {differing.length > 0 && (
        <dl className="divide-y divide-line rounded-lg border border-line">
          {differing.slice(0, MOST_FIELDS).map((one) => (
            <div key={one.field} className="px-2 py-0.5">
              <dt className="flex justify-between gap-2 text-muted">
                <span className="figures min-w-0 break-words">{one.field}</span>
                <span className="shrink-0">{one.result}</span>
              </dt>
              <dd className="figures break-words">
                {one.first === '' ? 'none' : one.first} → <wbr />
                {one.second === '' ? 'none' : one.second}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {rivals.length > 0 && (
        <div>
          <p className="text-muted">
            Other frames at this point that repeat what the first carries:
          </p>
          <ul>
            {rivals.slice(0, MOST_RIVALS).map((rival) => (
              <li key={rival.frame} className="figures break-words">
                <span title={rival.file}>#{rival.frame}</span>{' '}
                <span className="text-muted">{describeRival(rival)}</span>
              </li>
            ))}
          </ul>
          {rivals.length > MOST_RIVALS && (
            <p className="text-muted">and {rivals.length - MOST_RIVALS} more</p>
          )}
        </div>
      )}
    </div>
  );
}
