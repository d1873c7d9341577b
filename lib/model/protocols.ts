// Protocol numbers as the tuple table stores them: IANA's IP protocol numbers, and one beyond a byte for ARP.

export const PROTOCOL_ICMP = 1;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_ICMPV6 = 58;
/** ARP has no IP protocol number; its tuple is the pair of protocol addresses. */
export const PROTOCOL_ARP = 0x100;
/** In tuples of ICMP errors: ports from here on number the conversation that the error quotes, above every port that a packet can carry. */
export const FIRST_QUOTE_PORT = 0x10000;

const NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL_ICMP]: 'icmp',
  2: 'igmp',
  [PROTOCOL_TCP]: 'tcp',
  [PROTOCOL_UDP]: 'udp',
  [PROTOCOL_ICMPV6]: 'icmpv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  132: 'sctp',
  [PROTOCOL_ARP]: 'arp',
};

/** `tcp`, `udp`, `icmp`, `arp`, or `ip-NN` for what has no decoder. */
export const formatProtocol = (protocol: number): string => NAMES[protocol] ?? `ip-${protocol}`;

/** Whether addresses of this protocol are written with a port. */
export const hasPorts = (protocol: number): boolean =>
  protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP || protocol === 132;
