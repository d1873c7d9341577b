// Packets at the finest cut, all connections after each other, in columns: built once, then ordered by the routes.
import { GrowableColumn } from '../../base/growable';
import { PROTOCOL_TCP } from '../../model/protocols';
import { RUNG_KEY, RUNG_KEY_WITHOUT_TIMESTAMPS, RUNG_PACKET_ID } from '../../model/rung';
import type { EchoTable } from '../identities/echoes';
import type { ConnectionRows } from './connection-rows';

/** A row a packet; its sightings are `firstSighting[r] … firstSighting[r + 1])` of the sighting columns, unordered. */
export interface PieceTable {
  readonly count: number;
  readonly connection: Uint32Array;
  readonly direction: Uint8Array;
  readonly ambiguous: Uint8Array;
  /** Raw sequence numbers of the payload, of a datagram in fragments its bytes from 0; equal where it has none, or is a whole datagram. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly firstSighting: Uint32Array;
  readonly sightingRow: Uint32Array;
  /** ns after the analysis' base by the reference clock. */
  readonly sightingTime: Float64Array;
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
  private readonly firstSighting = new GrowableColumn(Uint32Array);
  private readonly sightingRow: GrowableColumn<Uint32Array<ArrayBuffer>>;
  private readonly sightingTime: GrowableColumn<Float64Array<ArrayBuffer>>;
  private readonly sightingRung: GrowableColumn<Uint8Array<ArrayBuffer>>;
  private rows: ConnectionRows | undefined;
  private index = 0;
  private openPacket = false;

  /** `timestamps`: they are part of the key (IdentityFields). `frames`: how many there are, each a sighting at least. */
  constructor(
    private readonly timestamps: boolean,
    /** Keys are the packet ids of the capture. */
    private readonly byPacketIds: boolean,
    private readonly echoes: EchoTable,
    frames: number,
  ) {
    this.sightingRow = new GrowableColumn(Uint32Array, frames);
    this.sightingTime = new GrowableColumn(Float64Array, frames);
    this.sightingRung = new GrowableColumn(Uint8Array, frames);
  }

  get count(): number {
    return this.connection.length;
  }

  startConnection(connection: number, rows: ConnectionRows): void {
    this.index = connection;
    this.rows = rows;
    this.firstOfConnection = this.count;
    this.frames.length = 0;
  }

  /** A packet, of which at least one sighting follows. */
  begin(ambiguous: boolean, start: number, end: number): void {
    this.connection.push(this.index);
    this.ambiguous.push(ambiguous ? 1 : 0);
    this.start.push(start);
    this.end.push(end);
    this.firstSighting.push(this.sightingRow.length);
    this.openPacket = true;
  }

  /** A sighting and its echoes. `frame`: index into the connection's rows; echoes have their frame's. */
  addSighting(frame: number, rung: number): void {
    const rows = this.rows!;
    if (this.openPacket) this.direction.push(rows.direction[frame]);
    this.openPacket = false;
    this.frames.push(frame);
    this.sightingRow.push(rows.globalRow[frame]);
    this.sightingTime.push(rows.time[frame]);
    this.sightingRung.push(this.rungOf(rows, frame, rung));
    if (this.echoes.isEmpty) return;
    for (const echo of this.echoes.of(rows.globalRow[frame])) {
      this.frames.push(frame);
      this.sightingRow.push(echo);
      // As late as the frame that it echoes: for the order of stations it is the same sighting.
      this.sightingTime.push(rows.time[frame]);
      this.sightingRung.push(RUNG_KEY);
    }
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
      connection: this.connection.finish(),
      direction: this.direction.finish(),
      ambiguous: this.ambiguous.finish(),
      start: this.start.finish(),
      end: this.end.finish(),
      firstSighting: this.firstSighting.finish(),
      sightingRow: this.sightingRow.finish(),
      sightingTime: this.sightingTime.finish(),
      sightingRung: this.sightingRung.finish(),
    };
  }
}
