// The severity of a finding by shape first, colour second: a crossed disc, a triangle, a ring.
import type { Severity } from '@/lib/model/finding';

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  failure: 'Failure',
  warning: 'Warning',
  note: 'Note',
};

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={12}
      height={12}
      role="img"
      aria-label={SEVERITY_WORDS[severity]}
      className="shrink-0"
    >
      {severity === 'failure' && (
        <>
          <circle cx={6} cy={6} r={6} className="fill-failure" />
          <path d="M3.8 3.8 8.2 8.2M8.2 3.8 3.8 8.2" className="stroke-surface" strokeWidth={1.5} />
        </>
      )}
      {severity === 'warning' && <path d="M6 0.8 11.8 11.2H0.2Z" className="fill-warning" />}
      {severity === 'note' && (
        <circle cx={6} cy={6} r={4.75} className="fill-none stroke-unknown" strokeWidth={1.5} />
      )}
    </svg>
  );
}
