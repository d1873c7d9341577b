// The steps of correlation in order. A generator: it yields its progress so that the engine can answer questions and cancel in between.
// Points, corrections by hand and clocks are inputs: it can be run again.
import { cutPackets } from './byte-ranges';
import { correctClocks } from './clock-corrections';
import { solveClocks } from './clock-solver';
import type { ClockModel } from './clocks';
import { gatherConnection } from './connection-rows';
import { type ConnectionTable, joinLegs } from './connections';
import { decideFates } from './fates';
import {
  computeIdentities,
  findIdentityFields,
  type IdentityFields,
  shiftIdentities,
} from './identity';
import type { CorrelationInput } from './input';
import { buildJourneys, type JourneyTable } from './journeys';
import { buildLegs, type LegTable } from './legs';
import { formPackets } from './packets';
import { type PieceTable, PieceTableBuilder } from './piece-table';
import { buildStations } from './stations';

export interface Correlation {
  readonly input: CorrelationInput;
  readonly legs: LegTable;
  readonly connections: ConnectionTable;
  readonly clocks: ClockModel;
  readonly journeys: JourneyTable;
  /** Connections (rows of `connections`) by time of their first journey: position → connection. */
  readonly order: Uint32Array;
}

/** Yields 0 … 1. */
export function* correlate(input: CorrelationInput): Generator<number, Correlation> {
  const legs = yield* scaled(buildLegs(input), 0, 0.15);
  const fields = yield* scaled(findIdentityFields(input), 0.15, 0.17);
  const identities = yield* scaled(computeIdentities(input, fields), 0.17, 0.25);
  const connections = yield* scaled(joinLegs(input, legs, identities, fields), 0.25, 0.35);
  if (connections.shifts !== undefined)
    yield* scaled(shiftIdentities(input, legs, connections.shifts, fields, identities), 0.35, 0.35);
  const solved = yield* scaled(solveClocks(input, legs, connections, identities), 0.35, 0.45);
  const clocks = correctClocks(input, solved);
  const pieces = yield* scaled(
    formPieces(input, legs, connections, identities, fields, clocks),
    0.45,
    0.65,
  );
  const stations = yield* scaled(
    buildStations(input, pieces, connections.count, connections.protocol, clocks),
    0.65,
    0.75,
  );
  const journeys = yield* scaled(
    buildJourneys(input, pieces, stations, connections.count, clocks),
    0.75,
    0.9,
  );
  yield* scaled(decideFates(input, legs, connections, journeys, stations.pairs, clocks), 0.9, 1);
  return { input, legs, connections, clocks, journeys, order: orderConnections(journeys) };
}

/** Runs a generator to its end in one go: for the command line and for tests. */
export function runToEnd<T>(steps: Generator<number, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function* scaled<T>(steps: Generator<number, T>, from: number, to: number): Generator<number, T> {
  let step = steps.next();
  while (!step.done) {
    yield from + (to - from) * step.value;
    step = steps.next();
  }
  yield to;
  return step.value;
}

function* formPieces(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
  identities: Uint32Array,
  fields: IdentityFields,
  clocks: ClockModel,
): Generator<number, PieceTable> {
  const builder = new PieceTableBuilder(fields.timestamps);
  for (let connection = 0; connection < connections.count; connection += 1) {
    const rows = gatherConnection(input, legs, connections, identities, clocks, connection);
    for (const piece of cutPackets(rows, formPackets(rows))) builder.add(connection, rows, piece);
    if (connection % 16 === 0 || rows.count > 1000) yield connection / connections.count;
  }
  return builder.finish();
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
