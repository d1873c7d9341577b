// What the first messages of a conversation say of it (sparse table `hints`), as text for labels.
import type { HintKind } from './sparse-tables';

/** A row of the sparse table `hints`. */
export interface Hint {
  readonly kind: HintKind;
  /** Printable characters alone: `A api.example.com`, `TLS 1.3 api.example.com (h2)`, `GET /health`. */
  readonly text: string;
  readonly number: number;
}

/** RFC 1035 section 4.1.1, RFC 2136 section 2.2. */
const RESPONSE_CODES: Readonly<Record<number, string>> = {
  0: 'no error',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  9: 'NOTAUTH',
};

export const formatResponseCode = (code: number): string => RESPONSE_CODES[code] ?? `code ${code}`;

/** A connection's label from the client's and the server's first message; empty where neither says anything. What went well is not said of an answer. */
export function formatHints(asked: Hint | undefined, answered: Hint | undefined): string {
  if (asked === undefined) return answered?.text ?? '';
  if (answered?.kind === 'dns-answer' && answered.number !== 0)
    return `${asked.text}, ${formatResponseCode(answered.number)}`;
  if (answered?.kind === 'http-response' && asked.kind === 'http-request')
    return `${asked.text}, ${answered.number}`;
  return asked.text;
}
