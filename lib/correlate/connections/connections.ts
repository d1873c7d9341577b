// Legs into connections: two legs that carry the same packets are one conversation of two sockets, whatever their tuples say.
// A disjoint-set over legs keeps, beside the set, whether two legs' tuples run the same way round.
import { GrowableColumn } from '../../base/growable';
import { PROTOCOL_TCP } from '../../model/protocols';
import type { IdentityFields } from '../identities/identity';
import { joinPacketIds, type PacketIds } from '../identities/packet-ids';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { findCorrectedLegs } from '../legs/leg-corrections';
import { LegSets } from '../legs/leg-sets';
import { type LegShift, type LegShifts, SHIFT_NUMBERS } from '../legs/leg-shifts';
import { type LegTable, NO_LEG } from '../legs/legs';
import { joinEqualContents } from './content-joins';
import { meetEqualSegments } from './equal-segments';
import { joinErrors } from './icmp-errors';
import { joinOneWayLegs } from './one-way-legs';
import { findPinnedShifts } from './pinned-shifts';
import type { Halves } from './proxy-halves';
import { joinShiftedLegs } from './sequence-shifts';

/** A row a connection, in no order that means anything. */
export interface ConnectionTable {
  readonly count: number;
  readonly protocol: Uint16Array;
  /** Legs of a connection: `legs[firstLeg[c] … firstLeg[c + 1])`. */
  readonly firstLeg: Uint32Array;
  readonly legs: Uint32Array;
  readonly connectionOfLeg: Uint32Array;
  /** Tuple direction (0, 1) that is forward, from client to server, by leg. */
  readonly forwardOfLeg: Uint8Array;
  /** undefined: no leg's numbers are shifted against its connection's. */
  readonly shifts: LegShifts | undefined;
}

/** With its frames, until they are packets: `rows[firstRow[c] … firstRow[c + 1])` are those of a connection by global row, rising. */
export interface JoinedConnections extends ConnectionTable {
  readonly firstRow: Float64Array;
  readonly rows: Uint32Array;
}

/** Joins legs by packets with equal identity. `identities` is by global row. */
export function* joinLegs(
  input: CorrelationInput,
  legs: LegTable,
  identities: Uint32Array,
  fields: IdentityFields,
  packetIds: PacketIds,
): Generator<number, JoinedConnections> {
  const sets = new LegSets(legs.count, findCorrectedLegs(input, legs, 'forbid'));
  const pins = findCorrectedLegs(input, legs, 'pin');
  const pinnedShifts = findPinnedShifts(input, legs, pins);
  pins.forEach(({ first, second, differs }, index) => {
    sets.join(first, second, differs, pinnedShifts[index]);
  });
  joinEqualTuples(input, legs, sets);
  joinPacketIds(input, legs, packetIds, (a, b, differs) => sets.join(a, b, differs));
  const unanswered = new UnansweredMatches();
  // Equal sequence numbers, acknowledgements and timestamps are proof by themselves.
  yield* meetEqualSegments(
    input,
    legs,
    identities,
    fields,
    (a, b, differs) => sets.join(a, b, differs),
    (a, b, differs) => unanswered.add(a, b, differs),
  );
  yield* joinOneWayLegs(input, legs, (a, b) => sets.join(a, b, 0));
  const halves = yield* joinShiftedLegs(input, legs, sets);
  unanswered.joinIn(sets);
  yield* joinEqualContents(input, legs, (a, b, differs) => sets.join(a, b, differs));
  joinErrors(
    input,
    legs,
    (leg) => sets.find(leg),
    (a, b, differs) => sets.join(a, b, differs),
  );
  const shifted = halves ?? (pinnedShifts.some(isShift) ? noHalves(legs) : undefined);
  const shifts = shifted && { ...shifted, values: shiftsOfLegs(legs, sets) };
  return buildTable(input, legs, sets, shifts);
}

const isShift = (shift: LegShift): boolean => shift.some((number) => number !== 0);

/** No handshake is a proxy's own. */
const noHalves = (legs: LegTable): Halves => ({
  half: new Uint32Array(legs.count),
  opening: new Uint32Array(legs.count * 2),
  opener: new Uint8Array(legs.count),
});

/**
 * Legs that share a segment without acknowledgement (SYN, RST), which has one sequence number alone: they are joined last, since a SYN that a
 * proxy or firewall sent on may keep the number of one direction while the other's is shifted.
 */
class UnansweredMatches {
  private readonly legs = new GrowableColumn(Uint32Array);

  add(a: number, b: number, differs: number): void {
    this.legs.push(a);
    this.legs.push(b);
    this.legs.push(differs);
  }

  joinIn(sets: LegSets): void {
    const { values, length } = this.legs;
    for (let i = 0; i < length; i += 3) sets.join(values[i], values[i + 1], values[i + 2]);
  }
}

function shiftsOfLegs(legs: LegTable, sets: LegSets): Uint32Array {
  const values = new Uint32Array(legs.count * SHIFT_NUMBERS);
  for (let leg = 0; leg < legs.count; leg += 1) values.set(sets.shift(leg), leg * SHIFT_NUMBERS);
  return values;
}

