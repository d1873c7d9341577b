// The packets that ICMP errors of all captures quote, from the sparse tables.
import type { CorrelationInput } from '../correlate/input/input';
import type { Quote } from '../model/quote';

/** Quotes that are looked at: more of them are one flood. */
const MOST_QUOTES = 20_000;

/** In order of capture and frame. */
export function findQuotes({ captures, tuples }: CorrelationInput): readonly Quote[] {
  const quotes: Quote[] = [];
  for (const { file, table } of captures) {
    const rows = table.sparse.quotes;
    for (let at = 0; at < rows.length && quotes.length < MOST_QUOTES; at += 1) {
      const tuple = rows.get(at, 'tuple');
      quotes.push({
        file,
        frame: rows.get(at, 'row') + 1,
        source: tuples.source(tuple),
        destination: tuples.destination(tuple),
        protocol: tuples.protocol(tuple),
        sequence: rows.get(at, 'sequence'),
        payloadDigest: rows.get(at, 'payloadDigest'),
        ttl: rows.get(at, 'ttl'),
        length: rows.get(at, 'length'),
        mtu: rows.get(at, 'mtu'),
      });
    }
  }
  return quotes;
}
