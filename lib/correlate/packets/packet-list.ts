// Packets of one connection in columns, filled anew for each connection: packets.ts forms them, byte-ranges.ts cuts them.
import { GrowableColumn } from '../../base/growable';

export class PacketList {
  count = 0;
  private readonly firstMembers = new GrowableColumn(Uint32Array);
  private readonly members = new GrowableColumn(Uint32Array);
  private readonly ambiguous = new GrowableColumn(Uint8Array);
  private readonly rungs = new GrowableColumn(Uint8Array);

  clear(): void {
    this.count = 0;
    for (const column of [this.firstMembers, this.members, this.ambiguous, this.rungs])
      column.length = 0;
  }

  /**
   * A packet of the frames `members[from … to)`: indices into ConnectionRows, by reference time. `ambiguous`: others were alike in everything and near
   * in time, joined in order. `rung`: by what the frames were joined, a code of lib/model/rung.ts.
   */
  add(
    members: readonly number[],
    from: number,
    to: number,
    ambiguous: boolean,
    rung: number,
  ): void {
    this.firstMembers.push(this.members.length);
    for (let i = from; i < to; i += 1) this.members.push(members[i]);
    this.ambiguous.push(ambiguous ? 1 : 0);
    this.rungs.push(rung);
    this.count += 1;
  }

  /** The same of frames that lie in order, of one content. */
  addRun(order: Uint32Array, from: number, to: number, rung: number): void {
    const { firstMembers, members, ambiguous, rungs } = this;
    const at = firstMembers.claim();
    ambiguous.claim();
    rungs.claim();
    firstMembers.values[at] = members.length;
    ambiguous.values[at] = 0;
    rungs.values[at] = rung;
    for (let i = from; i < to; i += 1) {
      const place = members.claim();
      members.values[place] = order[i];
    }
    this.count += 1;
  }

  /** The frame that stands for the packet: its earliest. */
  key(packet: number): number {
    return this.members.values[this.firstMembers.values[packet]];
  }

  /** The packet's frames are `member(from(packet)) … member(to(packet) − 1)`. */
  from(packet: number): number {
    return this.firstMembers.values[packet];
  }

  to(packet: number): number {
    return packet + 1 < this.count ? this.firstMembers.values[packet + 1] : this.members.length;
  }

  member(index: number): number {
    return this.members.values[index];
  }

  isAmbiguous(packet: number): boolean {
    return this.ambiguous.values[packet] === 1;
  }

  rung(packet: number): number {
    return this.rungs.values[packet];
  }
}
