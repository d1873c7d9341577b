// Compares the recording of which frames tshark's display filters let through with what tshark says now; `--record` writes it anew. Needs tshark 4.0, which
// `npm test` does not: lib/filter/tshark-filters.test.ts holds our filters against the recording.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from './root.mjs';

const RECORDING = join(ROOT, 'lib', 'filter', 'tshark-filters.tsv');

/** Filters by capture below e2e/captures. */
const FILTERS = {
  'sdn-dns/cpe-eth0.pcap.gz': [
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
  'overlay-skew/node1-ens3.pcap.gz': ['vxlan', 'vxlan.vni == 5', 'ip.addr == 10.0.0.0/8'],
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

const scratch = mkdtempSync(join(tmpdir(), 'hoplane-filter-oracle-'));
const recorded = Object.entries(FILTERS).flatMap(([capture, filters]) => {
  const file = join(scratch, 'capture.pcap');
  writeFileSync(file, gunzipSync(readFileSync(join(ROOT, 'e2e', 'captures', capture))));
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
