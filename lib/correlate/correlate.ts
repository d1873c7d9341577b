// The steps of correlation in order. A generator: it yields its progress so that the engine can answer questions and cancel in between.
// Points, corrections by hand and clocks are inputs: it can be run again.
import { stepsOf } from '../base/steps';
import { correctClocks } from './clocks/clock-corrections';
import { solveClocks } from './clocks/clock-solver';
import type { ClockModel } from './clocks/clocks';
import { type ConnectionTable, type JoinedConnections, joinLegs } from './connections/connections';
import { decideFates } from './fates/fates';
import { type EchoTable, findEchoes } from './identities/echoes';
import {
  computeIdentities,
  findIdentityFields,
  type IdentityFields,
  shiftIdentities,
} from './identities/identity';
import { loosenIdentities } from './identities/loose-identities';
import { findPacketIds, identifyByPacketIds, type PacketIds } from './identities/packet-ids';
import { identifySparse } from './identities/sparse-identities';
import type { CorrelationInput } from './input/input';
import { buildJourneys, type JourneyTable } from './journeys/journeys';
import { buildLegs, type LegTable } from './legs/legs';
import { JOURNEY_YIELD_ROWS } from './limits';
import { PacketCutter } from './packets/byte-ranges';
import { ConnectionReader } from './packets/connection-rows';
import { findFragmented, placeFragments } from './packets/fragments';
import { PacketList } from './packets/packet-list';
import { formPackets } from './packets/packets';
import { type PieceTable, PieceTableBuilder } from './packets/piece-table';
import { StationTableBuilder } from './stations/station-table';
import type { StationTable } from './stations/stations';

export interface Correlation {
  readonly input: CorrelationInput;
  readonly legs: LegTable;
  readonly connections: ConnectionTable;
  readonly clocks: ClockModel;
  readonly journeys: JourneyTable;
  /** Connections (rows of `connections`) by time of their first journey: position → connection. */
  readonly order: Uint32Array;
}

/** Steps in order, each with the share of the progress at which it ends. What `bench scale` tells their cost by. */
export const CORRELATION_STEPS = {
  legs: 0.15,
  identities: 0.25,
  connections: 0.35,
  clocks: 0.45,
  packets: 0.75,
  journeys: 0.9,
  fates: 1,
} as const;

const step = stepsOf(CORRELATION_STEPS);

/** Yields 0 … 1. */
export function* correlate(input: CorrelationInput): Generator<number, Correlation> {
  const legs = yield* step('legs', buildLegs(input));
  const { connections, clocks, pieces, stations } = yield* findPackets(input, legs);
  const journeys = yield* step(
    'journeys',
    buildJourneys(input, pieces, stations, legs, connections, clocks),
  );
  yield* step('fates', decideFates(input, legs, connections, journeys, stations.pairs, clocks));
  for (const { directions } of stations.routes)
    for (const direction of directions) direction.forget();
  return { input, legs, connections, clocks, journeys, order: orderConnections(journeys) };
}

interface FoundPackets {
  readonly connections: ConnectionTable;
  readonly clocks: ClockModel;
  readonly pieces: PieceTable;
  readonly stations: StationTable;
}

/** From legs to packets. What only this needs, identities and the frames of each connection, ends with it. */
function* findPackets(input: CorrelationInput, legs: LegTable): Generator<number, FoundPackets> {
  const { identities, ...known } = yield* step('identities', identify(input, legs));
  const joined = yield* step('connections', connect(input, legs, identities, known));
  const solved = yield* step('clocks', solveClocks(input, legs, joined, identities));
  const clocks = correctClocks(input, solved);
  const [pieces, stations] = yield* step(
    'packets',
    formPieces(input, legs, joined, identities, known, clocks),
  );
  const { firstRow: _, rows: __, ...connections } = joined;
  return { connections, clocks, pieces, stations };
}

/** Runs a generator to its end in one go: for the command line and for tests. */
export function runToEnd<T>(steps: Generator<number, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** What is known of the captures' frames beside their identities. */
interface Known {
  readonly fields: IdentityFields;
  readonly packetIds: PacketIds;
  /** The packet ids are the identities. */
  readonly byPacketIds: boolean;
  readonly echoes: EchoTable;
}

function* identify(
  input: CorrelationInput,
  legs: LegTable,
): Generator<number, Known & { readonly identities: Uint32Array }> {
  const fields = yield* findIdentityFields(input);
  const identities = yield* computeIdentities(input, fields);
  identifySparse(input, identities);
  const packetIds = findPacketIds(input, identities);
  const byPacketIds = identifyByPacketIds(input, packetIds, identities);
  const echoes = yield* findEchoes(input, legs.legOfRow, identities);
  return { fields, identities, packetIds, byPacketIds, echoes };
}

function* connect(
  input: CorrelationInput,
  legs: LegTable,
  identities: Uint32Array,
  { fields, packetIds, echoes }: Known,
): Generator<number, JoinedConnections> {
  const connections = yield* joinLegs(input, legs, identities, fields, packetIds);
  const { shifts } = connections;
  if (shifts !== undefined) yield* shiftIdentities(input, legs, shifts, fields, identities);
  yield* loosenIdentities(input, legs, connections, fields, identities);
  return echoes.leaveOutOf(connections);
}

function* formPieces(
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  identities: Uint32Array,
  { fields, byPacketIds, echoes }: Known,
  clocks: ClockModel,
): Generator<number, readonly [PieceTable, StationTable]> {
  const reader = new ConnectionReader(input, legs, connections, identities, clocks);
  const packets = new PacketList();
  const pieces = new PieceTableBuilder(
    fields.timestamps,
    byPacketIds,
    echoes,
    connections.rows.length,
    input,
  );
  const cutter = new PacketCutter(packets, pieces);
  const stations = new StationTableBuilder(input, connections.rows.length);
  const fragmented = findFragmented(input, legs, connections);
  let since = 0;
  for (let connection = 0; connection < connections.count; connection += 1) {
    const rows = yield* reader.read(connection);
    if (fragmented[connection] === 1) placeFragments(input, rows);
    const share = connection / connections.count;
    for (const _ of formPackets(rows, packets)) yield share;
    pieces.startConnection(connection, rows, fragmented[connection] === 1);
    for (const _ of cutter.cut(rows)) yield share;
    for (const _ of stations.add(rows, pieces)) yield share;
    since += rows.count;
    if (since < JOURNEY_YIELD_ROWS) continue;
    since = 0;
    yield connection / connections.count;
  }
  const table = pieces.finish();
  return [table, stations.finish(table)];
}

function orderConnections(journeys: JourneyTable): Uint32Array {
  const { firstJourney, time, sightingRow, firstSighting } = journeys;
  const count = firstJourney.length - 1;
  return Uint32Array.from({ length: count }, (_, connection) => connection).sort(
    (a, b) =>
      time[firstJourney[a]] - time[firstJourney[b]] ||
      sightingRow[firstSighting[firstJourney[a]]] - sightingRow[firstSighting[firstJourney[b]]],
  );
}
