// What follows an IP header, by IANA's protocol number.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from '../model/protocols';
import {
  NEXT_AH,
  NEXT_ETHERNET,
  NEXT_GRE,
  NEXT_ICMP,
  NEXT_ICMPV6,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_MPLS,
  NEXT_PAYLOAD,
  NEXT_SCTP,
  NEXT_TCP,
  NEXT_UDP,
} from './decoded-frame';

import { named } from './field';

export const PROTOCOL_IPIP = 4;
export const PROTOCOL_IPV6_IN_IP = 41;
export const PROTOCOL_GRE = 47;
const PROTOCOL_AH = 51;
export const PROTOCOL_SCTP = 132;
/** RFC 8986 section 4.12. */
const PROTOCOL_ETHERNET = 143;
/** RFC 4023. */
const PROTOCOL_MPLS_IN_IP = 137;

export const nextOfProtocol = (protocol: number): number => {
  switch (protocol) {
    case PROTOCOL_TCP:
      return NEXT_TCP;
    case PROTOCOL_UDP:
      return NEXT_UDP;
    case PROTOCOL_ICMP:
      return NEXT_ICMP;
    case PROTOCOL_ICMPV6:
      return NEXT_ICMPV6;
    case PROTOCOL_IPIP:
      return NEXT_IPV4;
    case PROTOCOL_IPV6_IN_IP:
      return NEXT_IPV6;
    case PROTOCOL_ETHERNET:
      return NEXT_ETHERNET;
    case PROTOCOL_MPLS_IN_IP:
      return NEXT_MPLS;
    case PROTOCOL_GRE:
      return NEXT_GRE;
    case PROTOCOL_AH:
      return NEXT_AH;
    case PROTOCOL_SCTP:
      return NEXT_SCTP;
    default:
      return NEXT_PAYLOAD;
  }
};

const NAMES: Readonly<Record<number, string>> = {
  0: 'hop-by-hop options',
  [PROTOCOL_ICMP]: 'ICMP',
  2: 'IGMP',
  [PROTOCOL_IPIP]: 'IPv4 in IP',
  [PROTOCOL_TCP]: 'TCP',
  [PROTOCOL_UDP]: 'UDP',
  [PROTOCOL_IPV6_IN_IP]: 'IPv6 in IP',
  43: 'routing header',
  44: 'fragment header',
  [PROTOCOL_GRE]: 'GRE',
  50: 'ESP',
  [PROTOCOL_AH]: 'AH',
  [PROTOCOL_ICMPV6]: 'ICMPv6',
  59: 'nothing',
  60: 'destination options',
  89: 'OSPF',
  112: 'VRRP',
  [PROTOCOL_SCTP]: 'SCTP',
  [PROTOCOL_ETHERNET]: 'Ethernet in IP',
  [PROTOCOL_MPLS_IN_IP]: 'MPLS in IP',
};

/** `TCP (6)` */
export const formatIpProtocol = (protocol: number): string => named(NAMES, protocol);
