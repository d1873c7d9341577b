// Bits of the packet table's `analysis` column: Wireshark's tcp.analysis.* flags, set per capture point by lib/tcp.

export const TCP_ANALYSIS = {
  retransmission: 1 << 0,
  fastRetransmission: 1 << 1,
  spuriousRetransmission: 1 << 2,
  outOfOrder: 1 << 3,
  duplicateAck: 1 << 4,
  lostSegment: 1 << 5,
  ackLostSegment: 1 << 6,
  keepAlive: 1 << 7,
  keepAliveAck: 1 << 8,
  zeroWindow: 1 << 9,
  zeroWindowProbe: 1 << 10,
  zeroWindowProbeAck: 1 << 11,
  windowUpdate: 1 << 12,
  windowFull: 1 << 13,
  reusedPorts: 1 << 14,
} as const;

export type TcpAnalysisName = keyof typeof TCP_ANALYSIS;

/** Wireshark's display-filter field of each bit. */
export const TCP_ANALYSIS_FIELDS: Readonly<Record<TcpAnalysisName, string>> = {
  retransmission: 'tcp.analysis.retransmission',
  fastRetransmission: 'tcp.analysis.fast_retransmission',
  spuriousRetransmission: 'tcp.analysis.spurious_retransmission',
  outOfOrder: 'tcp.analysis.out_of_order',
  duplicateAck: 'tcp.analysis.duplicate_ack',
  lostSegment: 'tcp.analysis.lost_segment',
  ackLostSegment: 'tcp.analysis.ack_lost_segment',
  keepAlive: 'tcp.analysis.keep_alive',
  keepAliveAck: 'tcp.analysis.keep_alive_ack',
  zeroWindow: 'tcp.analysis.zero_window',
  zeroWindowProbe: 'tcp.analysis.zero_window_probe',
  zeroWindowProbeAck: 'tcp.analysis.zero_window_probe_ack',
  windowUpdate: 'tcp.analysis.window_update',
  windowFull: 'tcp.analysis.window_full',
  reusedPorts: 'tcp.analysis.reused_ports',
};
