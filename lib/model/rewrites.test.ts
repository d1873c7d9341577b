import { describe, expect, it } from 'vitest';
import { buildWindow, type SightingSpec } from '../testing/window-builder';
import { parseEndpoint } from './endpoint';
import { PROTOCOL_ICMP, PROTOCOL_UDP } from './protocols';
import { findRestorationFaults } from './restoration';
import { deriveRewrites, isTranslationField, journeyOfSighting } from './rewrites';
import { TCP_ACK, TCP_SYN } from './tcp-flags';

const CLIENT = '10.128.3.202:60170';
const SERVICE = '172.30.249.115:9443';
const POD = '10.128.3.214:9443';
const TRANSLATED = '10.128.3.202:59906';

const hop = (before: SightingSpec, after: SightingSpec, protocol = 6) =>
  deriveRewrites(
    buildWindow({
      protocols: { c1: protocol },
      journeys: [
        { sightings: [{ time: 0, source: CLIENT, destination: SERVICE, ...before }, after] },
      ],
    }),
    0,
    1,
  );

describe('deriveRewrites', () => {
  it('names both ends of a translation, and what routing did', () => {
    expect(
      hop(
        { sourceMac: '0a:00:00:00:00:01', destinationMac: '0a:00:00:00:00:02' },
        { source: TRANSLATED, destination: POD, ttl: 63, destinationMac: '0a:00:00:00:00:03' },
      ),
    ).toEqual([
      { field: 'tcp.srcport', before: '60170', after: '59906' },
      { field: 'ip.dst', before: '172.30.249.115', after: '10.128.3.214' },
      { field: 'ip.ttl', before: '64', after: '63' },
      { field: 'eth.dst', before: '0a:00:00:00:00:02', after: '0a:00:00:00:00:03' },
    ]);
  });

  it('says nothing where nothing differs, nor of a MAC that a link does not show', () => {
    expect(hop({}, { time: 5 })).toEqual([]);
    expect(hop({ sourceMac: '0a:00:00:00:00:01' }, { sourceMac: '' })).toEqual([]);
  });

  it('uses the names of IPv6 and UDP', () => {
    const rewrites = hop(
      { source: '[fd00::1]:80', destination: '[fd00::2]:53', tos: 0 },
      { destination: '[fd00::3]:5353', ttl: 63, tos: 3 },
      PROTOCOL_UDP,
    );
    expect(rewrites.map(({ field }) => field)).toEqual([
      'ipv6.dst',
      'udp.dstport',
      'ipv6.hlim',
      'ipv6.tclass',
    ]);
    expect(rewrites[3]).toEqual({ field: 'ipv6.tclass', before: '0x00', after: '0x03' });
  });

  it('calls a sequence number shifted only where the bytes moved, not where a frame was cut again', () => {
    const bytes = { byteStart: 2448, byteEnd: 3896 };
    expect(hop({ sequence: 1000, ...bytes }, { sequence: 2448, byteStart: 0, byteEnd: 0 })).toEqual(
      [],
    );
    expect(hop({ sequence: 1000 }, { sequence: 5000 })).toEqual([
      { field: 'tcp.seq_raw', before: '1000', after: '5000' },
    ]);
    expect(
      hop({ flags: TCP_ACK, acknowledgement: 7 }, { acknowledgement: 9 }).map(({ field }) => field),
    ).toEqual(['tcp.ack_raw']);
  });

  it('sees a clamped MSS on a SYN alone', () => {
    expect(hop({ flags: TCP_SYN, mss: 1460 }, { mss: 1410 })).toEqual([
      { field: 'tcp.options.mss_val', before: '1460', after: '1410' },
    ]);
    expect(hop({ flags: TCP_ACK, mss: 1460 }, { mss: 1410 })).toEqual([]);
  });

  it('tells encapsulation that came, went or changed its number', () => {
    expect(hop({}, { encapsulation: 'vxlan 7 10.0.0.1 > 10.0.0.2' })).toEqual([
      { field: 'frame.protocols', before: 'ip:tcp', after: 'ip:udp:vxlan:eth:ethertype:ip:tcp' },
      { field: 'vxlan.vni', before: '', after: '7' },
    ]);
    expect(
      hop(
        { encapsulation: 'vxlan 7 10.0.0.1 > 10.0.0.2' },
        { encapsulation: 'vxlan 8 10.0.0.1 > 10.0.0.2' },
      ),
    ).toEqual([{ field: 'vxlan.vni', before: '7', after: '8' }]);
    expect(
      hop({ encapsulation: 'vlan 10' }, { encapsulation: '' }).map(({ field }) => field),
    ).toEqual(['frame.protocols', 'vlan.id']);
  });

  it('tells Geneve options, MPLS labels and ERSPAN from one another', () => {
    const geneve = 'geneve 9 192.0.2.1 > 192.0.2.2';
    expect(
      hop(
        { encapsulation: `${geneve} options 0102-80-00010002+0101-01, vxlan 4 fd00::1 > fd00::2` },
        { encapsulation: `${geneve} options 0102-80-00010003+0101-01, vxlan 4 fd00::1 > fd00::2` },
      ),
    ).toEqual([
      {
        field: 'geneve.options',
        before: '0102-80-00010002+0101-01',
        after: '0102-80-00010003+0101-01',
      },
    ]);
    expect(hop({ encapsulation: 'mpls 17, mpls 18' }, { encapsulation: 'mpls 19' })).toEqual([
      { field: 'mpls.label', before: '17,18', after: '19' },
    ]);
    expect(hop({}, { encapsulation: 'mpls 17, mpls 18' })[0].after).toBe('mpls:ip:tcp');
    expect(
      hop({ encapsulation: 'vlan 7, pppoe 42' }, { encapsulation: 'vlan 7, pppoe 43' }),
    ).toEqual([{ field: 'pppoe.session_id', before: '42', after: '43' }]);
    const vxlan = 'vxlan 5 192.0.2.1 > 192.0.2.2';
    expect(
      hop(
        { encapsulation: `${vxlan} group 7` },
        { encapsulation: `${vxlan} group 9 applied unlearned` },
      ),
    ).toEqual([
      { field: 'vxlan.gbp', before: '7', after: '9' },
      { field: 'vxlan.flag_a', before: '0', after: '1' },
      { field: 'vxlan.flag_d', before: '0', after: '1' },
    ]);
    // Tags within a tunnel stand behind it.
    for (const [encapsulation, protocols] of [
      [`${vxlan} group 7, vlan 8`, 'ip:udp:vxlan:eth:ethertype:vlan:ethertype:ip:tcp'],
      ['mpls-in-udp 192.0.2.1 > 192.0.2.2, mpls 16', 'ip:udp:mpls:ip:tcp'],
      ['vlan 3, pppoe 42', 'vlan:ethertype:pppoes:ppp:ip:tcp'],
    ])
      expect(hop({}, { encapsulation })[0].after).toBe(protocols);
    expect(hop({}, { encapsulation: 'erspan 5 10.0.0.1 > 10.0.0.2' })).toEqual([
      {
        field: 'frame.protocols',
        before: 'ip:tcp',
        after: 'ip:gre:erspan:eth:ethertype:ip:tcp',
      },
    ]);
    // The address is no identifier.
    expect(hop({}, { encapsulation: 'ipip 2001:db8::1 > 2001:db8::2' })[0].after).toBe(
      'ipv6:ip:tcp',
    );
  });

  it('sees NAT of an echo identifier', () => {
    const echo = { source: '10.0.0.1', destination: '10.0.0.2', flags: 8 << 8 };
    expect(
      hop({ ...echo, sequence: (7 << 16) | 3 }, { sequence: (9 << 16) | 3 }, PROTOCOL_ICMP),
    ).toEqual([{ field: 'icmp.ident', before: '7', after: '9' }]);
  });

  it('finds the journey of a sighting', () => {
    const window = buildWindow({
      journeys: [{ sightings: [{ time: 0 }, { time: 1 }] }, { sightings: [{ time: 2 }] }],
    });
    expect([0, 1, 2].map((row) => journeyOfSighting(window, row))).toEqual([0, 0, 1]);
  });

  it('knows a translation from other rewrites', () => {
    const fields = ['ip.src', 'ipv6.dst', 'tcp.srcport', 'udp.dstport', 'icmp.ident'];
    expect(fields.every(isTranslationField)).toBe(true);
    expect(['ip.ttl', 'eth.src', 'tcp.seq_raw', 'vxlan.vni'].some(isTranslationField)).toBe(false);
  });
});

describe('findRestorationFaults', () => {
  const reply = (atClient: SightingSpec) =>
    findRestorationFaults(
      buildWindow({
        journeys: [
          {
            direction: 'reverse',
            sightings: [
              { time: 0, point: 1, source: POD, destination: TRANSLATED },
              { time: 1, point: 0, ...atClient },
            ],
          },
        ],
      }),
      0,
      CLIENT,
      SERVICE,
      0,
    );

  it('is silent when the reply is the inverse', () => {
    expect(reply({ source: SERVICE, destination: CLIENT })).toEqual([]);
  });

  it('names the end that was not restored, expected and got', () => {
    expect(reply({ destination: CLIENT })).toEqual([{ end: 'src', expected: SERVICE, got: POD }]);
    expect(reply({}).map(({ end }) => end)).toEqual(['src', 'dst']);
  });
});

describe('parseEndpoint', () => {
  it.each([
    ['10.0.0.1:80', '10.0.0.1', 80],
    ['[fd00::1]:80', 'fd00::1', 80],
    ['fd00::1', 'fd00::1', null],
    ['10.0.0.1', '10.0.0.1', null],
  ])('%s', (text, address, port) => {
    expect(parseEndpoint(text)).toEqual({ address, port });
  });
});
