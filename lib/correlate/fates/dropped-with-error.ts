// Packets of which an ICMP error says that a router dropped them: too large, too old, no way there, not allowed. (A closed port is the receiver's own word.)
import { PROTOCOL_TCP } from '../../model/protocols';
import { errorKind, HOST, PROHIBITED, SIZE, TIME } from '../connections/icmp-errors';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { JourneyTable } from '../journeys/journeys';

const DROPPED: readonly number[] = [SIZE, TIME, HOST, PROHIBITED];

export class DroppedWithError {
  /** Of each quoted packet its tuple as directed at the error's point, its IP ID and, of TCP, its sequence number. */
  private readonly quoted = new Set<string>();

  constructor(
    private readonly input: CorrelationInput,
    private readonly journeys: JourneyTable,
  ) {
    for (const { table } of input.captures) {
      const { quotes } = table.sparse;
      for (let position = 0; position < quotes.length; position += 1) {
        const row = quotes.get(position, 'row');
        const protocol = input.tuples.protocol(table.get('tuple', row));
        if (!DROPPED.includes(errorKind(protocol, table.get('flags', row)))) continue;
        const key = this.keyOf(
          quotes.get(position, 'tuple'),
          quotes.get(position, 'ipId'),
          quotes.get(position, 'sequence'),
        );
        if (key !== undefined) this.quoted.add(key);
      }
    }
  }

  /** Whether an error quotes the packet as one of its sightings has it. */
  has(journey: number): boolean {
    if (this.quoted.size === 0) return false;
    const { firstSighting, sightingRow } = this.journeys;
    for (let s = firstSighting[journey]; s < firstSighting[journey + 1]; s += 1) {
      const capture = captureOfRow(this.input, sightingRow[s]);
      const { table } = this.input.captures[capture];
      const row = sightingRow[s] - this.input.rowBase[capture];
      const key = this.keyOf(
        table.get('tuple', row),
        table.get('ipId', row),
        table.get('sequence', row),
      );
      if (key !== undefined && this.quoted.has(key)) return true;
    }
    return false;
  }

  /** undefined: nothing tells the packet from others of its conversation. */
  private keyOf(tuple: number, ipId: number, sequence: number): string | undefined {
    const isTcp = this.input.tuples.protocol(tuple) === PROTOCOL_TCP;
    if (!isTcp && ipId === 0) return undefined;
    return `${tuple} ${ipId} ${isTcp ? sequence : ''}`;
  }
}
