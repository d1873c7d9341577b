'use client';
// What changed since the sighting before; where a reply did not get back the names its client knows, that is said loudest.
import { useMemo } from 'react';
import { classNames } from '@/components/ui/class-names';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { findRestorationFaults, type RestorationFault } from '@/lib/model/restoration';
import { deriveRewrites, isTranslationField, type Rewrite } from '@/lib/model/rewrites';
import { groundLine } from '@/lib/model/why';
import { useWorkspace } from '@/lib/store/workspace';
import { laneName, type SightingContext, sightingBefore } from './sightings';

export function Differences({ context }: { readonly context: SightingContext }) {
  const before = sightingBefore(context);
  const { window, sighting } = context;
  const rewrites = before === undefined ? [] : deriveRewrites(window, before, sighting);
  const isTranslated = rewrites.some(({ field }) => isTranslationField(field));
  const faults = useFaults(context, isTranslated);
  const ground = useMemo(
    () =>
      before === undefined
        ? ''
        : groundLine(
            { window, journey: context.journey, row: before },
            { window, journey: context.journey, row: sighting },
          ),
    [window, context.journey, before, sighting],
  );
  if (before === undefined && faults.length === 0) return null;
  return (
    <div className="mt-2">
      <SectionHeading>
        {before === undefined ? (
          'Against the request'
        ) : (
          <>
            Differs from{' '}
            <span className="normal-case">
              {laneName(context, window.sightings.point[before], window.sightings.passage[before])}{' '}
              <span className="figures">#{window.sightings.frame[before]}</span>
            </span>
          </>
        )}
      </SectionHeading>
      <dl className="mx-3.5 divide-y divide-line rounded-lg border border-line text-xs">
        {rewrites.map((rewrite) => (
          <RewriteLine key={rewrite.field} rewrite={rewrite} />
        ))}
        {faults.map((fault) => (
          <FaultLine key={fault.end} fault={fault} />
        ))}
        {rewrites.length === 0 && faults.length === 0 && (
          <div className="px-2 py-1 text-muted">nothing: the same packet, untouched</div>
        )}
      </dl>
      {ground !== '' && (
        <p className="px-3.5 pt-1 text-2xs text-muted">
          <span className="font-medium">Why one packet?</span> {ground}.
        </p>
      )}
    </div>
  );
}

/** Faults of a reply where they arose, at the hop that translated it in part, and where they hurt, at the client. */
function useFaults(
  { window, journey, sighting, points }: SightingContext,
  isTranslated: boolean,
): readonly RestorationFault[] {
  const connections = useWorkspace((state) => state.picture?.connections);
  const id = window.connections[window.journeys.connection[journey]];
  const connection = connections?.find((one) => one.id === id);
  if (connection === undefined) return [];
  const clientPoint = points.findIndex((point) => point.id === connection.points[0]);
  if (!isTranslated && window.sightings.point[sighting] !== clientPoint) return [];
  return findRestorationFaults(window, journey, connection.client, connection.server, clientPoint);
}

const LINE = 'grid grid-cols-[84px_minmax(0,1fr)] gap-x-2 px-2 py-1';
const FAULT_LINE = 'grid grid-cols-[28px_minmax(0,1fr)] gap-x-2 bg-failure-surface px-2 py-1';

function RewriteLine({ rewrite: { field, before, after } }: { readonly rewrite: Rewrite }) {
  const isTranslation = isTranslationField(field);
  return (
    <div className={LINE}>
      <dt className="figures truncate text-muted" title={field}>
        {field}
      </dt>
      <dd className="figures min-w-0 break-words">
        <span className={classNames(isTranslation && 'rounded-sm bg-nat-surface px-0.5 text-nat')}>
          {before === '' ? 'none' : before} → <wbr />
          {after === '' ? 'none' : after}
        </span>
      </dd>
    </div>
  );
}

function FaultLine({ fault: { end, expected, got } }: { readonly fault: RestorationFault }) {
  return (
    <div className={FAULT_LINE}>
      <dt className="figures text-failure">{end}</dt>
      <dd className="figures min-w-0 break-words text-failure">
        {got} not restored
        <span className="block text-muted">expected {expected}</span>
      </dd>
    </div>
  );
}
