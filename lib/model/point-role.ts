// Who a point is, told from its traffic alone. A name given by a user always goes before it.

export interface PointRole {
  /**
   * `end`: an address' own interface, or the nearest to it that was captured. `host-end`: the other end of an end's veth. `edge`: several
   * addresses come in here from outside. `translator`: shows packets before and after their addresses change. `router`: shows them before
   * and after their TTL falls. `underlay`: carries them encapsulated.
   */
  readonly kind: 'end' | 'host-end' | 'edge' | 'translator' | 'router' | 'underlay';
  /** The address it is the end, or the host end, of; null elsewhere. */
  readonly address: string | null;
  readonly confidence: 'certain' | 'likely';
  /** A few words for a lane's head: `own interface of 10.128.3.202`. */
  readonly text: string;
  /** What says so, in sentences. */
  readonly grounds: readonly string[];
}
