// The outcome of a connection by shape and colour: disc, ring, bar, cross, triangle, small dot.
import type { ConnectionState } from '@/lib/model/connection-state';

const STATE_WORDS: Readonly<Record<ConnectionState, string>> = {
  open: 'open at the end of the captures',
  closed: 'closed in order',
  reset: 'ended by a reset',
  failed: 'failed',
  lossy: 'packets lost',
  exchange: 'messages without a connection',
};

export function StateMark({
  state,
  isFailure,
}: {
  readonly state: ConnectionState;
  /** A failure is about this connection: what else is a warning is drawn as one. */
  readonly isFailure: boolean;
}) {
  return (
    <svg
      viewBox="0 0 10 10"
      width={10}
      height={10}
      role="img"
      aria-label={STATE_WORDS[state]}
      className="shrink-0"
    >
      {state === 'closed' && <circle cx={5} cy={5} r={3.5} className="fill-healthy" />}
      {state === 'open' && (
        <circle cx={5} cy={5} r={3} className="fill-none stroke-healthy" strokeWidth={1.5} />
      )}
      {state === 'reset' && (
        <path d="M1 5H9M5 1.5V8.5" className="stroke-failure" strokeWidth={1.75} />
      )}
      {state === 'failed' && (
        <path d="M1.5 1.5 8.5 8.5M8.5 1.5 1.5 8.5" className="stroke-failure" strokeWidth={2} />
      )}
      {state === 'lossy' && (
        <path d="M5 0.8 9.6 9.2H0.4Z" className={isFailure ? 'fill-failure' : 'fill-warning'} />
      )}
      {state === 'exchange' && <circle cx={5} cy={5} r={2} className="fill-unknown" />}
    </svg>
  );
}
