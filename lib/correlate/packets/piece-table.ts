// Packets at the finest cut, all connections after each other, in columns: built once, then ordered by the routes.
import { GrowableColumn } from '../../base/growable';
import { sequenceAdd } from '../../base/sequence-number';
import { PROTOCOL_TCP } from '../../model/protocols';
import { RUNG_KEY, RUNG_KEY_WITHOUT_TIMESTAMPS, RUNG_PACKET_ID } from '../../model/rung';
import { TCP_IDENTITY_FLAGS } from '../../model/tcp-flags';
import type { EchoTable } from '../identities/echoes';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import type { ConnectionRows } from './connection-rows';

/**
 * Bit of a packet's `header`, beside those of TCP_IDENTITY_FLAGS: all its frames carry its very bytes, of TCP under these flags. Without it
 * the frame itself must be asked.
 */
export const HEADER_TOLD = 0x80;

/** A row a packet; its sightings are `firstSighting[r] … firstSighting[r + 1])` of the sighting columns, unordered. */
export interface PieceTable {
  readonly count: number;
  readonly connection: Uint32Array;
  readonly direction: Uint8Array;
  readonly ambiguous: Uint8Array;
  /** Raw sequence numbers of the payload, of a datagram in fragments its bytes from 0; equal where it has none, or is a whole datagram. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** HEADER_TOLD, and the flags then. */
  readonly header: Uint8Array;
  readonly firstSighting: Uint32Array;
  readonly sightingRow: Uint32Array;
  /** ns after the analysis' base by the reference clock. */
  readonly sightingTime: Float64Array;
  /** ns after its capture's base by its own clock. */
  readonly sightingOwnTime: Float64Array;
  /** By what it was joined: a code of lib/model/rung.ts. RUNG_BYTES: the frame carries more than this packet. */
  readonly sightingRung: Uint8Array;
}

export class PieceTableBuilder {
  /** First packet of the connection that is added. */
  firstOfConnection = 0;
  /** Of the connection that is added: the frame (index into ConnectionRows) of each sighting. */
  readonly frames = new GrowableColumn(Uint32Array);
  private readonly connection = new GrowableColumn(Uint32Array);
  private readonly direction = new GrowableColumn(Uint8Array);
  private readonly ambiguous = new GrowableColumn(Uint8Array);
  private readonly start = new GrowableColumn(Uint32Array);
  private readonly end = new GrowableColumn(Uint32Array);
  private readonly header = new GrowableColumn(Uint8Array);
  private readonly firstSighting = new GrowableColumn(Uint32Array);
  private readonly sightingRow: GrowableColumn<Uint32Array<ArrayBuffer>>;
  private readonly sightingTime: GrowableColumn<Float64Array<ArrayBuffer>>;
  private readonly sightingOwnTime: GrowableColumn<Float64Array<ArrayBuffer>>;
  private readonly sightingRung: GrowableColumn<Uint8Array<ArrayBuffer>>;
  private rows: ConnectionRows | undefined;
  private index = 0;
  private isTcp = false;
  /** Whether frames of this connection may tell their packets' headers. */
  private areTold = false;
  private openPacket = false;
  private lastStart = 0;
  private lastEnd = 0;
  /** For echoes. */
  private readonly cursor: RowCursor;

  /** `timestamps`: they are part of the key (IdentityFields). `frames`: how many there are, each a sighting at least. */
  constructor(
    private readonly timestamps: boolean,
    /** Keys are the packet ids of the capture. */
    private readonly byPacketIds: boolean,
    private readonly echoes: EchoTable,
    frames: number,
    input: CorrelationInput,
  ) {
    this.cursor = new RowCursor(input);
    this.sightingRow = new GrowableColumn(Uint32Array, frames);
    this.sightingTime = new GrowableColumn(Float64Array, frames);
    this.sightingOwnTime = new GrowableColumn(Float64Array, frames);
    this.sightingRung = new GrowableColumn(Uint8Array, frames);
  }

  get count(): number {
    return this.connection.length;
  }

  /** `isFragmented`: some of its frames are fragments. */
  startConnection(connection: number, rows: ConnectionRows, isFragmented: boolean): void {
    this.index = connection;
    this.isTcp = rows.protocol === PROTOCOL_TCP;
    this.areTold = !isFragmented && !this.byPacketIds;
    this.rows = rows;
    this.firstOfConnection = this.count;
    this.frames.length = 0;
  }

