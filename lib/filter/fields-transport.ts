// Wireshark's fields of TCP, UDP, SCTP and of the TCP analysis, as the columns and the streams of a capture have them.
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import { MOST_WINDOW_SHIFT, NO_WINDOW_SCALE, type SynOptions } from '../model/packet-table';
import { TCP_ANALYSIS, TCP_ANALYSIS_FIELDS, type TcpAnalysisName } from '../model/tcp-analysis';
import {
  TCP_ACK,
  TCP_CWR,
  TCP_ECE,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
} from '../model/tcp-flags';
import { type Field, type Getter, UNREAD } from './field';
import {
  column,
  destinationPort,
  field,
  hasTimestamps,
  isDns,
  isSctp,
  isTcp,
  isUdp,
  NANOSECONDS,
  present,
  protocol,
  sourcePort,
  type Test,
  when,
} from './getters';

const flag = (name: string, label: string, bit: number): Field =>
  field(
    `tcp.flags.${name}`,
    'flag',
    label,
    when(isTcp, ({ columns, index }) => (columns.flags[index] & bit ? 1 : 0)),
  );

/** A SYN's option. */
const synOption = (read: (options: SynOptions) => number | undefined): Getter =>
  when(isTcp, ({ table, row, columns, index }) =>
    columns.flags[index] & TCP_SYN ? read(table.synOptionsOf(row)) : undefined,
  );

const ports = (prefix: string, test: Test): readonly Field[] => [
  field(`${prefix}.srcport`, 'number', 'Source port', when(test, sourcePort)),
  field(`${prefix}.dstport`, 'number', 'Destination port', when(test, destinationPort)),
  field(
    `${prefix}.port`,
    'number',
    'Source or destination port',
    when(test, sourcePort),
    when(test, destinationPort),
  ),
];

/** Payload: the last bytes of what was captured, as many as the IP length leaves. */
const payload: Getter = ({ bytes, layers, table, row }) => {
  const length = table.payloadLength(row);
  if (length === 0) return undefined;
  if (bytes === null || layers === null) return UNREAD;
  const transport = layers.findLast(({ name }) => name === 'tcp' || name === 'udp');
  if (transport === undefined) return undefined;
  const start = transport.start + transport.length;
  return bytes.subarray(start, start + length);
};

/** The window, multiplied where both SYNs allow it; a SYN's own is not (RFC 7323, 2.2). */
const window: Getter = ({ tcp: { windowShift }, columns, index }) => {
  const shift = columns.flags[index] & TCP_SYN || typeof windowShift === 'string' ? 0 : windowShift;
  return columns.window[index] * 2 ** shift;
};

const inSeconds = (nanoseconds: number | undefined): number | undefined =>
  nanoseconds === undefined ? undefined : nanoseconds / NANOSECONDS;

/** Four blocks fit beside nothing else into the options. */
const MOST_SACK_BLOCKS = 4;

/** Edges of the blocks that are acknowledged selectively, counted from the stream's first; `side` 0 the left one, 1 the right one. */
const sackEdges = (side: 0 | 1): readonly Getter[] =>
  Array.from({ length: MOST_SACK_BLOCKS }, (_, block) =>
    when(isTcp, ({ table, row, tcp, columns, index }) => {
      const edge = table.sackEdgesOf(row)[2 * block + side];
      return edge === undefined || tcp.acknowledgement === undefined
        ? undefined
        : sequenceAdd(
            tcp.acknowledgement,
            sequenceDifference(edge, columns.acknowledgement[index]),
          );
    }),
  );

const sackCount: Getter = ({ table, row }) => table.sackEdgesOf(row).length / 2 || undefined;

