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

/** A counter at one moment. */
export interface CounterSample {
  /** In the file, from 1. */
  readonly line: number;
  /** Milliseconds since 1970; null: the file does not say, or not in which zone. */
  readonly timeMs: number | null;
  readonly value: number;
}

/** A counter, in the order of the file. */
export interface CounterSeries {
  /** `conntrack insert_failed`, `TcpExtListenOverflows`, `softnet dropped`, `flow table=10,priority=10,ct_state=+inv+trk actions=drop`. */
  readonly name: string;
  /** A level, which falls as well; else it only rises: `conntrack count`, `conntrack max`, `cpu 3 %soft`. */
  readonly isLevel: boolean;
  readonly samples: readonly CounterSample[];
}

/** A conversation's ends, as the side that began it sees them. */
export interface TrackedTuple {
  readonly client: string;
  readonly server: string;
}

/** An entry of connection tracking: under which addresses a connection was asked for, and under which its answers come. */
export interface TrackedEntry {
  /** In the file, from 1. */
  readonly line: number;
  readonly timeMs: number | null;
  readonly protocol: string;
  /** `TIME_WAIT`; null: it has none. */
  readonly state: string | null;
  readonly original: TrackedTuple;
  /** The answers' tuple, turned round: equal to `original` where nothing is translated. */
  readonly reply: TrackedTuple;
}

export interface InterfaceEvidence {
  readonly kind: 'interfaces';
  readonly lists: readonly InterfaceList[];
}

export interface CounterEvidence {
  readonly kind: 'counters';
  /** Name as given. */
  readonly file: string;
  readonly series: readonly CounterSeries[];
}

export interface TrackingEvidence {
  readonly kind: 'tracking';
  readonly file: string;
  readonly entries: readonly TrackedEntry[];
}

export type Evidence = InterfaceEvidence | CounterEvidence | TrackingEvidence;
