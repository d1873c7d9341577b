'use client';
// What changed since the sighting before; where a reply did not get back the names its client knows, that is said loudest.
import { useMemo } from 'react';
import { classNames } from '@/components/ui/class-names';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { findRestorationFaults, type RestorationFault } from '@/lib/model/restoration';
import { deriveRewrites, isTranslationField, type Rewrite } from '@/lib/model/rewrites';
import { groundLine } from '@/lib/model/why';
import { laneName, requestBefore, type SightingContext, sightingBefore } from './sightings';

export function Differences({ context }: { readonly context: SightingContext }) {
  const before = sightingBefore(context);
  return (
    <>
      {before !== undefined && <SinceBefore context={context} before={before} />}
      <AgainstRequest context={context} before={before} />
    </>
  );
}

function SinceBefore({
  context,
  before,
}: {
  readonly context: SightingContext;
  readonly before: number;
}) {
  const { window, journey, sighting } = context;
  const rewrites = deriveRewrites(window, before, sighting);
  const ground = useMemo(
    () => groundLine({ window, journey, row: before }, { window, journey, row: sighting }),
    [window, journey, before, sighting],
  );
  return (
    <div className="mt-2">
      <SectionHeading>
        Differs from <SightingName context={context} row={before} />
      </SectionHeading>
      <dl className="mx-3.5 divide-y divide-line rounded-lg border border-line text-xs">
        {rewrites.map((rewrite) => (
          <RewriteLine key={rewrite.field} rewrite={rewrite} />
        ))}
        {rewrites.length === 0 && (
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

/** Faults of a reply where they arose, at the hop that translated it in part, and where they hurt, at the client: held against what the client had sent. */
function AgainstRequest({
  context,
  before,
}: {
  readonly context: SightingContext;
  readonly before: number | undefined;
}) {
  const { window, journey, sighting, connection, points } = context;
  if (connection === undefined) return null;
  const clientPoint = points.findIndex((point) => point.id === connection.points[0]);
  const isTranslated =
    before !== undefined &&
    deriveRewrites(window, before, sighting).some(({ field }) => isTranslationField(field));
  if (!isTranslated && window.sightings.point[sighting] !== clientPoint) return null;
  const { client, server } = connection;
  const faults = findRestorationFaults(window, journey, client, server, clientPoint);
  if (faults.length === 0) return null;
  const request = requestBefore(context, clientPoint);
  return (
    <div className="mt-2">
      <SectionHeading>
        Does not answer{' '}
        {request === undefined ? 'the request' : <SightingName context={context} row={request} />}
      </SectionHeading>
      <dl className="mx-3.5 divide-y divide-line rounded-lg border border-line text-xs">
        {faults.map((fault) => (
          <FaultLine key={fault.end} fault={fault} />
        ))}
      </dl>
    </div>
  );
}

function SightingName({
  context,
  row,
}: {
  readonly context: SightingContext;
  readonly row: number;
}) {
  const { point, passage, frame } = context.window.sightings;
  return (
    <span className="normal-case">
      {laneName(context, point[row], passage[row])} <span className="figures">#{frame[row]}</span>
    </span>
  );
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
      <dd className="min-w-0 break-words text-failure">
        not restored: <span className="figures">{got}</span>
        <span className="block text-muted">
          {end === 'src' ? 'the client called ' : 'the client sent from '}
          <span className="figures">{expected}</span>
        </span>
      </dd>
    </div>
  );
}