export const TRANSPORT_FIELDS: readonly Field[] = [
  protocol('tcp', 'TCP', isTcp),
  ...ports('tcp', isTcp),
  field(
    'tcp.stream',
    'number',
    'Number of the stream in its capture, from 0',
    when(isTcp, ({ tcp }) => tcp.stream),
  ),
  field(
    'tcp.seq',
    'number',
    'Sequence number, counted from the stream’s first',
    when(isTcp, ({ tcp }) => tcp.sequence),
  ),
  field(
    'tcp.ack',
    'number',
    'Acknowledgement number, counted from the stream’s first',
    when(isTcp, ({ tcp, columns, index }) =>
      // Nothing is acknowledged without the flag.
      columns.flags[index] & TCP_ACK ? tcp.acknowledgement : 0,
    ),
  ),
  field(
    'tcp.nxtseq',
    'number',
    'Sequence number after this segment, counted from the stream’s first',
    when(isTcp, ({ tcp, table, row, columns, index }) => {
      const ends = columns.flags[index] & (TCP_SYN | TCP_FIN) ? 1 : 0;
      return tcp.sequence === undefined
        ? undefined
        : sequenceAdd(tcp.sequence, table.payloadLength(row) + ends);
    }),
  ),
  field('tcp.seq_raw', 'number', 'Sequence number as sent', when(isTcp, column('sequence'))),
  field(
    'tcp.ack_raw',
    'number',
    'Acknowledgement number as sent',
    when(isTcp, column('acknowledgement')),
  ),
  field(
    'tcp.nxtseq_raw',
    'number',
    'Sequence number after this segment',
    when(isTcp, (subject) =>
      sequenceAdd(
        subject.columns.sequence[subject.index],
        subject.table.payloadLength(subject.row),
      ),
    ),
  ),
  field(
    'tcp.len',
    'number',
    'Bytes of payload',
    when(isTcp, ({ table, row }) => table.payloadLength(row)),
  ),
  field('tcp.window_size_value', 'number', 'Window, unscaled', when(isTcp, column('window'))),
  field(
    'tcp.window_size',
    'number',
    'Window in bytes, scaled as the SYNs say',
    when(isTcp, window),
  ),
  field(
    'tcp.window_size_scalefactor',
    'number',
    'What the window is multiplied by; -1: its SYN was not seen, -2: not scaled',
    when(isTcp, ({ tcp: { windowShift }, columns, index }) => {
      if (columns.flags[index] & TCP_SYN) return undefined;
      return windowShift === 'unknown' ? -1 : windowShift === 'none' ? -2 : 1 << windowShift;
    }),
  ),
  field(
    'tcp.time_relative',
    'seconds',
    'Since the stream’s first segment',
    when(isTcp, ({ tcp }) => inSeconds(tcp.timeRelative)),
  ),
  field(
    'tcp.time_delta',
    'seconds',
    'Since the segment before in its stream',
    when(isTcp, ({ tcp }) => inSeconds(tcp.timeDelta)),
  ),
  field('tcp.flags', 'number', 'All flags', when(isTcp, column('flags'))),
  flag('syn', 'SYN', TCP_SYN),
  flag('ack', 'ACK', TCP_ACK),
  flag('fin', 'FIN', TCP_FIN),
  flag('reset', 'RST', TCP_RST),
  flag('push', 'PSH', TCP_PSH),
  flag('urg', 'URG', TCP_URG),
  flag('ece', 'ECE', TCP_ECE),
  flag('cwr', 'CWR', TCP_CWR),
  field(
    'tcp.options.timestamp.tsval',
    'number',
    'TSval',
    when(hasTimestamps, column('timestampValue')),
  ),
  field(
    'tcp.options.timestamp.tsecr',
    'number',
    'TSecr',
    when(hasTimestamps, column('timestampEcho')),
  ),
  field(
    'tcp.options.mss_val',
    'number',
    'MSS of a SYN',
    synOption(({ mss }) => mss || undefined),
  ),
  field(
    'tcp.options.wscale.shift',
    'number',
    'Window scale of a SYN',
    synOption(({ windowScale }) => (windowScale === NO_WINDOW_SCALE ? undefined : windowScale)),
  ),
  field(
    'tcp.options.wscale.multiplier',
    'number',
    'What a SYN multiplies its windows by',
    synOption(({ windowScale }) =>
      windowScale === NO_WINDOW_SCALE ? undefined : 2 ** Math.min(windowScale, MOST_WINDOW_SHIFT),
    ),
  ),
  field(
    'tcp.options.mss',
    'presence',
    'A SYN with its MSS',
    synOption(({ mss }) => (mss ? 1 : undefined)),
  ),
  field(
    'tcp.options.wscale',
    'presence',
    'A SYN that scales its windows',
    synOption(({ windowScale }) => (windowScale === NO_WINDOW_SCALE ? undefined : 1)),
  ),
  field('tcp.options.timestamp', 'presence', 'Has timestamps', present(hasTimestamps)),
  field('tcp.options.sack', 'presence', 'Acknowledges selectively', when(isTcp, sackCount)),
  field('tcp.options.sack.count', 'number', 'Blocks of the SACK', when(isTcp, sackCount)),
  field(
    'tcp.options.sack_le',
    'number',
    'SACK: left edges, counted from the stream’s first',
    ...sackEdges(0),
  ),
  field(
    'tcp.options.sack_re',
    'number',
    'SACK: right edges, counted from the stream’s first',
    ...sackEdges(1),
  ),
  field(
    'tcp.options.sack_perm',
    'presence',
    'A SYN that permits SACK',
    synOption(({ sackPermitted }) => (sackPermitted ? 1 : undefined)),
  ),
  field('tcp.payload', 'bytes', 'Payload (reads the files)', when(isTcp, payload)),
  protocol('udp', 'UDP', isUdp),
  ...ports('udp', isUdp),
  field(
    'udp.stream',
    'number',
    'Number of the stream in its capture, from 0',
    when(isUdp, ({ udpStream }) => udpStream),
  ),
  field(
    'udp.length',
    'number',
    'Length with header',
    when(isUdp, ({ table, row }) => table.payloadLength(row) + 8),
  ),
  field('udp.payload', 'bytes', 'Payload (reads the files)', when(isUdp, payload)),
  field('dns', 'presence', 'DNS', present(isDns)),
  field(
    'dns.id',
    'number',
    'Transaction id',
    when((s) => isDns(s) && isUdp(s), column('sequence')),
  ),
  field('sctp', 'presence', 'SCTP', present(isSctp)),
  ...ports('sctp', isSctp),
];

