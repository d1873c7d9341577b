// Compares the recording of which frames tshark's display filters let through with what tshark says now; `--record` writes it anew. Needs tshark 4.0, which
// `npm test` does not: lib/engine/tshark-filters.test.ts holds our filters against the recording.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';
import { ROOT } from './root.mjs';

const RECORDING = join(ROOT, 'lib', 'filter', 'tshark-filters.tsv');

/** Filters by capture: below e2e/captures, or one of those that lib/testing/edge-captures.ts builds. */
const FILTERS = {
  'sdn-dns/cpe-eth0.pcap.gz': [
    'udp.stream == 0',
    'udp.stream in {1, 3..4}',
    'dns.qry.name contains "baw"',
    'dns.qry.type == 28',
    'dns.flags.response == 1',
    'dns.flags.rcode == 0',
    'dns.count.answers > 0',
    'udp.checksum != 0',
    'dns',
    'udp.port == 53 && ip.ttl < 64',
    'dns.id == 0x4b6e || frame.number in {1..4, 9}',
    'udp.payload contains "cluster"',
    'frame[14:1] == 45',
    'udp.length > 60 and not udp.srcport == 53',
    'arp',
    '!(udp || tcp)',
  ],
  'sdn-loss/node-tun0.pcap.gz': [
    'tcp.window_size > 40000',
    'tcp.window_size == 64128',
    'tcp.window_size_scalefactor == 128',
    'tcp.window_size != tcp.window_size_value',
    'tcp.time_relative > 0.5',
    'tcp.time_delta > 0.05',
    'tcp.time_delta == 0',
    'tcp.options.sack',
    'tcp.options.sack.count >= 1',
    'tcp.options.sack_le > 1000',
    'tcp.options.sack_re < 3000',
    'tcp.options.mss',
    'tcp.options.wscale.multiplier == 128',
    'tcp.options.timestamp and not tcp.options.sack_perm',
    'tcp.option_kind == 5',
    'tcp.option_len == 10',
    'tcp.options.nop',
    'tcp.options[0] == 2',
    'tcp.checksum == 0x0000',
    'ip.flags == 2',
    'ip.frag_offset == 0',
    'ip.dsfield == 0',
    'max(tcp.srcport, tcp.dstport) == 9443',
    'min(tcp.srcport, tcp.dstport) > 9442',
    'max(tcp.len, 100) == 100',
    'tcp.flags & 0x12 == 0x12',
    'tcp.flags bitwise_and 0x02',
    'tcp.srcport % 2 == 1',
    'tcp.len * 2 > 500',
    'tcp.nxtseq - tcp.seq == tcp.len',
    '!(tcp.flags.syn == 1) && !(tcp.len > 0)',
    'tcp',
    'tcp.flags.syn == 1 && tcp.flags.ack == 0',
    'tcp.flags & 2',
    'tcp.flags.reset == True',
    'ip.addr == 10.128.0.0/14',
    'ip.addr != 10.128.0.0/14',
    '!(ip.addr == 10.128.0.0/14)',
    'ip.src == 10.128.0.0/14 && ip.dst == 172.30.0.0/16',
    'tcp.port in {80, 443, 8080..9443}',
    'tcp.port == 9443',
    'tcp.port != 9443',
    'tcp.port ~= 9443',
    'tcp.port === 9443',
    'all tcp.port > 1024',
    'any tcp.port > 60000',
    'tcp.srcport == tcp.dstport',
    'tcp.len > 0',
    'tcp.len > 0 && tcp.len < 200',
    'tcp.analysis.retransmission',
    'tcp.analysis.ack_rtt',
    'tcp.analysis.ack_rtt > 0.0002',
    'tcp.analysis.acks_frame < 500',
    'tcp.analysis.acks_frame && !tcp.analysis.ack_rtt',
    'tcp.analysis.flags && !tcp.analysis.window_update',
    'tcp.payload contains "GET"',
    'tcp.payload matches "^(get|http)"',
    'tcp.payload[0:4] == "HTTP"',
    'tcp.payload[0-2] == 47:45:54',
    'len(tcp.payload) > 100',
    'frame contains 0d:0a',
    'frame.time_relative > 1.5',
    'frame.time_delta > 0.1',
    'frame.len >= 74 && frame.len <= 100',

    'tcp.options.mss_val == 1410',
    'tcp.window_size_value < 512',
    'ip.ttl == 63 or ip.ttl == 64',

    'ip.id == 0 and tcp.flags.syn == 1',
    'ip',
    'ipv6',
    'icmp',
    'not tcp',
    'tcp.flags == 0x012',
    'tcp.flags.push == 1 && tcp.len > 0 || tcp.flags.fin == 1',
    'tcp.hdr_len > 32',
    'ip.flags.df == 1',
    'ip.proto == 6 && ip.version == 4',
    'ip.addr in {10.128.0.0/14, 172.30.0.1}',
    'tcp.port in {9000..9999} and not tcp.flags.syn == 1',
    'tcp.payload[-2:] == 0d:0a',
    'tcp.dstport & 1',
    '!tcp.len == 0',
    'tcp.analysis.duplicate_ack',
    'tcp.analysis.out_of_order || tcp.analysis.lost_segment',
    'tcp.options.sack_perm',
    'tcp.options.wscale.shift == 7',
    'tcp.options.timestamp.tsecr == 0',
    'eth.type == 0x0800',
    'frame.cap_len == frame.len',
    'tcp.srcport + 1 == 9444',
    'count(ip.addr) == 2',
    'string(tcp.dstport) matches "^94"',
    'ip.hdr_len == 20 && tcp.hdr_len == 40',
    'ip.dsfield.dscp == 0',
    'ip.dsfield.ecn == 0',
    'ip.len > 500',
    'ip.flags.mf == 1',
    'tcp.urgent_pointer == 0',
    'tcp.stream == 0',
    'tcp.stream in {1, 3..4, 17}',
    'tcp.seq == 1 && tcp.len > 0',
    'tcp.ack == 0',
    'tcp.seq < tcp.ack',
    'tcp.nxtseq > 5000',
    'tcp contains "Host"',
    'tcp[13] == 2',
    'ip[8] == 63',
    'eth[0:3] == 0a:58:0a',
    'tcp.payload matches "(?i)content-length"',
    'tcp.payload matches "(?-i)content-length"',
    'frame.time_relative >= 1 && frame.time_relative <= 1.2',
    'frame.number in {10..20, 2500..2600}',
  ],
  'article-3.2/article-3.2-left.pcap.gz': [
    'tcp.stream == 2',
    'tcp.seq > 100000',
    'tcp.ack > 100000 && tcp.len == 0',
    'tcp.nxtseq == 1',
  ],
  'overlay-skew/node1-ens3.pcap.gz': [
    'vxlan',
    'vxlan.vni == 5',
    'ip.addr == 10.0.0.0/8',
    'tcp.window_size > 30000',
    'tcp.time_delta > 0.01',
  ],
  'bridge-healthy/api-eth0.pcap.gz': [
    'icmpv6',
    'icmpv6.type == 143 || icmpv6.type == 135',
    'icmpv6.nd.ns.target_address == fe80::/10',
    'ipv6.nxt == 58',
    'ipv6.nxt == 0',
    'ipv6.plen > 30',
    'ipv6.hlim == 255',
    'ipv6.version == 6',
    'ipv6.tclass.dscp == 0',
    'arp.opcode == 1',
    'arp.src.hw_mac == arp.dst.hw_mac',
    'eth.src == arp.src.hw_mac',
    'http.request && http.request.uri matches "[0-9]+$"',
    'tcp.window_size_scalefactor == 128 && tcp.time_relative < 0.001',
  ],
  'edge/messages': [
    'icmp.type == 8',
    'icmp.ident == 4660',
    'icmp.seq == 9',
    'icmp.mtu == 1400',
    'icmp.redir_gw == 18.52.0.9',
    'icmp.code == 4',
    'icmpv6.mtu == 1280',
    'icmpv6.echo.identifier == 1',
    'icmpv6.nd.ns.target_address == fd00::2',
    'icmpv6.opt.type == 3',
    'icmpv6.nd.ra.router_lifetime == 1800',
    'igmp.type == 0x11',
    'igmp.maddr == 239.1.2.3',
    'arp.opcode == 2',
    'arp.src.hw_mac == 02:00:00:00:00:01',
    'sctp.chunk_type == 1',
    'sctp.data_tsn_raw == 1000',
    'sctp.verification_tag == 0xabcd',
  ],
  'edge/options': [
    'tcp.option_kind == 30',
    'tcp.options.tfo',
    'tcp.options.md5',
    'tcp.options.user_to_val == 2',
    'tcp.options.experimental.exid == 0xf989',
    'tcp.options.sack.count == 3',
    'tcp.options.mptcp.subtype == 2',
    'tcp.options.ao.keyid == 3',
    'ip.opt.type == 7',
    'ip.rec_rt == 10.1.2.3',
    'ip.hdr_len > 20',
    'ipv6.opt.type == 5',
    'ipv6.routing.type == 4',
    'ipv6.hopopts',
    'ipv6.nxt == 44',
    'ipv6.fraghdr.offset > 0',
  ],
  'edge/beginnings': [
    'tls',
    'tls.handshake.type == 1',
    'tls.record.version == 0x0301',
    'tls.handshake.extensions_server_name == "a.example"',
    'http.request.method == "GET"',
    'http.response.code == 200',
    'dns.qry.name == "a.example"',
    'dns.flags.rcode == 3',
    'dns.flags.response == 0',
  ],
  'edge/tunnel-options': [
    'vxlan.gbp == 77',
    'vxlan.gbp',
    'vxlan.flag_a == 0',
    'vxlan.flag_d == 1',
    'vxlan.vni == 9',
  ],
  'edge/shells': [
    'vxlan.gbp == 7',
    'vxlan.gbp == 0 && vxlan.vni == 5',
    'vxlan.flag_a == 1 && vxlan.flag_d == 1',
    'vxlan.flag_a == 0 && vxlan.vni == 5',
    'pppoes',
    'pppoe.session_id == 42',
    'mpls',
    'mpls.label == 17',
    'vlan.id == 8',
    'tcp.port == 40000',
    'dns',
  ],
  'article-3.1/article-3.1-cpe.pcap.gz': [
    'tcp.flags.reset == 1',
    'ip.src == 10.128.3.214',
    'tcp.seq_raw == 1750650374',
    'frame.number >= 4 && frame.number <= 9',
    'eth.addr == 0a:58:0a:80:03:ca',
    'eth.src[0:3] == 0a:58:0a',
    'tcp.stream == 0',
    'tcp.seq == 1',
    'tcp.ack == 1',
  ],
};

