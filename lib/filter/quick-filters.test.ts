import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter';
import {
  applyQuickFilter,
  filterOfBytes,
  filtersOfEndpoint,
  filtersOfField,
} from './quick-filters';

describe('quick filters', () => {
  it('of an endpoint: its address, its port, both', () => {
    expect(filtersOfEndpoint('10.0.0.1:80')).toEqual([
      'ip.addr == 10.0.0.1',
      'tcp.port == 80',
      'ip.addr == 10.0.0.1 && tcp.port == 80',
    ]);
    expect(filtersOfEndpoint('[fd00::1]:53', 'udp')).toEqual([
      'ipv6.addr == fd00::1',
      'udp.port == 53',
      'ipv6.addr == fd00::1 && udp.port == 53',
    ]);
    expect(filtersOfEndpoint('10.0.0.1', 'arp')).toEqual(['ip.addr == 10.0.0.1']);
    expect(filtersOfEndpoint('ff02::16')).toEqual(['ipv6.addr == ff02::16']);
  });

  it.each(['', '12:53:07', 'tun0', '999.1.1.1', '10.0.0.1:99999999'])('none of %s', (text) => {
    expect(filtersOfEndpoint(text).filter((one) => !compileFilter(one, 0n).ok)).toEqual([]);
  });

  it('of a field, where the filter knows it and its value', () => {
    expect(filtersOfField('tcp.srcport', '9443')).toEqual(['tcp.srcport == 9443']);
    expect(filtersOfField('tcp.flags', '0x0002 [S]')).toEqual(['tcp.flags == 0x0002']);
    expect(filtersOfField('ip.src', '10.0.0.1')).toEqual(['ip.src == 10.0.0.1']);
    expect(filtersOfField('tcp.options', '20 bytes')).toEqual([]);
    expect(filtersOfField('ip.proto', 'TCP (6)')).toEqual(['ip.proto == 6']);
    expect(filtersOfField('tcp.flags.ack', 'not set')).toEqual(['tcp.flags.ack == 0']);
    expect(filtersOfField('ip.hdr_len', '20 bytes')).toEqual(['ip.hdr_len == 20']);
    expect(filtersOfField('dns.qry.name', 'a.example')).toEqual(['dns.qry.name == "a.example"']);
    expect(filtersOfField('quic.dcid', '0102030405060708')).toEqual([
      'quic.dcid == 0102030405060708',
    ]);
    expect(filtersOfField('icmp.redir_gw', '10.0.0.9')).toEqual(['icmp.redir_gw == 10.0.0.9']);
  });

  it('of bytes: pairs in hexadecimal, else text', () => {
    expect(filterOfBytes('16 03 01')).toBe('frame contains 16:03:01');
    expect(filterOfBytes('GET /')).toBe('frame contains "GET /"');
    for (const text of ['16:03:01', 'say "hello"', 'a\\b'])
      expect(compileFilter(filterOfBytes(text), 0n).ok, text).toBe(true);
  });

  it.each([
    ['', 'tcp', 'only', 'tcp'],
    ['', 'tcp', 'not', '!(tcp)'],
    ['udp', 'tcp', 'and', 'udp && tcp'],
    ['udp || arp', 'ip.addr == 10.0.0.1', 'and', '(udp || arp) && ip.addr == 10.0.0.1'],
    ['udp', 'ip.ttl == 3', 'not', 'udp && !(ip.ttl == 3)'],
    ['udp', 'tcp', 'only', 'tcp'],
    // Words, and a filter half typed, give way.
    ['10.0.0.1 failed', 'tcp', 'and', 'tcp'],
    ['tcp.port ==', 'tcp', 'and', 'tcp'],
  ] as const)('“%s” and %s, %s: %s', (inForce, filter, how, expected) => {
    const applied = applyQuickFilter(inForce, filter, how);
    expect(applied).toBe(expected);
    expect(compileFilter(applied, 0n).ok).toBe(true);
  });
});
