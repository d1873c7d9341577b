// Every number that a rule decides by, in one table. D-numbers of the catalogue in docs; RFC or source at each.

const MILLISECOND = 1_000_000;
const SECOND = 1_000_000_000;

export const THRESHOLDS = {
  /** A reset this soon after the segment whose acknowledgement it repeats answers it. */
  resetAnswerNs: 5 * MILLISECOND,
  /** An ICMP error this soon after a SYN answers it: it comes from a host on the way, at most a round trip away. */
  icmpAnswerNs: 50 * MILLISECOND,
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
  /** nf_conntrack_tcp_timeout_last_ack, the shortest of those that a closing connection has (CLOSE_WAIT 60 s, FIN_WAIT 120 s): later, its entry is gone. */
  shortestCloseNs: 30 * SECOND,
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
  /** Packets that are kept for the next rule that asks for them. */
  keptPackets: 200_000,
  /** Packets looked at that the receiver got twice, from which it is no accident. */
  doubledPackets: 3,
  /** The second of two packets that were one comes this soon after the first: longer, and its sender may have sent it again. */
  twinNs: 50 * MILLISECOND,
  /** Losses closer than this are one burst. */
  burstGapNs: 10 * MILLISECOND,
  /** SYNs lost in a row, by one client to one server, from which a steady drop is a possibility. */
  steadySyns: 3,
  /** Connections of one suspicious kind that a rule looks into. */
  closeLook: 500,
  /** glibc's resolver waits this long for an answer (resolv.conf timeout, default 5 s), and fires late rather than early. */
  resolverNs: 5 * SECOND,
  /** Shorter than this, a repeated query is another look-up and no retry: musl asks again after 2.5 s, systemd-resolved after 0.8 s. */
  resolverLeastNs: 750 * MILLISECOND,
  /** Two look-ups of one getaddrinfo() (A, AAAA) leave a socket within this. */
  queryPairNs: 1 * MILLISECOND,
  /** Transmissions of a large segment that are all lost before size is to blame. */
  blackHoleTries: 3,
  /** Small packets that pass the hop besides. */
  blackHolePasses: 3,
  /** No path has a smaller MTU than 576 bytes that is not broken otherwise (RFC 791): less 52 bytes of headers. */
  blackHoleBytes: 524,
  /** The shortest idle timeout of a middlebox that is met in practice (60 s), less what clocks and timers are off. */
  idleNs: 55 * SECOND,
  /** A reset that a middlebox makes comes this soon after the segment that meets it. */
  idleResetNs: SECOND,
  /** Requests for one address without an answer (the kernel's mcast_solicit is 3), and the timer between them. */
  arpRequests: 3,
  /** More ports of one host than this, refused or dropped alike, are one cause and one finding: a scan, or a host that is shut. */
  portsOfOneCause: 8,
  /** Connections to each port of a host, on average, from which a client that tries many ports wants them: a scan knocks once, or once more. */
  scanTries: 2,
  /** Refusals from one MAC, and acceptances from another, before an address is held to have two owners. */
  refusalsOfSecondOwner: 2,
  /** Segments that arrive damaged and are sent again, before something on the way is held to damage them. */
  damagedSegments: 2,
  /** SYNs that race for a port leave this close together. */
  raceNs: 2 * MILLISECOND,
  /** A response that takes this long is slow, where those of the same service take a tenth of it. */
  slowResponseNs: SECOND,
  slowRatio: 10,
  /** Requests of one kind differ by no more than this share of their length: an identifier, a token. */
  likeLength: 0.2,
  /** More pauses than these in one request, and it is a stream of messages or someone who types: a request that is sent in two or three writes has two at most. */
  requestPauses: 2,
  /** A SYN-ACK sent again this long after the server got the client's answer did not cross it on the way (its timer is 1 s). */
  ignoredAnswerNs: 100 * MILLISECOND,
  /** New connections lost at one hop, of so many clients to so many servers, before a table that is full comes to mind. */
  tableFullOpenings: 6,
  tableFullClients: 3,
  tableFullServers: 2,
  /** New connections to one server lost where sources are translated, before a lack of ports comes to mind. */
  exhaustedOpenings: 4,
  /** Packets that follow the one before within this meet a flow that is in the switch's cache. */
  closeBehindNs: SECOND,
  /** other_config:max-idle, default 10 s: a flow that is silent longer leaves the switch's cache (vswitch.xml). */
  maxIdleNs: 10 * SECOND,
  /** A look-up by ovs-vswitchd that is not loaded takes less than a millisecond; this long and it is felt. */
  slowFirstNs: 5 * MILLISECOND,
  slowIdleNs: 1 * MILLISECOND,
  /** How often at least; and what share of the others may be as slow for reasons of their own. */
  slowTimes: 3,
  slowExceptions: 0.02,
  /** How much longer than the others. */
  slowFirstRatio: 20,
  /** tcp_tw_recycle remembers an address' timestamp for this long (Linux up to 4.11: TCP_PAWS_MSL). */
  pawsNs: 60 * SECOND,
  /** Answers that are missing before a habit is seen in it. */
  unansweredSyns: 2,
  /** An address is given to another pod no sooner (VPC CNI: 30 s), and the entry of an unanswered SYN lives no longer (nf_conntrack_tcp_timeout_syn_sent). */
  recycleLeastNs: 30 * SECOND,
  recycleMostNs: 120 * SECOND,
  /** Bursts of losses over several connections, and the losses in them, from which a queue that overflows comes to mind. */
  burstCount: 2,
  burstLosses: 3,
  burstShare: 0.6,
  /** Fragments of datagrams lost behind a first one that passes. */
  lostFragments: 2,
  /** Counters are logged once a second or two, some time after the packets that they counted. */
  sampleSlackMs: 2000,
  /** Share of its limit at which the table of connection tracking has no room, and at which it has for certain. */
  tableFullShare: 0.98,
  tableRoomyShare: 0.8,
  /** A processor with less idle time than this in a second is what packets wait for. */
  busyIdlePercent: 5,
  /** net.ipv4.ip_local_port_range has 28,232 ports; this many in use towards one server, and a free one is hard to find (the kernel gives up after some tries). */
  exhaustedPorts: 25_000,
  /** Entries of connection tracking that a finding cites at most. */
  citedEntries: 3,
  /** Surest that a consideration gets from packets alone. */
  considerationConfidence: 0.5,
  /** Findings that get a healthy sibling: nobody reads more of them side by side. */
  comparedFindings: 64,
  /** Differences told of a failing connection and a healthy one. */
  partings: 6,
  /** A mark that the concerned have and no other is told when chance would put it just there less often: two marks are looked for, so 1 in 50 at most is told in vain. */
  chanceOfTrait: 0.01,
  /** Drift that no crystal has. */
  driftPpm: 200,
  /** A clock that jumps by less is not told from jitter. */
  clockStepNs: MILLISECOND,
  /** Frames of one point that a step cites at most. */
  citedFrames: 64,
  /** Other connections of a finding whose frames are cited. */
  citedConnections: 12,
} as const;

