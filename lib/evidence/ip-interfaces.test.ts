// Interfaces out of what `ip` prints, in all the ways it is asked to.
import { describe, expect, it } from 'vitest';
import { parseIpInterfaces } from './ip-interfaces';

const ADDRESS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
4: veth5b024d2c@if2: <BROADCAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default
    link/ether 9a:bf:91:ea:d2:ac brd ff:ff:ff:ff:ff:ff link-netns cpe
    inet6 fe80::98bf:91ff:feea:d2ac/64 scope link
13: wg0: <POINTOPOINT,NOARP,UP> mtu 1420 qdisc noqueue state UNKNOWN
    link/none
`;

const shown = (text: string) =>
  parseIpInterfaces(text).map((list) =>
    list.map(({ ifindex, name, mac }) => `${ifindex} ${name} ${mac ?? '–'}`),
  );

const ALL = ['1 lo –', '4 veth5b024d2c 9a:bf:91:ea:d2:ac', '13 wg0 –'];

describe('interfaces are read from', () => {
  it.each([
    ['ip address', ADDRESS],
    ['the same after the command that printed it', `# ip a\n${ADDRESS}`],
    ['the same with lines that end as Windows ends them', ADDRESS.replaceAll('\n', '\r\n')],
    ['the same in colour', ADDRESS.replace('veth5b024d2c', '\x1b[36mveth5b024d2c\x1b[0m')],
    [
      'ip -o link',
      `1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue \\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
4: veth5b024d2c@if2: <UP> mtu 1450 qdisc noqueue \\    link/ether 9a:bf:91:ea:d2:ac brd ff:ff:ff:ff:ff:ff
13: wg0: <UP> mtu 1420 \\    link/none`,
    ],
    [
      'ip -j address',
      JSON.stringify([
        { ifindex: 1, ifname: 'lo', link_type: 'loopback', address: '00:00:00:00:00:00' },
        { ifindex: 4, link_index: 2, ifname: 'veth5b024d2c', address: '9a:bf:91:ea:d2:ac' },
        { ifindex: 13, ifname: 'wg0', link_type: 'none' },
        { addr_info: [] },
      ]),
    ],
  ])('%s', (_, text) => {
    expect(shown(text)).toEqual([ALL]);
  });

  it('ip -o address, which says an interface on many lines and no MAC', () => {
    expect(
      shown(`6: tun0    inet 10.128.2.1/23 brd 10.128.3.255 scope global tun0\\  valid_lft forever
6: tun0    inet6 fe80::24c2:43ff:fed3:a1cd/64 scope link \\       valid_lft forever`),
    ).toEqual([['6 tun0 –']]);
  });

  it('several namespaces in one file, each a list of its own', () => {
    expect(shown(`${ADDRESS}\n${ADDRESS.replaceAll('veth5b024d2c@if2', 'eth0@if9')}`)).toEqual([
      ALL,
      ['4 eth0 9a:bf:91:ea:d2:ac', '13 wg0 –'],
    ]);
  });

  it.each([
    '',
    'no interfaces here: 1 of 2',
    '1: a list\n2: of things',
    '{"a": 1}',
    '[1, {"ifindex": "4"}, null]',
    '[',
    '10: 0 3 4\n11: 8 9 1',
  ])('nothing else: %j', (text) => {
    expect(shown(text)).toEqual([]);
  });
});
