// What a pcapng file says beside its packets: comments, and how many packets were dropped.

/** More comments than a person reads are not kept. */
const MAXIMUM_COMMENTS = 1000;

export class PcapngNotes {
  readonly comments: string[] = [];
  private readonly interfaceDrops = new Map<number, number>();
  /** Sum over packet blocks; null while none says anything. */
  private packetDrops: number | null = null;

  /** Packets dropped, by the interfaces' statistics or by the packet blocks, whichever says more; null where nothing does. */
  get dropped(): number | null {
    if (this.interfaceDrops.size === 0) return this.packetDrops;
    let sum = 0;
    for (const count of this.interfaceDrops.values()) sum += count;
    return Math.max(sum, this.packetDrops ?? 0);
  }

  addComment(text: string): void {
    if (this.comments.length < MAXIMUM_COMMENTS) this.comments.push(text);
  }

  /** Dropped between this packet and the one before. */
  addPacketDrops(count: number): void {
    this.packetDrops = (this.packetDrops ?? 0) + count;
  }

  /** Counters run from the start of the capture: the last word of an interface is its sum. */
  setInterfaceDrops(index: number, count: number): void {
    this.interfaceDrops.set(index, count);
  }
}
