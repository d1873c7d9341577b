'use client';
// The connection on the other side of a proxy, where one is likely: offered with its grounds, drawn beside this one when asked for.
import { useMemo } from 'react';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Continuation } from '@/lib/model/continuation';
import { useAnswer } from '@/lib/store/use-answer';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { SightingContext } from './sightings';

export function ContinuesAs({ context }: { readonly context: SightingContext }) {
  const { window, journey } = context;
  const id = window.connections[window.journeys.connection[journey]];
  const offered = useContinuations(id);
  if (offered.length === 0) return null;
  return (
    <div className="mt-2">
      <SectionHeading>Possibly continues as</SectionHeading>
      <ul>
        {offered.map((one) => (
          <OfferLine key={`${one.side} ${one.connection}`} id={id} offer={one} />
        ))}
      </ul>
    </div>
  );
}

function OfferLine({ id, offer }: { readonly id: string; readonly offer: Continuation }) {
  const chosen = useWorkspace((state) => state.view.connections);
  const isShown = chosen.includes(offer.connection);
  return (
    <li>
      <button
        type="button"
        disabled={isShown}
        title={isShown ? 'Shown beside this one' : 'Show it beside this one'}
        onClick={() =>
          workspace.chooseConnections(
            offer.side === 'behind' ? [id, offer.connection] : [offer.connection, id],
          )
        }
        className="figures flex min-h-[22px] w-full flex-wrap gap-x-2 px-3.5 text-left text-xs enabled:hover:bg-hover"
      >
        <span>
          {offer.client} → {offer.server}
        </span>
        <span className="text-muted">
          {offer.side === 'behind' ? 'behind a proxy' : 'before a proxy'}
          {isShown && ', shown'}
        </span>
      </button>
      <p className="px-3.5 pb-1 text-2xs text-muted">{offer.grounds.join('; ')}</p>
    </li>
  );
}

function useContinuations(id: string): readonly Continuation[] {
  const question = useMemo(() => ({ connection: id }), [id]);
  const known = useAnswer('continuations', question);
  return (known?.question === question ? known.answer : null) ?? [];
}