/** Everything but TCP: one tuple is one connection wherever it is seen. */
function joinEqualTuples(input: CorrelationInput, legs: LegTable, sets: LegSets): void {
  const legOfTuple = new Uint32Array(input.tuples.count).fill(NO_LEG);
  for (let leg = 0; leg < legs.count; leg += 1) {
    const tuple = legs.tuple[leg];
    if (input.tuples.protocol(tuple * 2) === PROTOCOL_TCP) continue;
    if (legOfTuple[tuple] === NO_LEG) legOfTuple[tuple] = leg;
    else sets.join(leg, legOfTuple[tuple], 0);
  }
}

function buildTable(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
  shifts: LegShifts | undefined,
): JoinedConnections {
  const connectionOfLeg = new Uint32Array(legs.count);
  const connectionOfRoot = new Map<number, number>();
  const protocol = new GrowableColumn(Uint16Array);
  for (let leg = 0; leg < legs.count; leg += 1) {
    const root = sets.find(leg);
    let connection = connectionOfRoot.get(root);
    if (connection === undefined) {
      connection = protocol.push(input.tuples.protocol(legs.tuple[leg] * 2));
      connectionOfRoot.set(root, connection);
    }
    connectionOfLeg[leg] = connection;
  }
  const count = protocol.length;
  const legLists = groupBy(connectionOfLeg, legs.count, count);
  const rowLists = groupBy(connectionsOfRows(legs, connectionOfLeg), input.totalRows, count);
  return {
    count,
    protocol: protocol.finish(),
    firstRow: Float64Array.from(rowLists.first),
    rows: rowLists.members,
    firstLeg: Uint32Array.from(legLists.first),
    legs: legLists.members,
    connectionOfLeg,
    forwardOfLeg: chooseForward(input, legs, sets, connectionOfLeg, count),
    shifts,
  };
}

/** By global row; NO_LEG: none. */
function connectionsOfRows({ legOfRow }: LegTable, connectionOfLeg: Uint32Array): Uint32Array {
  const connections = new Uint32Array(legOfRow.length);
  for (let row = 0; row < legOfRow.length; row += 1) {
    const leg = legOfRow[row];
    connections[row] = leg === NO_LEG ? NO_LEG : connectionOfLeg[leg];
  }
  return connections;
}

/** Counting sort of 0 … length − 1 by key; keys of `groups` and more are left out. */
function groupBy(
  keys: Uint32Array,
  length: number,
  groups: number,
): { first: Float64Array; members: Uint32Array } {
  const first = new Float64Array(groups + 1);
  for (let i = 0; i < length; i += 1) if (keys[i] < groups) first[keys[i] + 1] += 1;
  for (let group = 0; group < groups; group += 1) first[group + 1] += first[group];
  const next = first.slice();
  const members = new Uint32Array(first[groups]);
  for (let i = 0; i < length; i += 1) if (keys[i] < groups) members[next[keys[i]]++] = i;
  return { first, members };
}

/**
 * Which way is forward: as the SYNs went; without SYN from the higher to the lower port where one is ephemeral and the other is not;
 * else as the first frame went.
 */
function chooseForward(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
  connectionOfLeg: Uint32Array,
  count: number,
): Uint8Array {
  /** Forward direction in terms of the set's root, and how good the ground is: 0 none, 1 first frame, 2 ports, 3 SYN. */
  const forward = new Uint8Array(count);
  const ground = new Uint8Array(count);
  const firstTime = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let leg = 0; leg < legs.count; leg += 1) {
    const connection = connectionOfLeg[leg];
    const parity = sets.parity(leg);
    const vote = (direction: number, strength: number, time: number): void => {
      if (strength < ground[connection]) return;
      if (strength === ground[connection] && time >= firstTime[connection]) return;
      forward[connection] = direction ^ parity;
      ground[connection] = strength;
      firstTime[connection] = time;
    };
    const row = legs.firstRow[leg];
    const capture = captureOfRow(input, row);
    const { table, baseDelta } = input.captures[capture];
    const time = table.get('time', row - input.rowBase[capture]) + baseDelta;
    if (legs.synDirection[leg] !== 2) {
      vote(legs.synDirection[leg], 3, time);
      continue;
    }
    const directed = legs.tuple[leg] * 2;
    const firstPort = input.tuples.sourcePort(directed);
    const secondPort = input.tuples.destinationPort(directed);
    if (
      input.tuples.protocol(directed) === PROTOCOL_TCP &&
      firstPort >= 32_768 !== secondPort >= 32_768
    )
      vote(firstPort >= 32_768 ? 0 : 1, 2, time);
    else vote(table.get('tuple', row - input.rowBase[capture]) & 1, 1, time);
  }
  return Uint8Array.from(
    connectionOfLeg,
    (connection, leg) => forward[connection] ^ sets.parity(leg),
  );
}
