// What an ICMP or ICMPv6 error quotes of the packet that it is about (sparse table `quotes`), as rules see it.
import type { FrameReference } from './finding';

/** A row of the sparse table `quotes`: file and frame are the error's. */
export interface Quote extends FrameReference {
  /** Endpoints as the error names them: those of the link where it was seen, as translations rewrite quotes too. Without ports where none are quoted. */
  readonly source: string;
  readonly destination: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** TCP: sequence number, raw; else the DNS id or echo number; 0: not quoted. */
  readonly sequence: number;
  /** Digest of the payload that is quoted; 0: too little of it. */
  readonly payloadDigest: number;
  readonly ttl: number;
  /** Bytes of the IP packet by its own header; 0: it does not say. */
  readonly length: number;
  /** Of the next hop; 0: the error says none. */
  readonly mtu: number;
}