/**
 * What a cause’s mark is worth by itself, 0 … 1: by how much else leaves the same packets. 0.9: the packets say it themselves. 0.75 to 0.85: hardly anything else
 * does. 0.6 to 0.7: it is the usual one of several. 0.4 to 0.5: others leave the same as often. And what single facts add to it, or take.
 */
export const CAUSE_WORTHS = {
  /** One packet passes one point again and again with a falling TTL: nothing else does that. */
  routingLoop: 0.9,
  /** ICMP says in words that it is prohibited. */
  prohibited: 0.9,
  /** The server’s own MAC address at the client: no host stack touched the reply. */
  bridgedPast: 0.85,
  /** The reader’s own kernel says so. */
  closedWindow: 0.85,
  /** The first and the untranslated last packet are further apart than any closing entry lives. */
  expiredEntry: 0.8,
  /** TTLs of the two differ by the one router that stands there; a mirror that routes is seldom. */
  promiscuousBridge: 0.8,
  /** Each of two MAC addresses always answers in its own way; servers that share an address by intent do it too. */
  twoOwners: 0.8,
  /** Size alone tells what is lost from what passes; offloads and filters on payloads are seldomer than a wrong MTU. */
  smallerPath: 0.75,
  /** RFC 5961: only a socket that holds the tuple acknowledges an older stream; devices that answer for servers are seldom. */
  heldSocket: 0.75,
  /** One socket fails while others of the service are led elsewhere; the endpoint alone may be broken. */
  staleEntry: 0.75,
  /** A host without a listener answers so; so do rules that reject, and full queues that are told to. */
  noListener: 0.7,
  /** A device that forgot answers so; one that was started anew does too. */
  idleTimeout: 0.65,
  /** The tuple is known to have been given; that its entry was there still is not seen. */
  heldTuple: 0.65,
  /** Out of window is the usual reason for INVALID; a wrong checksum or a missing entry leave the same. */
  invalidSegment: 0.6,
  /** The defect does just this; so does a flow without ct(nat), and a program that restores the port alone. */
  halfTranslation: 0.5,
  /** A policy drops like that; so does a route that leads nowhere. */
  droppingRule: 0.5,
  /** Offload on a card leaves the same wrong sum without any second masquerade. */
  masqueradedTunnel: 0.5,
  /** Two SYNs that meet may be met by chance as well: insert_failed decides. */
  portRace: 0.5,
  /** The same of two queries, which leave together nearly always, lost or not. */
  queryRace: 0.4,
  /** What drops FINs alone is guessed: the article’s authors did not verify it. */
  trackedFins: 0.4,
  /** The client’s kernel is later than the mending of the defect. */
  mendedKernel: 0.35,
  /** Another source port shares the fate: no entry of one tuple is to blame. */
  otherPortsToo: 0.2,
  /** It happened more than once, or its very condition is seen; subtracted: the opposite is. */
  again: 0.15,
  aLittle: 0.1,
  least: 0.05,
} as const;
