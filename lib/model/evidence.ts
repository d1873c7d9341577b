// What operators collected beside the captures, read: what it says, not yet what it is of.

/** An interface as `ip a` lists it. */
export interface InterfaceRecord {
  /** The kernel's number, as SLL2 has it. */
  readonly ifindex: number;
  /** `tun0`, without the peer behind `@`. */
  readonly name: string;
  /** `0a:58:0a:80:02:01`; null: none, or not listed. */
  readonly mac: string | null;
}

/** The interfaces of one network namespace, each number once. */
export type InterfaceList = readonly InterfaceRecord[];

export interface Evidence {
  readonly kind: 'interfaces';
  readonly lists: readonly InterfaceList[];
}
