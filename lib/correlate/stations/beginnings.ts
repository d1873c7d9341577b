// Packets of each address that begin at each point: a row for both, as there may be very many clients.

const NO_MACS: ReadonlySet<string> = new Set();

export class Beginnings {
  readonly address: number[] = [];
  readonly point: number[] = [];
  readonly uses: number[] = [];
  /** Packets among them that no router has passed before. */
  readonly fresh: number[] = [];
  /** MACs that they are sent from; empty where links have none. */
  readonly macs: ReadonlySet<string>[] = [];
  /** By address: packets that begin anywhere. */
  readonly total = new Map<number, number>();
  private readonly rowOf = new Map<number, number>();
  private readonly alone = new Map<string, ReadonlySet<string>>();

  add(address: number, point: number, mac: string | null, uses: number, isFresh: boolean): void {
    const key = address * 65_536 + point;
    let row = this.rowOf.get(key);
    if (row === undefined) {
      row = this.address.push(address) - 1;
      this.rowOf.set(key, row);
      this.point.push(point);
      this.uses.push(0);
      this.fresh.push(0);
      this.macs.push(NO_MACS);
    }
    if (mac !== null && !this.macs[row].has(mac))
      this.macs[row] =
        this.macs[row].size === 0 ? this.setOf(mac) : new Set([...this.macs[row], mac]);
    this.uses[row] += uses;
    if (isFresh) this.fresh[row] += uses;
    this.total.set(address, (this.total.get(address) ?? 0) + uses);
  }

  /** The row of an address at a point. */
  find(address: number, point: number): number | undefined {
    return this.rowOf.get(address * 65_536 + point);
  }

  /** Nearly all addresses send from one MAC. */
  private setOf(mac: string): ReadonlySet<string> {
    const known = this.alone.get(mac);
    if (known !== undefined) return known;
    const set: ReadonlySet<string> = new Set([mac]);
    this.alone.set(mac, set);
    return set;
  }
}