  /** A packet, of which at least one sighting follows. */
  begin(ambiguous: boolean, start: number, end: number): void {
    const { connection, ambiguous: marks, start: starts, end: ends, firstSighting } = this;
    // One index in all: each column has a value a packet.
    const at = connection.claim();
    marks.claim();
    this.direction.claim();
    this.header.claim();
    starts.claim();
    ends.claim();
    firstSighting.claim();
    connection.values[at] = this.index;
    marks.values[at] = ambiguous ? 1 : 0;
    starts.values[at] = start;
    ends.values[at] = end;
    firstSighting.values[at] = this.sightingRow.length;
    this.lastStart = start;
    this.lastEnd = end;
    this.openPacket = true;
  }

  /** A sighting and its echoes. `frame`: index into the connection's rows; echoes have their frame's. */
  addSighting(frame: number, rung: number): void {
    const rows = this.rows!;
    const packet = this.count - 1;
    const told = this.headerOf(rows, frame);
    const { header } = this;
    if (this.openPacket) {
      this.direction.values[packet] = rows.direction[frame];
      header.values[packet] = told;
      this.openPacket = false;
    } else if (header.values[packet] !== told) header.values[packet] = 0;
    this.note(frame, rows.globalRow[frame], rows.ownTime[frame], this.rungOf(rows, frame, rung));
    if (!this.echoes.isEmpty) this.addEchoes(rows, frame);
  }

  private addEchoes(rows: ConnectionRows, frame: number): void {
    for (const echo of this.echoes.of(rows.globalRow[frame])) {
      this.header.values[this.count - 1] = 0;
      const i = this.cursor.seek(echo);
      this.note(frame, echo, this.cursor.columns.time[i], RUNG_KEY);
    }
  }

  /** An echo is as late as the frame that it echoes: for the order of stations it is the same sighting. */
  private note(frame: number, row: number, ownTime: number, rung: number): void {
    const { frames, sightingRow, sightingTime, sightingOwnTime, sightingRung } = this;
    const own = frames.claim();
    frames.values[own] = frame;
    const at = sightingRow.claim();
    sightingTime.claim();
    sightingOwnTime.claim();
    sightingRung.claim();
    sightingRow.values[at] = row;
    sightingTime.values[at] = this.rows!.time[frame];
    sightingOwnTime.values[at] = ownTime;
    sightingRung.values[at] = rung;
  }

  /** What the frame says of the packet's header; 0 where it does not carry its very bytes, or has no header (identity 0). */
  private headerOf(rows: ConnectionRows, frame: number): number {
    const { lastStart, lastEnd } = this;
    if (!this.areTold) return 0;
    if (!this.isTcp) return lastStart === 0 && lastEnd === 0 ? HEADER_TOLD : 0;
    const sequence = rows.sequence[frame];
    return rows.identity[frame] !== 0 &&
      sequence === lastStart &&
      sequenceAdd(sequence, rows.payload[frame]) === lastEnd
      ? HEADER_TOLD | (rows.flags[frame] & TCP_IDENTITY_FLAGS)
      : 0;
  }

  /** How many sightings the packet has, one of the connection that is added. */
  sightingCount(packet: number): number {
    const { values } = this.firstSighting;
    const end = packet + 1 < this.count ? values[packet + 1] : this.sightingRow.length;
    return end - values[packet];
  }

  /** A key of TCP says whether it had timestamps. */
  private rungOf(rows: ConnectionRows, frame: number, rung: number): number {
    if (rung === RUNG_KEY && this.byPacketIds) return RUNG_PACKET_ID;
    if (rung !== RUNG_KEY || rows.protocol !== PROTOCOL_TCP) return rung;
    const stamped = rows.timestampValue[frame] !== 0 || rows.timestampEcho[frame] !== 0;
    return this.timestamps && stamped ? RUNG_KEY : RUNG_KEY_WITHOUT_TIMESTAMPS;
  }

  finish(): PieceTable {
    const count = this.connection.length;
    this.firstSighting.push(this.sightingRow.length);
    return {
      count,
      connection: this.connection.view(),
      direction: this.direction.view(),
      ambiguous: this.ambiguous.view(),
      start: this.start.view(),
      end: this.end.view(),
      header: this.header.view(),
      firstSighting: this.firstSighting.view(),
      sightingRow: this.sightingRow.view(),
      sightingTime: this.sightingTime.view(),
      sightingOwnTime: this.sightingOwnTime.view(),
      sightingRung: this.sightingRung.view(),
    };
  }
}
