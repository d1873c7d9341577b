// Which counters speak for or against which rule, what it means when they rise, and which name the cause of a loss that packets alone leave open.
import type { Finding } from '../model/finding';

export interface Speaking {
  /** Counters that count up where the finding's cause is at work. */
  readonly counters: RegExp;
  /** What a rise means, and what a standstill. */
  readonly rises: string;
  readonly still: string;
  /** What a standstill takes from the confidence; 0: the finding stands without that cause. */
  readonly takes: number;
}

const INVALID = /^conntrack invalid$|ct_state=\S*\+inv/;

export const SPEAKING: Readonly<Record<string, Speaking>> = {
  'tuple-collision': {
    counters: /^conntrack (insert_failed|drop)$|ct_state=\S*\+inv/,
    rises: 'connection tracking refuses packets, as it does where a tuple is taken',
    still:
      'connection tracking that these counters speak of refused nothing; another one (of the switch, in user space) may have',
    takes: 0,
  },
  'dns-retry': {
    counters: /^conntrack (insert_failed|clashres|clash_resolve)$/,
    rises: 'connection tracking lost insertions: the race of two queries on one socket',
    still: 'no insertion failed: what lost the query is not the race of connection tracking',
    takes: 0,
  },
  'snat-port-race': {
    counters: /^conntrack (insert_failed|drop)$/,
    rises: 'connection tracking lost insertions, one for each port that was taken twice',
    still: 'no insertion failed, as one must for each port that is taken twice',
    takes: 0.2,
  },
  'snat-port-exhaustion': {
    counters: /^conntrack (insert_failed|drop)$/,
    rises: 'connection tracking found no port',
    still: 'connection tracking dropped nothing',
    takes: 0.2,
  },
  'conntrack-table-full': {
    counters: /^conntrack (drop|early_drop)$/,
    rises: 'connection tracking dropped packets, as it does where its table is full',
    still: 'connection tracking dropped nothing',
    takes: 0.2,
  },
  'untranslated-segment-reset': {
    counters: INVALID,
    rises: 'connection tracking took packets for invalid, and does not translate such',
    still: 'connection tracking took no packet for invalid',
    takes: 0.1,
  },
  'lost-fin': {
    counters: INVALID,
    rises: 'connection tracking took packets for invalid',
    still: 'connection tracking took no packet for invalid',
    takes: 0,
  },
  'bad-checksum-drop': {
    counters: /^(Tcp|Udp)InCsumErrors$|^conntrack invalid$/,
    rises: 'packets with a wrong checksum were thrown away',
    still: 'nobody counted a wrong checksum',
    takes: 0.2,
  },
  'outer-checksum-drop': {
    counters: /^UdpInCsumErrors$/,
    rises: 'datagrams with a wrong checksum were thrown away',
    still: 'nobody counted a wrong checksum',
    takes: 0.1,
  },
  'listen-queue-overflow': {
    counters: /^TcpExtListen(Overflows|Drops)$/,
    rises: 'the accept queue overflowed',
    still: 'no accept queue overflowed',
    takes: 0.3,
  },
  'reverse-path-drop': {
    counters: /^TcpExtIPReversePathFilter$/,
    rises: 'the reverse-path filter dropped packets',
    still: 'the reverse-path filter dropped nothing',
    takes: 0.3,
  },
  'timestamp-rejected-syn': {
    counters: /^TcpExtPAWSPassive\w*$/,
    rises: 'SYNs were refused for their timestamps',
    still: 'no SYN was refused for its timestamp',
    takes: 0.3,
  },
  'backlog-drop': {
    counters: /^softnet dropped$/,
    rises: 'the backlog of a processor overflowed',
    still: 'no backlog overflowed',
    takes: 0.3,
  },
  'mtu-black-hole': {
    counters: /^Ip(Ext)?FragFails$/,
    rises: 'the host refused to fragment packets that were too large',
    still: 'the host whose counters these are refused no packet for its size',
    takes: 0,
  },
  'steady-drop': {
    counters: /^(datapath )?flow .*actions=drop$/,
    rises: 'the switch drops by this flow',
    still: 'no flow of the switch dropped anything',
    takes: 0.1,
  },
  'foreign-domain-reply-drop': {
    counters: /^(datapath )?flow .*actions=drop$/,
    rises: 'the switch drops by this flow',
    still: 'no flow of the switch dropped anything',
    takes: 0.2,
  },
  'path-loss': {
    counters: /^(datapath )?flow .*actions=drop$|^softnet dropped$/,
    rises: 'packets were dropped here',
    still: 'nothing was dropped where these counters count',
    takes: 0,
  },
};

/** A counter that names who dropped what packets show only as lost. */
export interface Telling {
  readonly rule: string;
  readonly counters: RegExp;
  readonly says: string;
  readonly fix: string;
  readonly confirm: Finding['confirm'][number];
}

/** Rules that know where packets are lost and not by whom. */
export const OPEN_CAUSES: ReadonlySet<string> = new Set(['steady-drop', 'path-loss']);

/** The first that fits is told. */
export const TELLING: readonly Telling[] = [
  {
    rule: 'reverse-path-drop',
    counters: /^TcpExtIPReversePathFilter$/,
    says: 'the host’s reverse-path filter drops what comes in by an interface by which it would not answer',
    fix: '`sysctl -w net.ipv4.conf.<interface>.rp_filter=2` (loose; undo with =1), or routes by policy so that answers leave where requests come in.',
    confirm: {
      text: 'On that host: the greater of “all” and the interface’s own holds; 1 is strict.',
      command: 'sysctl -a 2>/dev/null | grep "\\.rp_filter"',
    },
  },
  {
    rule: 'conntrack-table-full',
    counters: /^conntrack early_drop$/,
    says: 'connection tracking throws entries out to make room: its table is full',
    fix: '`sysctl -w net.netfilter.nf_conntrack_max=…` (undo with the value before), or shorter timeouts for closed connections.',
    confirm: {
      text: 'On that node: count and limit.',
      command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
    },
  },
  {
    rule: 'backlog-drop',
    counters: /^softnet dropped$/,
    says: 'the backlog of a processor overflows',
    fix: '`sysctl -w net.core.netdev_max_backlog=…` (undo with the value before), and receive packet steering, so that one processor does not take all.',
    confirm: {
      text: 'On that host: the second column (hex, one row per CPU) rises.',
      command: 'cat /proc/net/softnet_stat',
    },
  },
  {
    rule: 'bad-checksum-drop',
    counters: /^(Tcp|Udp)InCsumErrors$/,
    says: 'the receiving kernel finds their checksums wrong',
    fix: 'Find the device or driver that damages them; until then: `ethtool -K <interface> tx off rx off` (undo with on).',
    confirm: {
      text: 'On the receiving host: checksum errors rise with each lost packet.',
      command: 'nstat -az TcpInCsumErrors UdpInCsumErrors',
    },
  },
];
