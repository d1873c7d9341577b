// One frame decoded for a reader: layers of fields, each with Wireshark's name, its value as text and its bytes.

export interface ProtocolField {
  /** Wireshark's display-filter name: `tcp.srcport`; empty for a group that its filter language has no name for. */
  readonly name: string;
  /** Words for people: `Source port`. */
  readonly label: string;
  readonly value: string;
  /** Bytes of the frame; length 0: derived, not in the frame. */
  readonly start: number;
  readonly length: number;
  /** The value is wrong: a checksum that does not fit, an option that is cut. */
  readonly isWrong?: true;
  readonly children?: readonly ProtocolField[];
}

export interface ProtocolLayer {
  /** `eth`, `ip`, `tcp` … */
  readonly name: string;
  /** `Ethernet`, `IPv4`, `TCP` */
  readonly title: string;
  /** The line shown while the layer is folded. */
  readonly summary: string;
  readonly start: number;
  readonly length: number;
  readonly fields: readonly ProtocolField[];
}

export interface FrameDetail {
  readonly file: string;
  readonly frame: number;
  /** Nanoseconds since 1970, decimal. */
  readonly time: string;
  readonly capturedLength: number;
  readonly wireLength: number;
  readonly layers: readonly ProtocolLayer[];
  /** What the capture's file notes on the frame. */
  readonly comments: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}
