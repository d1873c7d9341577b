// Datagrams whose IP ID something on the way rewrites: NAT64, which makes up its own (RFC 7915 section 5.1), and firewalls that choose IDs at random.
// The key of datagrams has the IP ID; of a connection whose points agree in contents and never in keys, it is left out.
import { PROTOCOL_TCP } from '../../model/protocols';
import type { ConnectionTable, JoinedConnections } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { LegTable } from '../legs/legs';
import { IDENTITY_YIELD_ROWS } from '../limits';
import { type IdentityFields, packetIdentity } from './identity';

/** Frames of each point that are looked at: the first of a connection tell as much as all. */
const FRAMES_LOOKED_AT = 64;

/** Writes the identities of such connections anew. Fragments and errors have no IP ID in theirs that could be left out. */
export function* loosenIdentities(
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  fields: IdentityFields,
  identities: Uint32Array,
): Generator<number> {
  const withoutIds = { ...fields, ipIds: false };
  let done = 0;
  for (let connection = 0; connection < connections.count; connection += 1) {
    const protocol = connections.protocol[connection];
    if (protocol === PROTOCOL_TCP) continue;
    const [first, end] = [connections.firstRow[connection], connections.firstRow[connection + 1]];
    const rows = connections.rows.subarray(first, end);
    done += rows.length;
    if (done > IDENTITY_YIELD_ROWS) {
      done = 0;
      yield connection / connections.count;
    }
    if (connections.firstLeg[connection + 1] - connections.firstLeg[connection] < 2) continue;
    const looseOf = (globalRow: number): number => {
      const capture = captureOfRow(input, globalRow);
      const { table } = input.captures[capture];
      const row = globalRow - input.rowBase[capture];
      const own = input.tuples.protocol(table.get('tuple', row));
      return packetIdentity(table, row, own, 0, fields) === identities[globalRow]
        ? packetIdentity(table, row, own, 0, withoutIds)
        : identities[globalRow];
    };
    if (
      !mixesVersions(input, legs, connections, connection) &&
      !agreesOnlyWithoutIds(input, rows, identities, looseOf)
    )
      continue;
    // What has none keeps none: an echo, or what was cut too short.
    for (const globalRow of rows)
      if (identities[globalRow] !== 0) identities[globalRow] = looseOf(globalRow);
  }
}

/** Whether IP versions are translated within the connection: some of its frames have no IP ID, whatever the others agree in. */
function mixesVersions(
  { tuples }: CorrelationInput,
  legs: LegTable,
  { firstLeg, legs: legList }: Pick<ConnectionTable, 'firstLeg' | 'legs'>,
  connection: number,
): boolean {
  const isVersion6 = (leg: number): boolean =>
    tuples.addressName(tuples.sourceAddress(legs.tuple[leg] * 2)).includes(':');
  const [first, end] = [firstLeg[connection], firstLeg[connection + 1]];
  for (let l = first + 1; l < end; l += 1)
    if (isVersion6(legList[l]) !== isVersion6(legList[first])) return true;
  return false;
}

/** Whether no two points show a frame of one identity, and some do once IP IDs are left out. */
function agreesOnlyWithoutIds(
  input: CorrelationInput,
  rows: Uint32Array,
  identities: Uint32Array,
  looseOf: (globalRow: number) => number,
): boolean {
  const taken = new Map<number, number>();
  const strict = new Map<number, number>();
  const loose = new Map<number, number>();
  let agrees = false;
  for (const globalRow of rows) {
    const capture = captureOfRow(input, globalRow);
    const { table, pointOfLink } = input.captures[capture];
    const point = pointOfLink[table.get('link', globalRow - input.rowBase[capture])];
    const count = taken.get(point) ?? 0;
    if (count >= FRAMES_LOOKED_AT) continue;
    taken.set(point, count + 1);
    const identity = identities[globalRow];
    const seenAt = strict.get(identity);
    if (seenAt !== undefined && seenAt !== point) return false;
    strict.set(identity, point);
    const content = looseOf(globalRow);
    const contentAt = loose.get(content);
    if (contentAt === undefined) loose.set(content, point);
    else agrees ||= contentAt !== point;
  }
  return agrees;
}
