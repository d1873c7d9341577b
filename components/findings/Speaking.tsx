// Statements with the side that each speaks for.
import type { Finding } from '@/lib/model/finding';
import { TechnicalText } from './TechnicalText';

export function Speaking({ statements }: { readonly statements: Finding['grounds'] }) {
  return (
    <ul className="space-y-0.5 text-muted">
      {statements.map(({ text, speaks }) => (
        <li key={text} className="flex gap-2">
          <span className="figures shrink-0" aria-hidden>
            {speaks === 'for' ? '+' : '−'}
          </span>
          <span className="sr-only">{speaks === 'for' ? 'For it:' : 'Against it:'}</span>
          <span className="min-w-0 wrap-anywhere">
            <TechnicalText text={text} />
          </span>
        </li>
      ))}
    </ul>
  );
}
