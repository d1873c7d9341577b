// Packets at the finest cut, all connections after each other, in columns: built once, then ordered by the routes.
import { GrowableColumn } from '../base/growable';
import { PROTOCOL_TCP } from '../model/protocols';
import { RUNG_KEY, RUNG_KEY_WITHOUT_TIMESTAMPS } from '../model/rung';
import type { Piece } from './byte-ranges';
import type { ConnectionRows } from './connection-rows';

/** A row a packet; its sightings are `firstSighting[r] … firstSighting[r + 1])` of the sighting columns, unordered. */
export interface PieceTable {
  readonly count: number;
  readonly connection: Uint32Array;
  readonly direction: Uint8Array;
  readonly ambiguous: Uint8Array;
  /** Raw sequence numbers of the payload; equal where it has none or is not TCP. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly firstSighting: Uint32Array;
  readonly sightingRow: Float64Array;
  /** 1: the frame carries more than this packet. */
  readonly sightingPartial: Uint8Array;
  /** By what it was joined: a code of lib/model/rung.ts. */
  readonly sightingRung: Uint8Array;
}

export class PieceTableBuilder {
  private readonly connection = new GrowableColumn(Uint32Array);
  private readonly direction = new GrowableColumn(Uint8Array);
  private readonly ambiguous = new GrowableColumn(Uint8Array);
  private readonly start = new GrowableColumn(Uint32Array);
  private readonly end = new GrowableColumn(Uint32Array);
  private readonly firstSighting = new GrowableColumn(Uint32Array);
  private readonly sightingRow = new GrowableColumn(Float64Array);
  private readonly sightingPartial = new GrowableColumn(Uint8Array);
  private readonly sightingRung = new GrowableColumn(Uint8Array);

  /** `timestamps`: they are part of the key (IdentityFields). */
  constructor(private readonly timestamps: boolean) {}

  add(connection: number, rows: ConnectionRows, piece: Piece): void {
    this.connection.push(connection);
    this.direction.push(rows.direction[piece.members[0]]);
    this.ambiguous.push(piece.ambiguous ? 1 : 0);
    this.start.push(piece.start);
    this.end.push(piece.end);
    this.firstSighting.push(this.sightingRow.length);
    piece.members.forEach((member, index) => {
      this.sightingRow.push(rows.globalRow[member]);
      this.sightingPartial.push(piece.partial[index] ? 1 : 0);
      this.sightingRung.push(this.rungOf(rows, member, piece.rungs[index]));
    });
  }

  /** A key of TCP says whether it had timestamps. */
  private rungOf(rows: ConnectionRows, member: number, rung: number): number {
    if (rung !== RUNG_KEY || rows.protocol !== PROTOCOL_TCP) return rung;
    const stamped = rows.timestampValue[member] !== 0 || rows.timestampEcho[member] !== 0;
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
      sightingPartial: this.sightingPartial.finish(),
      sightingRung: this.sightingRung.finish(),
    };
  }
}
