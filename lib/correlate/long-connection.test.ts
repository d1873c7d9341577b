// One connection of very many frames: whatever is done with it gives others their turn after so much work, counted in frames, not in time.
import { beforeAll, expect, it } from 'vitest';
import { CaptureIntake } from '../engine/intake';
import { parseCapture } from '../engine/parse-capture';
import { TupleTable } from '../model/tuple-table';
import { memorySource } from '../read/byte-source';
import { buildLongConnection } from '../testing/long-connection';
import { oneClock } from './clocks/clocks';
import { type JoinedConnections, joinLegs } from './connections/connections';
import { type Correlation, correlate, runToEnd } from './correlate';
import { TcpEvidence } from './fates/tcp-evidence';
import { findEchoes } from './identities/echoes';
import { computeIdentities, findIdentityFields } from './identities/identity';
import { findPacketIds } from './identities/packet-ids';
import { buildInput, type CorrelationInput } from './input/input';
import type { LoadedCapture } from './input/loaded-capture';
import { JourneyNumbers } from './journeys/journey-numbers';
import { buildLegs, type LegTable } from './legs/legs';
import { JOURNEY_YIELD_ROWS, ROW_ORDER_YIELD } from './limits';
import { PacketCutter } from './packets/byte-ranges';
import { ConnectionReader, type ConnectionRows } from './packets/connection-rows';
import { PacketList } from './packets/packet-list';
import { formPackets } from './packets/packets';
import { PieceTableBuilder } from './packets/piece-table';
import { StationTableBuilder } from './stations/station-table';

const PACKETS = 60_000;
const POINTS = 3;

let input: CorrelationInput;
let legs: LegTable;
let connections: JoinedConnections;
let rows: ConnectionRows;
let pieces: PieceTableBuilder;
const packets = new PacketList();

beforeAll(async () => {
  const tuples = new TupleTable();
  const loaded: LoadedCapture[] = [];
  for (const [point, bytes] of buildLongConnection(PACKETS, POINTS).entries()) {
    const intake = new CaptureIntake(tuples);
    const read = await parseCapture(memorySource(bytes, `p${point}.pcap`), {
      block: (block) => intake.take(block),
      progress() {},
    });
    if (!read.ok) throw new Error(read.error.text);
    const { table, links } = intake;
    loaded.push({ file: `p${point}.pcap`, summary: read.value, table, links });
  }
  input = buildInput(loaded, tuples);
  legs = runToEnd(buildLegs(input));
  const fields = runToEnd(findIdentityFields(input));
  const identities = runToEnd(computeIdentities(input, fields));
  const echoes = runToEnd(findEchoes(input, legs.legOfRow, identities));
  const packetIds = findPacketIds(input, identities);
  connections = runToEnd(joinLegs(input, legs, identities, fields, packetIds));
  const reader = new ConnectionReader(input, legs, connections, identities, oneClock(input));
  rows = runToEnd(reader.read(0));
  pieces = new PieceTableBuilder(fields.timestamps, false, echoes, rows.count, input);
});

/** How often steps let others have their turn. */
const turns = (steps: Iterable<unknown>): number => [...steps].length;

it('is one connection', () => {
  expect(connections.count).toBe(1);
  expect(rows.count).toBeGreaterThan(PACKETS * POINTS * 0.99);
});

it('gives others their turn while its packets are formed, cut and given their stations', () => {
  const least = Math.floor(rows.count / ROW_ORDER_YIELD) - 1;
  expect(least).toBeGreaterThan(3);
  expect(turns(formPackets(rows, packets))).toBeGreaterThanOrEqual(least);
  expect(packets.count).toBeGreaterThan(PACKETS * 0.99);
  pieces.startConnection(0, rows, false);
  // Once while those without bytes are taken, once while the others are put in order, once while they are cut.
  expect(turns(new PacketCutter(packets, pieces).cut(rows))).toBeGreaterThanOrEqual(6);
  const stations = new StationTableBuilder(input, rows.count);
  expect(turns(stations.add(rows, pieces))).toBeGreaterThanOrEqual(least);
});

it('gives others their turn while its fates are found', () => {
  const steps = correlate(input);
  let fates = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) if (step.value > 0.9) fates += 1;
  const found: Correlation = step.value;
  const { journeys } = found;
  const slices = Math.floor(journeys.count / JOURNEY_YIELD_ROWS);
  expect(slices).toBeGreaterThan(10);
  // Retransmissions are marked, what was acknowledged is gathered, each packet is followed.
  expect(fates).toBeGreaterThanOrEqual(slices * 3);
  const numbers = new JourneyNumbers(input, found.legs, found.connections, journeys);
  const evidence = new TcpEvidence(input, journeys, numbers, () => undefined, 0, journeys.count);
  expect(turns(evidence.gather())).toBeGreaterThanOrEqual(slices);
});
