// The layers that are followed, as a table: the tree describes them by it, README's table of formats is made of it. A new protocol is a row here.
import { describeArista } from './arista';
import { describeArp } from './arp';
import {
  NEXT_AH,
  NEXT_ARISTA,
  NEXT_ARP,
  NEXT_CISCO_HDLC,
  NEXT_ERSPAN,
  NEXT_ETHERNET,
  NEXT_GENEVE,
  NEXT_GRE,
  NEXT_ICMP,
  NEXT_ICMPV6,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_LINUX_SLL,
  NEXT_LINUX_SLL2,
  NEXT_LLC,
  NEXT_LOOP,
  NEXT_MACSEC,
  NEXT_MPLS,
  NEXT_NFLOG,
  NEXT_NULL,
  NEXT_PPP,
  NEXT_PPPOE,
  NEXT_SCTP,
  NEXT_TCP,
  NEXT_UDP,
  NEXT_VLAN,
  NEXT_VXLAN,
  NEXT_VXLAN_GPE,
} from './decoded-frame';
import { describeEthernet, describeLlc, describeVlan } from './ethernet';
import type { DescribeLayer } from './field';
import { describeIcmp, describeIcmpv6 } from './icmp-fields';
import { describeIpv4 } from './ipv4';
import { describeIpv6 } from './ipv6-fields';
import { describeLinuxSll, describeLinuxSll2 } from './linux-cooked';
import { describeLoopback } from './loopback';
import { describeMacsec } from './macsec';
import { describeNflog } from './nflog';
import { describeCiscoHdlc, describeMpls, describePpp, describePppoe } from './point-to-point';
import { describeSctp } from './sctp';
import { describeAh } from './security';
import { describeTcp } from './tcp-fields';
import {
  describeErspan,
  describeGeneve,
  describeGre,
  describeVxlan,
  describeVxlanGpe,
} from './tunnel-fields';
import { describeUdp } from './udp';

export interface Layer {
  /** The decoder's code. */
  readonly next: number;
  /** Wireshark's name of the protocol, as the tree has it. */
  readonly name: string;
  readonly kind: 'link' | 'tag' | 'network' | 'tunnel' | 'transport';
  /** What is read of it, for people. */
  readonly title: string;
  readonly describe: DescribeLayer;
}

const layer = (
  next: number,
  name: string,
  kind: Layer['kind'],
  title: string,
  describe: DescribeLayer,
): Layer => ({ next, name, kind, title, describe });

export const LAYERS: readonly Layer[] = [
  layer(NEXT_ETHERNET, 'eth', 'link', 'Ethernet', describeEthernet),
  layer(NEXT_LINUX_SLL, 'sll', 'link', 'Linux cooked', describeLinuxSll),
  layer(NEXT_LINUX_SLL2, 'sll', 'link', 'Linux cooked v2', describeLinuxSll2),
  layer(NEXT_NULL, 'null', 'link', 'BSD loopback', describeLoopback),
  layer(NEXT_LOOP, 'null', 'link', 'OpenBSD loopback', describeLoopback),
  layer(NEXT_CISCO_HDLC, 'chdlc', 'link', 'Cisco HDLC', describeCiscoHdlc),
  layer(NEXT_PPP, 'ppp', 'link', 'PPP', describePpp),
  layer(NEXT_NFLOG, 'nflog', 'link', 'NFLOG', describeNflog),
  layer(NEXT_VLAN, 'vlan', 'tag', '802.1Q and 802.1ad tags', describeVlan),
  layer(NEXT_LLC, 'llc', 'tag', '802.2 LLC with SNAP', describeLlc),
  layer(NEXT_MACSEC, 'macsec', 'tag', 'MACsec (followed where it only signs)', describeMacsec),
  layer(NEXT_ARISTA, 'avsp', 'tag', "Arista's time stamps", describeArista),
  layer(NEXT_MPLS, 'mpls', 'tag', 'MPLS, also in UDP, IP and GRE', describeMpls),
  layer(NEXT_PPPOE, 'pppoe', 'tag', 'PPPoE', describePppoe),
  layer(NEXT_ARP, 'arp', 'network', 'ARP', describeArp),
  layer(NEXT_IPV4, 'ip', 'network', 'IPv4 with options and fragments', describeIpv4),
  layer(NEXT_IPV6, 'ipv6', 'network', 'IPv6 with extension headers', describeIpv6),
  layer(NEXT_AH, 'ah', 'network', 'AH', describeAh),
  layer(NEXT_VXLAN, 'vxlan', 'tunnel', 'VXLAN', describeVxlan),
  layer(NEXT_VXLAN_GPE, 'vxlan', 'tunnel', 'VXLAN-GPE', describeVxlanGpe),
  layer(NEXT_GENEVE, 'geneve', 'tunnel', 'Geneve with options', describeGeneve),
  layer(NEXT_GRE, 'gre', 'tunnel', 'GRE', describeGre),
  layer(NEXT_ERSPAN, 'erspan', 'tunnel', 'ERSPAN (I to III)', describeErspan),
  layer(NEXT_TCP, 'tcp', 'transport', 'TCP with every option', describeTcp),
  layer(NEXT_UDP, 'udp', 'transport', 'UDP', describeUdp),
  layer(NEXT_SCTP, 'sctp', 'transport', 'SCTP', describeSctp),
  layer(NEXT_ICMP, 'icmp', 'transport', 'ICMP with the packet that an error quotes', describeIcmp),
  layer(NEXT_ICMPV6, 'icmpv6', 'transport', 'ICMPv6', describeIcmpv6),
];

/** What the tree looks into beyond these (payload-layers.ts): named, or read at its head. */
export const PAYLOAD_LAYERS: readonly { readonly name: string; readonly title: string }[] = [
  { name: 'esp', title: 'ESP and ESP in UDP (with SPI)' },
  { name: 'isakmp', title: 'IKE in UDP 4500' },
  { name: 'wg', title: 'WireGuard (with index)' },
  { name: 'igmp', title: 'IGMP' },
  { name: 'dns', title: 'DNS questions' },
  { name: 'tls', title: 'TLS hellos' },
  { name: 'http', title: 'HTTP/1 first lines' },
  { name: 'http2', title: 'HTTP/2 preface' },
  { name: 'quic', title: 'QUIC initial packets' },
];
