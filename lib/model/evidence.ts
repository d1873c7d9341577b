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

/** A counter that only rises, in the order of the file. */
export interface CounterSeries {
  /** `conntrack insert_failed`, `TcpExtListenOverflows`, `softnet dropped`, `flow table=10,priority=10,ct_state=+inv+trk actions=drop`. */
  readonly name: string;
  readonly samples: readonly CounterSample[];
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

export type Evidence = InterfaceEvidence | CounterEvidence;
