// What tshark says of a capture, as the lines of `hoplane packets`: of a field's occurrences the one of the innermost packet is taken, never one that an ICMP error quotes.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ip.proto',
  'ip.id',
  'ip.ttl',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.nxt',
  'ipv6.hlim',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.options.timestamp.tsval',
  'tcp.options.timestamp.tsecr',
  'udp.srcport',
  'udp.dstport',
  'udp.length',
  'sctp.srcport',
  'sctp.dstport',
  'icmp.type',
  'icmp.code',
  'vxlan.vni',
];

const OPTIONS = [
  '-n',
  '-d',
  'udp.port==8472,vxlan',
  '-o',
  'ip.defragment:FALSE',
  '-o',
  'ipv6.defragment:FALSE',
  '-o',
  'tcp.desegment_tcp_streams:FALSE',
  '-o',
  'tcp.analyze_sequence_numbers:FALSE',
];

const NETWORK = ['ip', 'ipv6', 'arp'];
const UNNUMBERED_TUNNELS = ['geneve', 'gre'];
const TUNNELS = ['vxlan', ...UNNUMBERED_TUNNELS];

/**
 * Runs tshark over `path`; calls `line` with each line of the contract, the file column being `name`. Rejects where tshark is missing.
 * @param {string} path
 * @param {string} name
 * @param {(line: string) => void} line
 */
export async function recordPackets(path, name, line) {
  const args = ['-r', path, ...OPTIONS, '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=|'];
  const run = spawn('tshark', [...args, ...FIELDS.flatMap((field) => ['-e', field])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve, reject) => {
    run.on('error', reject);
    run.on('close', resolve);
  });
  for await (const text of createInterface({ input: run.stdout })) line(packetLine(text, name));
  await ended;
}

/** @param {string} text a line of tshark @param {string} name */
function packetLine(text, name) {
  const values = text.split('\t');
  /** @param {string} field */
  const occurrences = (field) => values[FIELDS.indexOf(field)].split('|');
  const layers = values[FIELDS.indexOf('frame.protocols')].split(':');
  const quoted = layers.findIndex((layer) => layer === 'icmp' || layer === 'icmpv6');
  const own = quoted < 0 ? layers : layers.slice(0, quoted + 1);
  const tunnels = occurrences('vxlan.vni')[0] === '' ? UNNUMBERED_TUNNELS : TUNNELS;
  const network = own.findLastIndex((layer) => [...NETWORK, ...tunnels].includes(layer));
  // What a tunnel carries may be no IP packet, or be cut away: then there is no innermost packet.
  const inner = TUNNELS.includes(own[network]) ? [] : own.slice(Math.max(0, network));
  /**
   * The field of the innermost packet's layer: as many headers of that kind came before as the frame's layers tell.
   * @param {string} layer
   * @param {string} field
   */
  const of = (layer, field) => {
    if (!inner.includes(layer)) return '';
    const before = own.slice(0, network).filter((other) => other === layer).length;
    return occurrences(field)[before] ?? '';
  };
  /** @param {[layer: string, field: string][]} pairs */
  const either = (...pairs) => pairs.map(([layer, field]) => of(layer, field)).find(Boolean) ?? '';
  return [
    name,
    ...['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len'].map(
      (field) => values[FIELDS.indexOf(field)],
    ),
    either(['ip', 'ip.src'], ['ipv6', 'ipv6.src']),
    either(['ip', 'ip.dst'], ['ipv6', 'ipv6.dst']),
    either(['ip', 'ip.proto'], ['ipv6', 'ipv6.nxt']),
    either(['tcp', 'tcp.srcport'], ['udp', 'udp.srcport'], ['sctp', 'sctp.srcport']),
    either(['tcp', 'tcp.dstport'], ['udp', 'udp.dstport'], ['sctp', 'sctp.dstport']),
    of('ip', 'ip.id'),
    either(['ip', 'ip.ttl'], ['ipv6', 'ipv6.hlim']),
    of('tcp', 'tcp.seq_raw'),
    of('tcp', 'tcp.ack_raw'),
    of('tcp', 'tcp.flags'),
    of('tcp', 'tcp.window_size_value'),
    of('tcp', 'tcp.len'),
    of('tcp', 'tcp.options.timestamp.tsval'),
    of('tcp', 'tcp.options.timestamp.tsecr'),
    of('udp', 'udp.length'),
    of('icmp', 'icmp.type'),
    of('icmp', 'icmp.code'),
    // VXLAN-GPE has the field without a layer of its own.
    quoted < 0 || own.includes('vxlan') ? (occurrences('vxlan.vni').at(-1) ?? '') : '',
  ].join('\t');
}
