// Identities of what only some frames are: ICMP errors, by the packet they quote, and IP fragments, by their place in the datagram.
import { NO_TUPLE } from '../../model/packet-columns';
import { PROTOCOL_TCP } from '../../model/protocols';
import { errorKind, readQuote } from '../connections/icmp-errors';
import type { CorrelationInput } from '../input/input';
import { finish, mix } from './identity';

/** Seeds that no protocol number is. */
const ERROR_SEED = 0x1c3f;
const FRAGMENT_SEED = 0x2f5a;

/** Writes them over what `computeIdentities` took from the header alone. */
export function identifySparse(input: CorrelationInput, identities: Uint32Array): void {
  input.captures.forEach(({ table }, capture) => {
    const base = input.rowBase[capture];
    const { quotes, fragments } = table.sparse;
    for (let position = 0; position < quotes.length; position += 1) {
      const row = quotes.get(position, 'row');
      const tuple = table.get('tuple', row);
      if (tuple === NO_TUPLE) continue;
      const quote = readQuote(input, table, position);
      const kind = errorKind(input.tuples.protocol(tuple), table.get('flags', row));
      let hash = mix(ERROR_SEED, kind);
      hash = mix(hash, quote.protocol);
      hash = mix(hash, quote.sequence);
      identities[base + row] = finish(mix(hash, quote.payloadLength));
    }
    for (let position = 0; position < fragments.length; position += 1) {
      const row = fragments.get(position, 'row');
      const tuple = table.get('tuple', row);
      // A first fragment of TCP has the header that its key is made of.
      if (tuple === NO_TUPLE || input.tuples.protocol(tuple) === PROTOCOL_TCP) continue;
      let hash = mix(FRAGMENT_SEED, input.tuples.protocol(tuple));
      for (const column of ['ident', 'offset', 'length', 'more'] as const)
        hash = mix(hash, fragments.get(position, column));
      identities[base + row] = finish(hash);
    }
  });
}
