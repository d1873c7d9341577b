// Why it happened, apart from that it happened: what is held to be the cause and how sure that is, and what the packets leave open.
import type { FindingCause } from '@/lib/model/finding';
import { describeConfidence, NO_CAUSE, openCausesHead } from '@/lib/model/finding-text';
import { CommandLine } from './CommandLine';
import { Part } from './Part';
import { Speaking } from './Speaking';
import { TechnicalText } from './TechnicalText';

export function Cause({ cause }: { readonly cause: FindingCause | null }) {
  if (cause === null) return null;
  const { held, open } = cause;
  return (
    <Part title="Its cause">
      {held === null ? (
        <p>{NO_CAUSE}</p>
      ) : (
        <>
          <p>
            <TechnicalText text={held.text} />{' '}
            <span className="text-muted">({describeConfidence(held.confidence)})</span>
          </p>
          <Speaking statements={held.grounds} />
        </>
      )}
      {open.length > 0 && (
        <>
          <p className="mt-2 text-muted">{openCausesHead(cause)}</p>
          <ul className="mt-1 space-y-2">
            {open.map(({ text, decides, command }) => (
              <li key={text}>
                <TechnicalText text={text} />
                <p className="text-muted">
                  What decides: <TechnicalText text={decides} />
                </p>
                {command !== '' && <CommandLine command={command} />}
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}
