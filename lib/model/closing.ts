// Who ended a connection and how, in words: for the table, the report, the terminal.
import type { Close, Closing, ConnectionSummary } from './connection';

/** `client`, `server`; `between`: a reset in the name of a side whose own point did not see it; undefined: nobody closed it. */
export function closedBy({
  close,
  closing,
}: Pick<ConnectionSummary, 'close' | 'closing'>): 'client' | 'server' | 'between' | undefined {
  if (closing === undefined || closing.by === null) return undefined;
  if (close === 'reset') return closing.fromSender ? closing.by : 'between';
  return close === 'fin' ? closing.by : undefined;
}

/** `reset by server`, `timeout, client unanswered`: what stands in a cell. */
export function closeWords({
  close,
  closing,
}: Pick<ConnectionSummary, 'close' | 'closing'>): string {
  if (close === null) return '';
  const by = closing?.by ?? null;
  if (by === null) return close;
  switch (close) {
    case 'fin':
      return `fin by ${by}`;
    case 'reset':
      return closing?.fromSender === false ? `reset between, as ${by}` : `reset by ${by}`;
    case 'timeout':
      return `timeout, ${by} unanswered`;
    case 'open':
      return `open, fin by ${by} alone`;
  }
}

const SENTENCES: Readonly<Record<Close, (closing: Closing, at: string) => string>> = {
  fin: ({ by }, at) =>
    by === null
      ? 'Both sides sent a FIN.'
      : `Closed by the ${by}: its FIN came first, seen first at ${at}.`,
  reset: ({ by, finBefore, fromSender }, at) =>
    by === null
      ? 'Reset.'
      : `Reset in the ${by}’s name, seen first at ${at}${fromSender ? '' : `, not at the point nearest to the ${by}: something on the way may have made it`}${finBefore === null ? '' : `; the ${finBefore} had sent a FIN before`}.`,
  timeout: ({ by }, at) =>
    by === null
      ? 'Nothing was answered any more.'
      : `What the ${by} sent was not answered any more, last at ${at}.`,
  open: ({ by }, at) =>
    by === null
      ? 'Not closed while the captures ran.'
      : `Half closed: the ${by} alone sent a FIN, seen first at ${at}.`,
};

/** In a sentence; empty where the protocol has no close, or an older snapshot does not say. `nameOf` names a stop such as `p3/2`. */
export function describeClosing(
  { close, closing }: Pick<ConnectionSummary, 'close' | 'closing'>,
  nameOf: (stop: string) => string,
): string {
  if (close === null || closing === undefined) return '';
  return SENTENCES[close](closing, closing.at === null ? '' : nameOf(closing.at));
}
