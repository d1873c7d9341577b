// `read`: the columns of a capture built by a whole Node process, against `tshark -T fields` of the same columns as a whole process; turn by turn in one run.
import { bundle } from '../scripts/bundle.mjs';
import type { BenchOptions } from './bench-options';
import { median } from './median';
import { type ProcessTime, timeProcess } from './timed-process';
import { type CaptureName, captureFile } from './traffic/captures';

/** The columns of `hoplane packets`; a second name where IPv6 has another. */
const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'ip.proto',
  'ipv6.nxt',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'ip.id',
  'ip.ttl',
  'ipv6.hlim',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.options.timestamp.tsval',
  'tcp.options.timestamp.tsecr',
  'udp.length',
  'icmp.type',
  'icmp.code',
  'vxlan.vni',
];
/** As cheap as tshark has it: nothing put together, nothing followed from frame to frame. */
const OPTIONS = [
  '-n',
  ...['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'].flatMap((name) => [
    '-o',
    `${name}:FALSE`,
  ]),
  ...['-o', 'tcp.analyze_sequence_numbers:FALSE', '-T', 'fields'],
];

const DEFAULT_FILES: readonly CaptureName[] = ['mixed', 'small'];
const DEFAULT_MEGABYTES = 1000;

export async function benchRead({ megabytes, rounds, files }: BenchOptions): Promise<void> {
  const program = await bundle('bench/build-columns.ts');
  for (const name of files ?? DEFAULT_FILES) {
    const size = megabytes ?? DEFAULT_MEGABYTES;
    const path = captureFile(name, size);
    const ours: ProcessTime[] = [];
    const theirs: ProcessTime[] = [];
    timeProcess(process.execPath, [program, path]);
    for (let round = 0; round < rounds; round += 1) {
      const words = ['-r', path, ...OPTIONS, ...FIELDS.flatMap((field) => ['-e', field])];
      theirs.push(timeProcess('tshark', words));
      ours.push(timeProcess(process.execPath, [program, path]));
    }
    const line = (['wall', 'cpu'] as const).map((clock) => {
      const [mine, other] = [ours, theirs].map((times) => median(times.map((time) => time[clock])));
      return `${clock}: ${mine.toFixed(2)} s, tshark ${other.toFixed(1)} s, ratio ${(other / mine).toFixed(0)}`;
    });
    console.log(`${name.padEnd(14)} ${size} MB   ${line.join('   ')}`);
  }
}
