import { describe, expect, it } from 'vitest';
import type { Point } from './capture';
import type { Leg } from './connection';
import { filterOfFrame, filterOfLegs, filterOfTuple, filtersOfPoints } from './wireshark-filter';

const BEFORE: Leg = { point: 'p1', client: '10.128.3.202:40456', server: '172.30.249.115:9443' };
const AFTER: Leg = { point: 'p2', client: '10.128.2.1:40456', server: '10.131.0.9:9443' };
const POINTS = ['p1', 'p2', 'p3'].map((id) => ({ id, name: `point ${id}` }) as Point);

describe('filters for Wireshark', () => {
  it.each([
    [
      'tcp',
      '10.0.0.1:80',
      '10.0.0.2:4',
      'ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2 && tcp.port == 80 && tcp.port == 4',
    ],
    [
      'udp',
      '[fd00::1]:53',
      '[fd00::2]:53',
      'ipv6.addr == fd00::1 && ipv6.addr == fd00::2 && udp.port == 53',
    ],
    ['icmp', '10.0.0.1', '10.0.0.2', 'ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2 && icmp'],
    [
      'ip-89',
      '10.0.0.1',
      '10.0.0.2',
      'ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2 && ip.proto == 89',
    ],
    [
      'ip-89',
      'fd00::1',
      'fd00::2',
      'ipv6.addr == fd00::1 && ipv6.addr == fd00::2 && ipv6.nxt == 89',
    ],
    [
      'arp',
      '10.0.0.1',
      '10.0.0.2',
      '(arp.src.proto_ipv4 == 10.0.0.1 || arp.dst.proto_ipv4 == 10.0.0.1) && (arp.src.proto_ipv4 == 10.0.0.2 || arp.dst.proto_ipv4 == 10.0.0.2)',
    ],
  ])('%s between %s and %s', (protocol, client, server, filter) => {
    expect(filterOfTuple(protocol, client, server)).toBe(filter);
  });

  it('has for each point, in path order, the tuple that NAT left there, and both where one point saw both', () => {
    const both = { ...AFTER, point: 'p1' };
    const one = (leg: Leg) => filterOfTuple('tcp', leg.client, leg.server);
    const filters = filtersOfPoints(
      [{ protocol: 'tcp', points: ['p1', 'p2'], legs: [AFTER, BEFORE, both] }],
      POINTS,
    );
    expect(filters.map(({ point, filter }) => [point.id, filter])).toEqual([
      ['p1', `(${one(BEFORE)}) || (${one(AFTER)})`],
      ['p2', one(AFTER)],
    ]);
  });

  it('says a tuple once', () => {
    expect(filterOfLegs([{ protocol: 'tcp', legs: [AFTER, { ...AFTER, point: 'p3' }] }])).toBe(
      filterOfTuple('tcp', AFTER.client, AFTER.server),
    );
  });

  it('names the frame of its file', () => {
    expect(filterOfFrame({ file: 'node-tun0.pcap', frame: 7 })).toEqual({
      name: 'frame 7 of node-tun0.pcap',
      filter: 'frame.number == 7',
    });
  });
});
