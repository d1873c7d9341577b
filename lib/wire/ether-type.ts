// EtherTypes (IEEE 802 numbers): what follows an Ethernet header, a VLAN tag, a cooked header or GRE.
import {
  NEXT_ARISTA,
  NEXT_ARP,
  NEXT_ETHERNET,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_MACSEC,
  NEXT_MPLS,
  NEXT_PAYLOAD,
  NEXT_PPPOE,
  NEXT_VLAN,
} from './decoded-frame';

export const ETHER_TYPE_IPV4 = 0x0800;
export const ETHER_TYPE_ARP = 0x0806;
/** Transparent Ethernet bridging: an Ethernet frame within GRE or Geneve. */
export const ETHER_TYPE_BRIDGED = 0x6558;
export const ETHER_TYPE_VLAN = 0x8100;
export const ETHER_TYPE_IPV6 = 0x86dd;
export const ETHER_TYPE_MPLS = 0x8847;
export const ETHER_TYPE_MPLS_MULTICAST = 0x8848;
export const ETHER_TYPE_PPPOE = 0x8864;
const ETHER_TYPE_MACSEC = 0x88e5;
const ETHER_TYPE_ARISTA = 0xd28b;
/** 802.1ad service tag, and its forerunner. */
export const ETHER_TYPE_SERVICE_VLAN = 0x88a8;
export const ETHER_TYPE_OLD_SERVICE_VLAN = 0x9100;

export const nextOfEtherType = (type: number): number => {
  switch (type) {
    case ETHER_TYPE_IPV4:
      return NEXT_IPV4;
    case ETHER_TYPE_IPV6:
      return NEXT_IPV6;
    case ETHER_TYPE_ARP:
      return NEXT_ARP;
    case ETHER_TYPE_VLAN:
    case ETHER_TYPE_SERVICE_VLAN:
    case ETHER_TYPE_OLD_SERVICE_VLAN:
      return NEXT_VLAN;
    case ETHER_TYPE_MPLS:
    case ETHER_TYPE_MPLS_MULTICAST:
      return NEXT_MPLS;
    case ETHER_TYPE_PPPOE:
      return NEXT_PPPOE;
    case ETHER_TYPE_BRIDGED:
      return NEXT_ETHERNET;
    case ETHER_TYPE_MACSEC:
      return NEXT_MACSEC;
    case ETHER_TYPE_ARISTA:
      return NEXT_ARISTA;
    default:
      return NEXT_PAYLOAD;
  }
};

const NAMES: Readonly<Record<number, string>> = {
  [ETHER_TYPE_IPV4]: 'IPv4',
  [ETHER_TYPE_ARP]: 'ARP',
  [ETHER_TYPE_BRIDGED]: 'Transparent Ethernet bridging',
  [ETHER_TYPE_VLAN]: '802.1Q VLAN',
  [ETHER_TYPE_IPV6]: 'IPv6',
  [ETHER_TYPE_SERVICE_VLAN]: '802.1ad VLAN',
  [ETHER_TYPE_OLD_SERVICE_VLAN]: 'VLAN (old service tag)',
  [ETHER_TYPE_MPLS]: 'MPLS',
  [ETHER_TYPE_MPLS_MULTICAST]: 'MPLS (multicast)',
  [ETHER_TYPE_PPPOE]: 'PPPoE session',
  35020: 'LLDP',
  [ETHER_TYPE_MACSEC]: 'MACsec',
  [ETHER_TYPE_ARISTA]: 'Arista',
};

/** `IPv4 (0x0800)`. */
export const formatEtherType = (type: number): string => {
  const hex = `0x${type.toString(16).padStart(4, '0')}`;
  const name = NAMES[type];
  return name === undefined ? hex : `${name} (${hex})`;
};