const ANY_ANALYSIS = Object.values(TCP_ANALYSIS).reduce((all, bit) => all | bit, 0);

const analysis = (name: string, label: string, bits: number): Field =>
  field(
    name,
    'presence',
    label,
    present(({ columns, index }) => (columns.analysis[index] & bits) !== 0),
  );

/** What Wireshark counts as a retransmission: all three kinds bear that flag. */
export const ANALYSIS_FIELDS: readonly Field[] = [
  analysis('tcp.analysis', 'Any remark of the TCP analysis', ANY_ANALYSIS),
  analysis('tcp.analysis.flags', 'Any remark of the TCP analysis', ANY_ANALYSIS),
  field(
    'tcp.analysis.acks_frame',
    'number',
    'Frame whose segment this one acknowledges',
    when(isTcp, ({ tcp }) => tcp.acknowledgedFrame),
  ),
  field(
    'tcp.analysis.ack_rtt',
    'seconds',
    'From that segment to its acknowledgement, at this point',
    // Where it came within the clock’s step, Wireshark has none.
    when(isTcp, ({ tcp }) => inSeconds(tcp.acknowledgementTime || undefined)),
  ),
  ...Object.keys(TCP_ANALYSIS).map((key) => {
    const name = key as TcpAnalysisName;
    return analysis(TCP_ANALYSIS_FIELDS[name], 'TCP analysis at this point', TCP_ANALYSIS[name]);
  }),
];
