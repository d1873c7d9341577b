// The packet that an ICMP error quotes, as text in a journey window: `udp 10.0.0.1:53 > 10.0.0.2:5000`. Who gets the error finds the socket that it is
// about by this quotation alone: a translator that leaves it as it is makes the error useless (RFC 5508 section 4.2).
// What rules know of a quotation besides stands in quote.ts.
import { parseEndpoint } from './endpoint';
import type { JourneyWindow } from './journey-window';
import { formatProtocol } from './protocols';

export interface QuotedEnds {
  /** `tcp`, `udp`, `icmp` … */
  readonly protocol: string;
  /** Endpoints of the quoted packet, as it ran. */
  readonly source: string;
  readonly destination: string;
}

export const quoteText = (protocol: number, source: string, destination: string): string =>
  `${formatProtocol(protocol)} ${source} > ${destination}`;

/** What the sighting quotes; undefined: nothing. */
export function readQuotedEnds(
  { sightings, strings }: JourneyWindow,
  row: number,
): QuotedEnds | undefined {
  const match = /^(\S+) (\S+) > (\S+)$/.exec(strings[sightings.quote[row]] ?? '');
  return match === null
    ? undefined
    : { protocol: match[1], source: match[2], destination: match[3] };
}

/**
 * Whether the error goes to whom the quoted packet came from, as the quotation has it at this point: false where addresses of the error were
 * translated and those within were not, or were translated otherwise.
 */
export function quotesItsReceiver(window: JourneyWindow, row: number): boolean {
  const quote = readQuotedEnds(window, row);
  if (quote === undefined) return true;
  const receiver = window.strings[window.sightings.destination[row]];
  return parseEndpoint(quote.source).address === parseEndpoint(receiver).address;
}

/** In words, for two sightings of an error; undefined: it quotes nothing. */
export function describeQuotation(
  window: JourneyWindow,
  one: number,
  other: number,
): string | undefined {
  // Sightings of a journey stand in the order of its way.
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  const [before, after] = [first, last].map((row) => readQuotedEnds(window, row));
  if (before === undefined || after === undefined) return undefined;
  const what = `quotes ${after.protocol} ${after.source} > ${after.destination}`;
  if (!quotesItsReceiver(window, last))
    return `${what}, which its receiver ${window.strings[window.sightings.destination[last]]} did not send: the quotation was not translated back`;
  const changed = before.source !== after.source || before.destination !== after.destination;
  return changed ? `${what}, translated back from ${before.source} > ${before.destination}` : what;
}
