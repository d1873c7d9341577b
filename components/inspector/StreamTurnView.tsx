'use client';
// One turn of a connection's stream: who spoke, in which frames, what; TLS records named; what is lacking said.
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { formatSeconds } from '@/lib/base/time';
import { workspace } from '@/lib/store/workspace';
import { printHex, printText, type StreamLook, type StreamTurn } from './stream-turns';

/** Of a longer turn the head alone is shown at first. */
const FIRST_BYTES = 2048;
/** TLS records listed by name; more of one turn are counted. */
const NAMED_RECORDS = 6;

export function StreamTurnView({
  turn,
  look,
  base,
}: {
  readonly turn: StreamTurn;
  readonly look: StreamLook;
  /** ns; the times shown count from it. */
  readonly base: number;
}) {
  const [isWhole, setIsWhole] = useState(false);
  const [first] = turn.runs;
  const last = turn.runs[turn.runs.length - 1];
  const isForward = turn.direction === 0;
  const shown = isWhole ? turn.bytes : turn.bytes.subarray(0, FIRST_BYTES);
  return (
    <li className="mt-1.5 px-3.5">
      {turn.gap > 0 && <Lacking text={`${formatQuantity(turn.gap, 'byte')} not in this capture`} />}
      <div
        className={classNames('border-l-2 pl-2', isForward ? 'border-forward' : 'border-reverse')}
      >
        <button
          type="button"
          onClick={() => workspace.selectFrame({ file: first.file, frame: first.frame })}
          className="figures flex w-full items-baseline justify-between gap-2 text-left text-2xs text-muted hover:text-ink"
          title={`Show frame ${first.frame} of ${first.file}`}
        >
          <span className={isForward ? 'text-forward' : 'text-reverse'}>
            {isForward ? 'client →' : '← server'} {formatCount(turn.bytes.length)} B
          </span>
          <span>
            #{first.frame}
            {last.frame !== first.frame && `–${last.frame}`} · {formatSeconds(first.time - base)} s
          </span>
        </button>
        <Records turn={turn} />
        <pre className="figures text-[11px] leading-[16px] break-all whitespace-pre-wrap">
          {look === 'text' ? printText(shown) : printHex(shown)}
        </pre>
        {shown.length < turn.bytes.length && (
          <Button look="quiet" size="small" className="-ml-1.5" onClick={() => setIsWhole(true)}>
            Show all {formatCount(turn.bytes.length)} bytes
          </Button>
        )}
      </div>
      {turn.lacking > 0 && (
        <Lacking text={`${formatQuantity(turn.lacking, 'byte')} of this segment not captured`} />
      )}
    </li>
  );
}

const Lacking = ({ text }: { readonly text: string }) => (
  <p className="my-1 border-y border-dashed border-line-strong py-0.5 text-center text-2xs text-muted">
    {text}
  </p>
);

function Records({ turn }: { readonly turn: StreamTurn }) {
  const records = turn.runs.flatMap((run) => run.records);
  if (records.length === 0) return null;
  const rest = records.length - NAMED_RECORDS;
  return (
    <p className="text-2xs">
      <span className="text-muted">TLS </span>
      {records
        .slice(0, NAMED_RECORDS)
        .map(({ name, length }) => `${name} (${formatCount(length)})`)
        .join(', ')}
      {rest > 0 && <span className="text-muted"> and {formatQuantity(rest, 'record')} more</span>}
    </p>
  );
}
