// The header of each journey as its connection counts: of its first sighting, shifts taken off. What fates compare.
import { STATUS_TRANSPORT } from '../../model/packet-status';
import { TCP_IDENTITY_FLAGS } from '../../model/tcp-flags';
import type { ConnectionTable } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { halfOfOpening, readNumbers, type TcpNumbers, withoutShift } from '../legs/leg-shifts';
import type { LegTable } from '../legs/legs';
import type { JourneyTable } from './journeys';

export interface JourneyHeader extends TcpNumbers {
  readonly digest: number;
  readonly status: number;
  /** Bytes that the whole frame carries. */
  readonly payload: number;
}

type HeaderRecord = { -readonly [Name in keyof JourneyHeader]: JourneyHeader[Name] };

export class JourneyNumbers {
  private readJourney = -1;
  private read: JourneyHeader;
  /** Filled anew for each journey. */
  private readonly record: HeaderRecord = {
    flags: 0,
    sequence: 0,
    acknowledgement: 0,
    timestampValue: 0,
    timestampEcho: 0,
    digest: 0,
    status: 0,
    payload: 0,
  };

  constructor(
    private readonly input: CorrelationInput,
    private readonly legs: LegTable,
    private readonly connections: ConnectionTable,
    private readonly journeys: JourneyTable,
  ) {
    this.read = this.record;
  }

  /** Good until another journey is asked for: fates ask several times for each. */
  header(journey: number): JourneyHeader {
    if (journey !== this.readJourney) {
      this.read = this.readHeader(journey);
      this.readJourney = journey;
    }
    return this.read;
  }

  /** Which of TCP_IDENTITY_FLAGS it has; most often known without its frame. */
  identityFlags(journey: number): number {
    const told = this.journeys.draft?.header[journey] ?? 0;
    return (told !== 0 ? told : this.header(journey).flags) & TCP_IDENTITY_FLAGS;
  }

  /** Whether its frame shows so much as the header of its transport; of TCP. */
  hasTransport(journey: number): boolean {
    if ((this.journeys.draft?.header[journey] ?? 0) !== 0) return true;
    return (this.header(journey).status & STATUS_TRANSPORT) !== 0;
  }

  private readHeader(journey: number): JourneyHeader {
    const { record } = this;
    const globalRow = this.firstRow(journey);
    const capture = captureOfRow(this.input, globalRow);
    const { table } = this.input.captures[capture];
    const row = globalRow - this.input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    record.flags = columns.flags[i];
    record.sequence = columns.sequence[i];
    record.acknowledgement = columns.acknowledgement[i];
    record.timestampValue = columns.timestampValue[i];
    record.timestampEcho = columns.timestampEcho[i];
    record.digest = columns.payloadDigest[i];
    record.status = columns.status[i];
    record.payload = table.payloadLength(row);
    const { shifts } = this.connections;
    if (shifts === undefined) return record;
    return withoutShift(shifts, this.legs.legOfRow[globalRow], columns.tuple[i] & 1, record);
  }

  /** Half of a proxied connection whose handshake this packet is of; 0: none. */
  halfOf(journey: number): number {
    const { shifts } = this.connections;
    if (shifts === undefined) return 0;
    const globalRow = this.firstRow(journey);
    const { columns, i, payload } = this.frame(globalRow);
    const leg = this.legs.legOfRow[globalRow];
    return halfOfOpening(shifts, leg, columns.tuple[i] & 1, readNumbers(columns, i), payload);
  }

  /** A packet of a handshake that a proxy answers before this point, where its next sighting was due: the connection's other half is there. */
  isTakenBefore(journey: number, point: number | undefined): boolean {
    const { shifts, firstLeg, legs, connectionOfLeg } = this.connections;
    const half = this.halfOf(journey);
    if (shifts === undefined || half === 0) return false;
    const connection = connectionOfLeg[this.legs.legOfRow[this.firstRow(journey)]];
    for (let l = firstLeg[connection]; l < firstLeg[connection + 1]; l += 1)
      if (this.legs.point[legs[l]] === point && shifts.half[legs[l]] === half) return false;
    return true;
  }

  private firstRow(journey: number): number {
    return this.journeys.sightingRow[this.journeys.firstSighting[journey]];
  }

  private frame(globalRow: number) {
    const capture = captureOfRow(this.input, globalRow);
    const { table } = this.input.captures[capture];
    const row = globalRow - this.input.rowBase[capture];
    return {
      columns: table.columnsOf(row),
      i: table.indexInBlock(row),
      payload: table.payloadLength(row),
    };
  }
}
