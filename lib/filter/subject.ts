// What a filter is asked about: one sighting (a frame) and the packet, connection and point it belongs to. One record is reused for all frames.
import type { LinkContext, Point } from '../model/capture';
import type { PacketColumns } from '../model/packet-columns';
import type { PacketTable } from '../model/packet-table';
import type { ProtocolLayer } from '../model/protocol-tree';
import type { TupleTable } from '../model/tuple-table';

/** A segment in its capture's stream; all undefined for a frame that is none. */
export interface StreamNumbers {
  readonly stream: number | undefined;
  /** Counted from the stream's first, as Wireshark shows them. */
  readonly sequence: number | undefined;
  readonly acknowledgement: number | undefined;
  /** Bits to shift the window by; `unknown`: no SYN of its sender was seen; `none`: not both sides offered it. */
  readonly windowShift: number | 'unknown' | 'none';
  /** ns since the stream's first segment, and since the one before (0 for the first). */
  readonly timeRelative: number | undefined;
  readonly timeDelta: number | undefined;
  /** Number of the frame whose segment it acknowledges to the byte, and ns since then; undefined: of none, or not for the first time. */
  readonly acknowledgedFrame: number | undefined;
  readonly acknowledgementTime: number | undefined;
}

export interface FilterSubject {
  readonly tuples: TupleTable;
  /** Row of the frame in its capture's table, and the columns that hold it at `index`. */
  table: PacketTable;
  row: number;
  columns: PacketColumns;
  index: number;
  link: LinkContext;
  file: string;
  interfaceName: string | null;
  point: Point;
  /** ns from the analysis' base (by the capture's own clock), and from the capture's first frame. */
  time: number;
  captureTime: number;
  /** ns since the frame before in the capture; 0 for the first. */
  timeDelta: number;
  /** Base of `time`, ns since 1970. */
  readonly baseTime: bigint;
  /** Found out when asked for. */
  readonly tcp: StreamNumbers;
  /** The datagram's stream in its capture; undefined for a frame that is none. */
  readonly udpStream: number | undefined;
  /** The packet's journey; null for a frame that is in none. */
  journey: JourneyFacts | null;
  /** Captured bytes and layers, where they were read; null: not read. */
  bytes: Uint8Array | null;
  layers: readonly ProtocolLayer[] | null;
}

/** What became of the packet, and what its connection is. */
export interface JourneyFacts {
  readonly fate: string;
  readonly reason: string;
  readonly direction: 'forward' | 'reverse';
  readonly ambiguous: boolean;
  readonly retransmission: boolean;
  readonly sightings: number;
  /** A stop's number at its point: 1, 2 …, and 0 for the way, 1 … for copies. */
  readonly passage: number;
  readonly branch: number;
  /** Names of the points it was lost between. */
  readonly lostFrom: string | null;
  readonly lostTo: string | null;
  /** Address or port differs from the sighting before on the way. */
  readonly translatedHere: boolean;
  /** … anywhere on the way. */
  readonly translated: boolean;
  /** ns from the sighting before on the way, by the reference clock; null at the first. */
  readonly hopLatency: number | null;
  /** ns from first to last sighting on the way. */
  readonly latency: number | null;
  readonly connection: ConnectionFacts;
}

export interface ConnectionFacts {
  readonly id: string;
  readonly client: string;
  readonly server: string;
  readonly state: string;
  readonly handshake: string | null;
  readonly close: string | null;
  /** `client`, `server`, `between` (lib/model/closing.ts), and the name of the point that saw it first; undefined: nobody closed it. */
  readonly closedBy: string | undefined;
  readonly closedAt: string | undefined;
  readonly lost: number;
  readonly retransmissions: number;
  readonly packets: number;
  /** ns. */
  readonly duration: number;
  readonly rules: readonly string[];
  readonly severities: readonly string[];
}
