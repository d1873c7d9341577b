// What the filter language says of texts; what it lets through is held against tshark in lib/engine/tshark-filters.test.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, FILTER_FIELDS, isPlainSearch } from './filter';

const error = (text: string) => {
  const result = compileFilter(text, 0n);
  if (result.ok) throw new Error(`${text} was read`);
  const { start, end } = result.error;
  return `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}: ${result.error.text}`;
};

describe('compileFilter', () => {
  it.each([
    ['tcp.prot == 80', '[tcp.prot] == 80: there is no field “tcp.prot”'],
    ['tcp.port == eighty', 'tcp.port == [eighty]: “eighty” is no number'],
    [
      'ip.addr == 10.0.0.300',
      'ip.addr == [10.0.0.300]: “10.0.0.300” is no IP address and no prefix',
    ],
    [
      'ip.addr == 10.0.0.0/33',
      'ip.addr == [10.0.0.0/33]: “10.0.0.0/33” is no IP address and no prefix',
    ],
    ['tcp && ', 'tcp && []: something is missing here'],
    ['(tcp', '(tcp[]: “)” belongs here'],
    ['tcp.port in {80', 'tcp.port in {80[]: “}” belongs here'],
    ['tcp udp', 'tcp [udp]: “udp” is one word too many'],
    [
      'tcp.analysis.retransmission == 1',
      '[tcp.analysis.retransmission] == 1: this field is there or not: it has no value to compare',
    ],
    [
      'tcp.payload matches "("',
      'tcp.payload matches ["("]: this pattern is not a regular expression',
    ],
    ['hop.latency > soon', 'hop.latency > [soon]: “soon” is no duration: seconds, or 2ms, 10us'],
    [
      'frame.time > "yesterday"',
      'frame.time > ["yesterday"]: “yesterday” is no time: "2021-02-15 13:53:53"',
    ],
    ['point == "tun0', 'point == ["tun0]: the quote that opens here is not closed'],
    ['upper(tcp.port, 1) == 2', '[upper(tcp.port, 1)] == 2: upper() takes one value'],
    ['tcp.port contains 80', '[tcp.port contains 80]: “contains” asks for text or bytes'],
    ['wlan[0:3] == 0a:58:0a', '[wlan][0:3] == 0a:58:0a: there is no field “wlan”'],
    [
      'vlan contains "x"',
      '[vlan] contains "x": this field is there or not: it has no value to compare',
    ],
    ['tcp # udp', 'tcp [#] udp: “#” has no meaning here'],
    [
      'ip.src#2 == 10.0.0.1',
      'ip.src[#2] == 10.0.0.1: headers of one kind are not counted here, so that #2 can’t be asked: addresses and ports are those of the innermost packet',
    ],
    [
      `\${private;ip.src} || tcp`,
      `[\${private;ip.src}] || tcp: macros as \${private;ip.src} are not known here: write out what it stands for`,
    ],
    [
      'tcp.options.mptcp.sendkey == 1',
      '[tcp.options.mptcp.sendkey] == 1: numbers of 64 bits are not compared here: look for its bytes, as in tcp contains 01:23:45',
    ],
    [
      'tcp.analysis.bytes_in_flight > 1000',
      '[tcp.analysis.bytes_in_flight] > 1000: this part of the TCP analysis is not computed here',
    ],
  ])('%s', (text, expected) => {
    expect(error(text)).toBe(expected);
  });

  it.each([
    'ip.addr == 10.0.0.0/8 && tcp.port == 9443 && tcp.flags.syn == 1',
    'hop.lost && journey.direction == forward',
    'hop.latency > 2ms',
    'point == "tun0" and nat.here',
    'finding == half-untranslated-reply',
    'ipv6.addr == fd00::/8 || ipv6.src == 2001:db8::1',
    'eth.addr == 0a-58-0a-80-03-ca',
    'frame.time >= "2021-02-15 13:53:53.1" and frame.time < "2021-02-16"',
    'frame[0:2,4-5] == 00:01:02:03',
    'frame[-4:] == 00:00:00:00',
    'tcp.dstport - tcp.srcport > 1000',
    '(tcp.len + 20) * 2 > 100',
    'tcp.port in {80 443}',
    'tcp.port not in {80, 443}',
    'journey.fate in {lost, missed}',
    '10 < tcp.len <= 1448',
    'connection.server contains "9443"',
    "frame.file == 'a b.pcap'",
    'not (tcp or udp) xor icmp',
  ])('reads %s', (text) => {
    expect(compileFilter(text, 0n)).toMatchObject({ ok: true });
  });

  it('answers every text, whatever it is', () => {
    const part = fc.oneof(
      fc.constantFrom(...FILTER_FIELDS.map(({ name }) => name)),
      fc.constantFrom('==', '!=', '&&', '||', '!', '(', ')', '[', ']', '{', '}', ',', '..', '-'),
      fc.constantFrom(
        'in',
        'contains',
        'matches',
        'any',
        'all',
        '"x"',
        '10.0.0.1',
        '::1',
        '2ms',
        '0x1f',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        const result = compileFilter(text, 0n);
        if (result.ok) return;
        const { start, end } = result.error;
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(text.length);
        expect(end).toBeGreaterThan(start - 1);
      }),
    );
  });

  it('does not run out of stack', () => {
    expect(compileFilter(`${'('.repeat(50_000)}tcp${')'.repeat(50_000)}`, 0n).ok).toBe(false);
    expect(compileFilter('!'.repeat(50_000), 0n).ok).toBe(false);
  });
});

describe('isPlainSearch', () => {
  it.each(['', '10.0.0.1', 'tcp failed', '172.30.0.1:443', 'half-untranslated-reply'])(
    '%s is words',
    (text) => expect(isPlainSearch(text)).toBe(true),
  );
  it.each(['tcp', 'hop.lost', 'tcp.port == 80', '!arp', 'tcp or udp'])('%s is a filter', (text) =>
    expect(isPlainSearch(text)).toBe(false),
  );
});
