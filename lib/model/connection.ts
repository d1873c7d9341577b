// A connection as it leaves the engine: the legs, across points and across NAT, that are one conversation of two sockets.
// The same shape stands in the command line's JSON, in a snapshot and before the rules.
export type Direction = 'forward' | 'reverse';
export type TranslationKind = 'dnat' | 'snat' | 'un-dnat' | 'un-snat';
export type Handshake = 'complete' | 'failed' | 'unseen';
export type Close = 'fin' | 'reset' | 'open' | 'timeout';

export type Side = 'client' | 'server';

/** Who ended a TCP connection. */
export interface Closing {
  /** Of `fin`: whose FIN came first; of `reset`: in whose name it was sent; of `timeout`: whose packets went unanswered; of `open`: who sent a FIN alone, null where nobody did. */
  readonly by: Side | null;
  /** Stop at which that FIN, that reset or the last of those packets was seen first; null where nobody ended it. */
  readonly at: string | null;
  /** Of `reset`: whose FIN came before it; null: nobody's. */
  readonly finBefore: Side | null;
  /** Of `reset`: the outermost point of its sender's side saw it too; where it did not, something on the way may have made it. */
  readonly fromSender: boolean;
}

/** One 5-tuple conversation as one point saw it, written client first. */
export interface Leg {
  readonly point: string;
  readonly client: string;
  readonly server: string;
}

/** A rewrite of address or port between two stops. `before` and `after`: the endpoint rewritten, `10.0.0.1:80`. */
export interface Translation {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly kind: TranslationKind;
  readonly before: string;
  readonly after: string;
}

export interface LossCount {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly count: number;
}

export interface ConnectionSummary {
  /** Stable: from the fingerprint of the capture and the number of the connection's first frame. */
  readonly id: string;
  /** `tcp`, `udp`, `icmp`, `arp` … */
  readonly protocol: string;
  /** Endpoints as seen nearest to the client. */
  readonly client: string;
  readonly server: string;
  /** Ids of the points that saw it, in path order of the forward direction. */
  readonly points: readonly string[];
  readonly legs: readonly Leg[];
  readonly translations: readonly Translation[];
  readonly handshake: Handshake | null;
  readonly close: Close | null;
  /** Absent where the protocol has no close, and in older snapshots. */
  readonly closing?: Closing;
  readonly retransmissions: number;
  readonly journeys: number;
  readonly delivered: number;
  readonly lost: number;
  readonly missed: number;
  readonly unknown: number;
  readonly losses: readonly LossCount[];
  /** Reference time of the first and last sighting, ns after the analysis' base. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Stops of the way, in order: ids such as `p3/2`. Empty where the direction was not seen. */
  readonly forwardStops: readonly string[];
  readonly reverseStops: readonly string[];
}

/** How sure it is that one stop comes before another, and what says so. */
export interface OrderGround {
  /** `tie`: nothing tells; they stand in order of file name. */
  readonly confidence: 'certain' | 'likely' | 'tie';
  readonly ground: /** The TTL falls. */
    | 'ttl'
    /** Times on one clock, or beyond the clocks' bound. */
    | 'time'
    /** Times of both directions compared: what clocks are off cancels. */
    | 'both-directions'
    /** One of them is the sender's or the receiver's own interface, or its host end. */
    | 'ends'
    /** One frame's receiver is the next one's sender: a router or balancer passed it on. */
    | 'macs'
    /** A packet leaves a host once: the host with higher TTLs comes first. */
    | 'hosts'
    | 'none';
}

/** Latency and loss between two successive stops. Latencies in ns; `error` bounds what clocks make of them: 0 where both stops are proven to have one clock, null where nothing bounds it. */
export interface HopSummary {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly journeys: number;
  readonly lost: number;
  /** Packets that a later one of their connection overtook here (RFC 4737); absent in older snapshots. */
  readonly reordered?: number;
  /** Packets that came to `to` once more than they left `from`; absent in older snapshots. */
  readonly duplicated?: number;
  readonly latencyNs: {
    readonly min: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
    readonly error: number | null;
  } | null;
  /** Frames that offloads or fragmentation cut or joined here: medians of how long their first byte took, and their last. Absent where there are none. */
  readonly cutFrames?: {
    readonly frames: number;
    readonly firstByteNs: number;
    readonly lastByteNs: number;
  };
  /** How sure the order of the two is; absent in older snapshots. */
  readonly order?: OrderGround;
}

/** A segment of a host's clock: reference time = time − (offsetNs + driftPpm·1e-6·(time − epoch)). Times in ns since 1970, decimal. */
export interface ClockSegment {
  readonly from: string;
  readonly to: string;
  readonly epoch: string;
  readonly offsetNs: number;
  readonly driftPpm: number;
  /** The greatest error at any moment from `from` to `to`; null: packets ran one way only, and nothing bounds it. */
  readonly errorNs: number | null;
  /** The clock stepped somewhere in here, and either neighbour's line may hold; absent in older snapshots. */
  readonly unsure?: true;
}

export interface HostClock {
  readonly host: string;
  readonly reference: string;
  readonly state: 'reference' | 'solved' | 'one-way' | 'unknown';
  readonly samples: number;
  readonly segments: readonly ClockSegment[];
  /** How sure it is that its captures are of one host; absent where it has one alone, and in older snapshots. */
  readonly shared?: HostSharing;
}

/** `certain`: packets both ways leave the clocks of its captures no room to differ: one clock. `likely`: they are taken to be of one host. `by-hand`: someone said so. */
export interface HostSharing {
  readonly confidence: 'certain' | 'likely' | 'by-hand';
  /** The greatest by which their clocks may differ; null: nothing bounds it. */
  readonly apartNs: number | null;
}
