// Every number that a rule decides by, in one table. D-numbers of the catalogue in docs; RFC or source at each.

const MILLISECOND = 1_000_000;
const SECOND = 1_000_000_000;

export const THRESHOLDS = {
  /** A reset this soon after the segment whose acknowledgement it repeats answers it. */
  resetAnswerNs: 5 * MILLISECOND,
  /** A stall from here on is a failure. */
  failureStallNs: SECOND,
  /** A stall from here on is a warning. */
  warningStallNs: 200 * MILLISECOND,
  /** Share of a connection's segments sent again from which it is a warning. */
  retransmissionShare: 0.005,
  /** A retry timer of n seconds fires between these times n: late rather than early. */
  timerEarly: 0.97,
  timerLate: 1.13,
  /** Ratio of successive gaps of a timer that doubles. */
  doublingLow: 1.8,
  doublingHigh: 2.3,
  /** First gaps of one second each (net.ipv4.tcp_syn_linear_timeouts, Linux 6.5 and later). */
  linearRetries: 4,
  /** nf_conntrack_tcp_timeout_time_wait: how long a closed connection still holds its tuple. */
  timeWaitNs: 120 * SECOND,
  /** nf_conntrack_tcp_timeout_established: how long an idle open one does. */
  establishedNs: 432_000 * SECOND,
  /** Packets of a connection that are looked at: handshakes stand at its beginning. */
  handshakePackets: 512,
  /** Resets without a connection of their own that are looked at: more are a connection's end. */
  loneResets: 128,
  /** Packets of a connection that are searched for losses. */
  lossPackets: 20_000,
  /** Connections that are searched for losses; the rest is counted. */
  lossConnections: 2000,
  /** Connections, and packets of each, that are looked at to know how the captures were made. */
  sampledConnections: 32,
  sampledPackets: 256,
  /** Packets looked at that the receiver got twice, from which it is no accident. */
  doubledPackets: 3,
  /** Losses closer than this are one burst. */
  burstGapNs: 10 * MILLISECOND,
  /** SYNs lost in a row, by one client to one server, from which a steady drop is a possibility. */
  steadySyns: 3,
  /** Frames of one point that a step cites at most. */
  citedFrames: 64,
  /** Other connections of a finding whose frames are cited. */
  citedConnections: 12,
} as const;
