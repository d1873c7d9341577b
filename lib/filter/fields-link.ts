// Wireshark's fields of the frame and of what carries the packet: times, links, VLANs, tunnels.
import type { GroupPolicy } from '../model/capture';
import { type Field, type Getter, UNREAD } from './field';
import { field, NANOSECONDS, protocol } from './getters';

/** Of the outermost VXLAN; without a group policy its fields are 0, as Wireshark shows them. */
const ofVxlan =
  (read: (group: GroupPolicy) => number | boolean): Getter =>
  ({ link }) => {
    const tunnel = link.tunnels.find(({ kind, generic }) => kind === 'vxlan' && !generic);
    return tunnel && Number(tunnel.group === undefined ? 0 : read(tunnel.group));
  };

export const FRAME_FIELDS: readonly Field[] = [
  field('frame', 'bytes', 'The whole frame as captured', (subject) => subject.bytes ?? UNREAD),
  field('frame.number', 'number', 'Number of the frame in its capture', ({ row }) => row + 1),
  field('frame.len', 'number', 'Bytes on the wire', ({ table, row }) => table.wireLength(row)),
  field('frame.cap_len', 'number', 'Bytes captured', ({ table, row }) => table.capturedLength(row)),
  field('frame.time', 'time', 'When it was captured: "2021-02-15 13:53:53.1"', ({ time }) => time),
  field(
    'frame.time_epoch',
    'seconds',
    'Seconds since 1970',
    ({ time, baseTime }) => Number((baseTime + BigInt(Math.round(time))) / 1000n) / 1e6,
  ),
  field(
    'frame.time_relative',
    'seconds',
    'Since the capture’s first frame',
    ({ captureTime }) => captureTime / NANOSECONDS,
  ),
  field(
    'frame.time_delta',
    'seconds',
    'Since the frame before',
    ({ timeDelta }) => timeDelta / NANOSECONDS,
  ),
  field(
    'frame.interface_name',
    'text',
    'Interface',
    ({ interfaceName }) => interfaceName ?? undefined,
  ),
  field('frame.file', 'text', 'The capture’s file', ({ file }) => file),
];

export const LINK_FIELDS: readonly Field[] = [
  protocol(
    'eth',
    'Ethernet',
    ({ link }) => link.sourceMac !== null && link.destinationMac !== null,
  ),
  field('eth.src', 'mac', 'Source MAC', ({ link }) => link.sourceMac ?? undefined),
  field('eth.dst', 'mac', 'Destination MAC', ({ link }) => link.destinationMac ?? undefined),
  field(
    'eth.addr',
    'mac',
    'Source or destination MAC',
    ({ link }) => link.sourceMac ?? undefined,
    ({ link }) => link.destinationMac ?? undefined,
  ),
  field('vlan', 'presence', 'Has a VLAN tag', ({ link }) =>
    link.vlans.length > 0 ? 1 : undefined,
  ),
  field(
    'vlan.id',
    'number',
    'VLAN',
    ({ link }) => link.vlans[0],
    ({ link }) => link.vlans[1],
  ),
  field('tunnel', 'text', 'Tunnel around the packet', ({ link }) => link.tunnels[0]?.kind),
  field('tunnel.src', 'text', 'Outer source address', ({ link }) => link.tunnels[0]?.source),
  field(
    'tunnel.dst',
    'text',
    'Outer destination address',
    ({ link }) => link.tunnels[0]?.destination,
  ),
  ...(['vxlan', 'geneve', 'gre'] as const).map((kind) =>
    field(kind, 'presence', `Inside ${kind}`, ({ link }) =>
      link.tunnels.some((tunnel) => tunnel.kind === kind) ? 1 : undefined,
    ),
  ),
  field(
    'vxlan.vni',
    'number',
    'VXLAN network identifier',
    ({ link }) => link.tunnels.find(({ kind }) => kind === 'vxlan')?.identifier ?? undefined,
  ),
  field(
    'geneve.vni',
    'number',
    'Geneve network identifier',
    ({ link }) => link.tunnels.find(({ kind }) => kind === 'geneve')?.identifier ?? undefined,
  ),
  field(
    'gre.key',
    'number',
    'GRE key',
    ({ link }) => link.tunnels.find(({ kind }) => kind === 'gre')?.identifier ?? undefined,
  ),
  field(
    'vxlan.gbp',
    'number',
    'VXLAN group policy',
    ofVxlan(({ id }) => id),
  ),
  field(
    'vxlan.flag_a',
    'flag',
    'VXLAN group policy applied',
    ofVxlan(({ applied }) => applied),
  ),
  field(
    'vxlan.flag_d',
    'flag',
    'VXLAN source not to be learned',
    ofVxlan(({ unlearned }) => unlearned),
  ),
  field('pppoes', 'presence', 'In a PPPoE session', ({ link }) =>
    link.session === undefined ? undefined : 1,
  ),
  field('pppoe.session_id', 'number', 'PPPoE session', ({ link }) => link.session),
  field('mpls', 'presence', 'Has MPLS labels', ({ link }) =>
    link.labels === undefined ? undefined : 1,
  ),
  field(
    'mpls.label',
    'number',
    'MPLS label, the outer or the inner one',
    ({ link }) => link.labels?.[0],
    ({ link }) => link.labels?.[1],
  ),
];