/**
 * `1-4 9`
 * @param {number[]} frames ascending
 */
function formatRanges(frames) {
  /** @type {{ start: number, end: number }[]} */
  const ranges = [];
  for (const frame of frames) {
    const last = ranges.at(-1);
    if (last !== undefined && last.end + 1 === frame) last.end = frame;
    else ranges.push({ start: frame, end: frame });
  }
  return ranges.map(({ start, end }) => (start === end ? start : `${start}-${end}`)).join(' ');
}

/** @type {typeof import('../lib/testing/edge-captures')} */
const { edgeCaptures } = await import(
  pathToFileURL(await bundle('lib/testing/edge-captures.ts')).href
);
const built = new Map(edgeCaptures().map(({ name, bytes }) => [`edge/${name}`, bytes]));
const scratch = mkdtempSync(join(tmpdir(), 'hoplane-filter-oracle-'));
const recorded = Object.entries(FILTERS).flatMap(([capture, filters]) => {
  const file = join(scratch, 'capture.pcap');
  writeFileSync(
    file,
    built.get(capture) ?? gunzipSync(readFileSync(join(ROOT, 'e2e', 'captures', capture))),
  );
  return filters.map((filter) => {
    const out = execFileSync(
      'tshark',
      ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const frames = out.split('\n').filter(Boolean).map(Number);
    return [capture, filter, formatRanges(frames)].join('\t');
  });
});
rmSync(scratch, { recursive: true });
const now = `${recorded.join('\n')}\n`;
const before = existsSync(RECORDING) ? readFileSync(RECORDING, 'utf8') : '';
console.log(now === before ? 'equal' : 'differs');
if (now !== before && process.argv.includes('--record')) writeFileSync(RECORDING, now);
process.exitCode = now === before ? 0 : 1;
