// Captures, link contexts and capture points: where frames were seen.
import type { SplitBy } from './corrections';
import type { PointRole } from './point-role';

/** Something a reader should know about a capture. `offset` is the byte in the (decompressed) file where it was noticed. */
export interface CaptureWarning {
  readonly code:
    | 'cut-short'
    | 'damaged'
    | 'not-a-capture'
    | 'unreadable'
    | 'unsupported-format'
    | 'unknown-link-type'
    | 'unknown-block'
    | 'time-missing'
    | 'time-range'
    | 'snaplen'
    | 'interfaces-untold'
    | 'link-contexts'
    | 'storage-full'
    | 'empty';
  readonly text: string;
  readonly offset?: number;
}

/** Link type of what stands among the packets of a capture and is none: it is not decoded. */
export const NO_LINK_TYPE = 0xffff;

/** One interface of a capture file: pcap has exactly one, pcapng one for each Interface Description Block, numbered through all sections. */
export interface CaptureInterface {
  readonly name: string | null;
  readonly description: string | null;
  readonly linkType: number;
  readonly snaplen: number;
  /** What else the file says of it; absent where it says nothing. */
  readonly details?: InterfaceDetails;
}

/** Options of a pcapng Interface Description Block, as written. */
export interface InterfaceDetails {
  /** Capture filter (if_filter), `host 10.0.0.1`. */
  readonly filter?: string;
  readonly os?: string;
  readonly hardware?: string;
  /** `10.0.0.1/24`, `fd00::1/64`. */
  readonly addresses?: readonly string[];
  readonly mac?: string;
  /** Bits per second. */
  readonly speed?: number;
  /** Frame check sequence at the end of each frame. */
  readonly checkBytes?: number;
  /** if_tzone: without a meaning that writers agree on. */
  readonly timeZone?: number;
}

/** A name that the file gives an address: a label, never an identity. */
export interface AddressName {
  readonly address: string;
  readonly name: string;
}

/** What a capture file says of itself, complete once it is read. */
export interface CaptureSummary {
  /** `pcap`, `pcap-ns`, `pcap-modified`, `pcapng`. */
  readonly format: string;
  readonly frames: number;
  readonly bytes: number;
  /** Base of the `time` column, nanoseconds since 1970, decimal. */
  readonly baseTime: string;
  /** Least and greatest time of any frame relative to the base, ns; null without frames. */
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  /** Greatest snapshot length that an interface declares; 0: none declared. */
  readonly snaplen: number;
  /** Packets the capture says it dropped, null where the format or the tool does not say. */
  readonly dropped: number | null;
  readonly interfaces: readonly CaptureInterface[];
  readonly comments: readonly string[];
  /** pcapng's name resolution blocks; absent where there are none. */
  readonly names?: readonly AddressName[];
  readonly warnings: readonly CaptureWarning[];
  /** Digest of all frames' times, lengths and bytes' beginnings: the same file under another name has the same. 16 hex digits. */
  readonly fingerprint: string;
}

export interface Tunnel {
  readonly kind: 'vxlan' | 'geneve' | 'gre' | 'ipip' | 'erspan' | 'mpls-in-udp';
  /** VXLAN or Geneve network identifier, GRE key; null where there is none. */
  readonly identifier: number | null;
  /** Outer addresses as text. */
  readonly source: string;
  readonly destination: string;
  /** Geneve's options, each class, type and data in hex digits: `0102-80-00010002+0103-01`; absent where there are none. */
  readonly options?: string;
  /** VXLAN-GPE's header, which has no group policy; absent elsewhere. */
  readonly generic?: true;
  /** VXLAN's group policy (bits G, A and D); absent where the header has none. */
  readonly group?: GroupPolicy;
}

export interface GroupPolicy {
  readonly id: number;
  /** The policy was applied already. */
  readonly applied: boolean;
  /** The source is not to be learned. */
  readonly unlearned: boolean;
}

export type ShellName = 'vlan' | 'session' | 'label' | 'tunnel';

/** What all frames with one `link` value share below IP. Interned per capture. */
export interface LinkContext {
  /** Index in CaptureSummary.interfaces. */
  readonly interface: number;
  /** SLL2's interface index, null elsewhere. */
  readonly ifindex: number | null;
  readonly direction: 'in' | 'out' | 'unknown';
  /** Innermost Ethernet addresses `0a:58:0a:80:03:ca`; null where the link has none. */
  readonly sourceMac: string | null;
  readonly destinationMac: string | null;
  readonly vlans: readonly number[];
  /** MPLS labels, outermost first; absent where there are none. */
  readonly labels?: readonly number[];
  /** PPPoE's session; absent where there is none. */
  readonly session?: number;
  /** Outermost first. */
  readonly tunnels: readonly Tunnel[];
  /** The order of all these from outside; absent where none but a tunnel lies within a tunnel: then they stand in the order of SHELL_NAMES. */
  readonly shells?: readonly ShellName[];
  /** On links that name no interface (SLL v1): how many frames alike in every byte came in the same moment before. Each is taken for another interface. */
  readonly occurrence: number;
}

/** Points of one capture: no host has as many that are worth a lane, and what is compared between points grows with their square. */
export const MOST_POINTS = 512;

/** What makes frames of one capture those of one point; sorts by interface. */
export const placeKey = ({ interface: number, ifindex, occurrence }: LinkContext): string =>
  [
    String(number).padStart(6, '0'),
    String(ifindex ?? 0).padStart(10, '0'),
    String(occurrence).padStart(3, '0'),
  ].join('/');

/** A place where packets were seen: (file, interface, and for cooked captures the ifindex). */
export interface Point {
  /** `p1` …, numbered by file name and interface. */
  readonly id: string;
  /** Index of the capture in the analysis. */
  readonly capture: number;
  readonly name: string;
  readonly interface: string | null;
  /** Id of the host, shared by points with one clock. */
  readonly host: string;
  readonly frames: number;
  /** What corrections by hand name it by: its capture's fingerprint, and its key there (placeKey). Absent in snapshots. */
  readonly place?: { readonly capture: string; readonly key: string };
  /** What its frames can be told apart by, if someone takes it for several points; absent where by nothing. */
  readonly splits?: readonly SplitBy[];
  /** Who it is, as its traffic tells; absent where it does not. */
  readonly role?: PointRole;
}
