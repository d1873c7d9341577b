// Packet ids that a capture carries (pcapng's epb_packetid: xdpdump gives one at a program's entry and exit, others at each hook of a kernel): frames of
// one recording with one id are one packet. Ids of two recordings have nothing to do with each other.
import { NO_TUPLE } from '../../model/packet-columns';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { type LegTable, NO_LEG } from '../legs/legs';
import { finish, mix } from './identity';

const SEED = 0x7a11;
/** Frames with one id, at most: more are a writer's constant. */
const MOST_SIGHTINGS = 16;
/** Of the ids that several frames share, so many must be of frames that are alike: else each interface counts by itself. */
const LEAST_AGREEING = 0.9;

/** Global rows with one id, of recordings whose ids tell packets. */
export type PacketIds = readonly (readonly number[])[];

/** `identities`: of all frames by their content, which ids are held against. */
export function findPacketIds(input: CorrelationInput, identities: Uint32Array): PacketIds {
  const byId = new Map<string, number[]>();
  input.captures.forEach(({ table, lead }, capture) => {
    const { packetIds } = table.sparse;
    for (let position = 0; position < packetIds.length; position += 1) {
      const row = packetIds.get(position, 'row');
      if (table.get('tuple', row) === NO_TUPLE) continue;
      const id = `${lead} ${packetIds.get(position, 'high')} ${packetIds.get(position, 'low')}`;
      const rows = byId.get(id);
      if (rows) rows.push(input.rowBase[capture] + row);
      else byId.set(id, [input.rowBase[capture] + row]);
    }
  });
  const shared = [...byId].filter(([, rows]) => rows.length > 1);
  const agreeing = shared.filter(
    ([, rows]) =>
      rows.length <= MOST_SIGHTINGS && rows.every((row) => identities[row] === identities[rows[0]]),
  );
  if (shared.length === 0 || agreeing.length < LEAST_AGREEING * shared.length) return [];
  return [...byId.values()].filter((rows) => rows.length <= MOST_SIGHTINGS);
}

/** Of a case that is one recording the ids are the identities: they tell frames apart that are alike in everything. True where they are. */
export function identifyByPacketIds(
  { captures }: CorrelationInput,
  packetIds: PacketIds,
  identities: Uint32Array,
): boolean {
  if (packetIds.length === 0 || captures.some(({ lead }) => lead !== captures[0].lead))
    return false;
  packetIds.forEach((rows, index) => {
    for (const row of rows) identities[row] = finish(mix(mix(SEED, index), rows.length));
  });
  return true;
}

/** Calls `join(a, b, differs)` for the legs of frames with one id. */
export function joinPacketIds(
  input: CorrelationInput,
  legs: LegTable,
  packetIds: PacketIds,
  join: (a: number, b: number, differs: number) => void,
): void {
  const tupleOf = (globalRow: number): number => {
    const capture = captureOfRow(input, globalRow);
    return input.captures[capture].table.get('tuple', globalRow - input.rowBase[capture]);
  };
  for (const [first, ...others] of packetIds)
    for (const other of others) {
      const [a, b] = [legs.legOfRow[first], legs.legOfRow[other]];
      const isSame =
        input.tuples.protocol(tupleOf(first)) === input.tuples.protocol(tupleOf(other));
      if (a !== NO_LEG && b !== NO_LEG && a !== b && isSame)
        join(a, b, (tupleOf(first) ^ tupleOf(other)) & 1);
    }
}
