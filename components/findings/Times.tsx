// Where the time of the slowest request went, part by part in the order of its way, beside what a healthy one takes.
import { formatDuration } from '@/lib/base/time';
import type { Finding, TimeShare } from '@/lib/model/finding';
import { boundText } from '@/lib/model/latency-error';
import { Part } from './Part';

export function Times({ finding: { times } }: { readonly finding: Finding }) {
  if (times.length === 0) return null;
  const total = times.reduce((sum, { ns }) => sum + ns, 0);
  const hasUsual = times.some(({ usualNs }) => usualNs !== null);
  return (
    <Part title="Where the time went">
      <table className="w-full text-xs">
        <thead className="text-2xs text-muted">
          <tr>
            <th scope="col" className="text-left font-medium">
              Part
            </th>
            <th scope="col" className="text-right font-medium">
              Here
            </th>
            {hasUsual && (
              <th scope="col" className="text-right font-medium">
                Usually
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {times.map((share) => (
            <Row key={share.part} share={share} total={total} hasUsual={hasUsual} />
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Row({
  share: { part, ns, usualNs, errorNs },
  total,
  hasUsual,
}: {
  readonly share: TimeShare;
  readonly total: number;
  readonly hasUsual: boolean;
}) {
  return (
    <tr className="align-baseline">
      <th scope="row" className="py-0.5 pr-2 text-left font-normal">
        {part}
        <span
          aria-hidden
          className="mt-0.5 block h-[3px] bg-line-strong"
          style={{ width: `${total > 0 ? Math.max(0, Math.min(100, (100 * ns) / total)) : 0}%` }}
        />
      </th>
      <td className="figures py-0.5 text-right whitespace-nowrap">
        {formatDuration(ns)}
        <span className="text-faint">{boundText(errorNs)}</span>
      </td>
      {hasUsual && (
        <td className="figures py-0.5 pl-2 text-right whitespace-nowrap text-muted">
          {usualNs === null ? '' : formatDuration(usualNs)}
        </td>
      )}
    </tr>
  );
}
