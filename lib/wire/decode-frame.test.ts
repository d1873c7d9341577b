// What the decoders make of frames: rows, link contexts, status. Equality with tshark over real captures is cli/packets.test.ts.
import { describe, expect, it } from 'vitest';
import { encapsulationText } from '../model/encapsulation';
import { NO_TUPLE } from '../model/packet-columns';
import {
  STATUS_DONT_FRAGMENT,
  STATUS_FRAGMENT,
  STATUS_ICMP_ERROR,
  STATUS_IPV4,
  STATUS_IPV6,
  STATUS_LATER_FRAGMENT,
  STATUS_MALFORMED,
  STATUS_PAYLOAD_CUT,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
  STATUS_TUNNELLED,
} from '../model/packet-status';
import { PROTOCOL_ARP, PROTOCOL_ICMP, PROTOCOL_TCP } from '../model/protocols';
import { type CapturedFrame, pcapFile } from '../testing/capture-file';
import { DRAWN_PORTS, SHELL_FRAMES } from '../testing/edge-shells';
import {
  arpFrame,
  icmpFrame,
  ipFrame,
  join,
  linkFrame,
  parseAddress,
  tcpFrame,
  udpFrame,
  vxlanFrame,
} from '../testing/frame-builder';
import { type CaptureRead, readCapture, tupleText } from '../testing/read-capture';

const ENDS = { source: '10.0.0.9:40000', destination: '10.0.0.2:443' };

const at = (bytes: Uint8Array, wireLength = bytes.length): CapturedFrame => ({
  timeNs: 1_000_000_000n,
  bytes,
  wireLength,
});

const read = (frames: readonly CapturedFrame[], linkType = 1): Promise<CaptureRead> =>
  readCapture(pcapFile(frames, { linkType }));

/** The frame's row, read from a capture of it alone. */
async function rowOf(bytes: Uint8Array, wireLength = bytes.length, linkType = 1) {
  const capture = await read([at(bytes, wireLength)], linkType);
  const { table, links, tuples } = capture;
  const get = (column: Parameters<typeof table.get>[0]): number => table.get(column, 0);
  return { capture, get, table, link: links[0], tuple: tuples[0], ends: tupleText(capture, 0) };
}

describe('TCP', () => {
  it('fills every column of a data segment', async () => {
    const { get, table, ends, tuple } = await rowOf(
      tcpFrame({
        ...ENDS,
        flags: 'P.',
        sequence: 4_294_967_290,
        acknowledgement: 3_000_000_000,
        window: 501,
        ttl: 63,
        tos: 0xb8,
        ipId: 0xbeef,
        timestamps: [1713889923, 7],
        payload: 'hello',
      }),
    );
    expect(ends).toBe('10.0.0.9:40000 > 10.0.0.2:443');
    expect(tuple).toMatchObject({ protocol: PROTOCOL_TCP, first: '10.0.0.2', firstPort: 443 });
    expect(get('sequence')).toBe(4_294_967_290);
    expect(get('acknowledgement')).toBe(3_000_000_000);
    expect(get('timestampValue')).toBe(1713889923);
    expect(get('timestampEcho')).toBe(7);
    expect(get('flags')).toBe(0x18);
    expect(get('window')).toBe(501);
    expect(get('ttl')).toBe(63);
    expect(get('tos')).toBe(0xb8);
    expect(get('ipId')).toBe(0xbeef);
    expect(table.payloadLength(0)).toBe(5);
    expect(get('payloadDigest')).not.toBe(0);
    expect(get('status')).toBe(
      STATUS_IPV4 | STATUS_TRANSPORT | STATUS_TIMESTAMPS | STATUS_DONT_FRAGMENT,
    );
  });

  it('gives both directions one tuple, told apart by its lowest bit', async () => {
    const { table, tuples } = await read([
      at(tcpFrame(ENDS)),
      at(tcpFrame({ source: ENDS.destination, destination: ENDS.source })),
    ]);
    expect(tuples).toHaveLength(1);
    expect([table.get('tuple', 0), table.get('tuple', 1)]).toEqual([1, 0]);
  });

  it('orders ends with one address by their ports', async () => {
    const { tuple, ends } = await rowOf(
      tcpFrame({ source: '127.0.0.1:9000', destination: '127.0.0.1:80' }),
    );
    expect(tuple).toMatchObject({ firstPort: 80, secondPort: 9000 });
    expect(ends).toBe('127.0.0.1:9000 > 127.0.0.1:80');
  });

  it('keeps options of a SYN and SACK edges', async () => {
    const { table } = await read([
      at(tcpFrame({ ...ENDS, flags: 'S', mss: 1460, windowScale: 7, sackPermitted: true })),
      at(
        tcpFrame({
          ...ENDS,
          sacks: [
            [1, 2],
            [4_000_000_000, 4_000_000_100],
          ],
        }),
      ),
      at(tcpFrame({ ...ENDS, flags: 'S' })),
    ]);
    expect(table.synOptionsOf(0)).toEqual({ mss: 1460, windowScale: 7, sackPermitted: true });
    expect(table.synOptionsOf(1)).toEqual({ mss: 0, windowScale: 0xffff, sackPermitted: false });
    expect(table.sackEdgesOf(1)).toEqual([1, 2, 4_000_000_000, 4_000_000_100]);
    expect(table.sackEdgesOf(2)).toEqual([]);
  });

  it('takes the length of a TSO packet, total length 0, from the frame', async () => {
    const { table } = await rowOf(tcpFrame({ ...ENDS, totalLength: 0, payload: 70_000 }));
    expect(table.payloadLength(0)).toBe(70_000);
    expect(table.wireLength(0)).toBe(70_054);
    expect(table.capturedLength(0)).toBe(70_054);
  });

  it('leaves Ethernet padding out of the payload', async () => {
    const { table, get } = await rowOf(join(tcpFrame(ENDS), new Uint8Array(6)));
    expect(table.payloadLength(0)).toBe(0);
    expect(get('payloadDigest')).toBe(0);
  });

  it('marks a payload that is cut before the digest is full', async () => {
    const whole = tcpFrame({ ...ENDS, payload: 200 });
    const enough = await rowOf(whole.slice(0, 54 + 64), whole.length);
    const cut = await rowOf(whole.slice(0, 54 + 63), whole.length);
    const all = await rowOf(whole);
    expect(enough.get('payloadDigest')).toBe(all.get('payloadDigest'));
    expect(cut.get('payloadDigest')).toBe(0);
    expect(cut.get('status') & STATUS_PAYLOAD_CUT).not.toBe(0);
    expect(cut.table.payloadLength(0)).toBe(200);
  });
});

describe('fragments', () => {
  it('gives a later fragment addresses without ports', async () => {
    const { get, ends } = await rowOf(
      ipFrame(
        { fragmentOffset: 1480, ipId: 5 },
        parseAddress('10.0.0.1'),
        parseAddress('10.0.0.2'),
        17,
        new Uint8Array(30).fill(9),
      ),
    );
    expect(ends).toBe('10.0.0.1:0 > 10.0.0.2:0');
    expect(get('status')).toBe(STATUS_IPV4 | STATUS_FRAGMENT | STATUS_LATER_FRAGMENT);
    expect(get('payloadLength')).toBe(30);
  });

  it('takes the low bits of an IPv6 fragment identification', async () => {
    const { get } = await rowOf(
      udpFrame({
        source: '[fd00::1]:1',
        destination: '[fd00::2]:2',
        moreFragments: true,
        ipId: 0x12345678,
        payload: 8,
      }),
    );
    expect(get('ipId')).toBe(0x5678);
    expect(get('status')).toBe(STATUS_IPV6 | STATUS_FRAGMENT | STATUS_TRANSPORT);
  });
});

describe('ICMP and ARP', () => {
  it('puts the identifier of an echo into both ports', async () => {
    const echo = { source: '10.0.0.1', destination: '10.0.0.2', identifier: 0x1234, sequence: 3 };
    const capture = await read([
      at(icmpFrame({ ...echo, type: 8, payload: 56 })),
      at(icmpFrame({ ...echo, source: '10.0.0.2', destination: '10.0.0.1', type: 0, payload: 56 })),
    ]);
    expect(capture.tuples).toEqual([
      {
        protocol: PROTOCOL_ICMP,
        first: '10.0.0.1',
        firstPort: 0x1234,
        second: '10.0.0.2',
        secondPort: 0x1234,
      },
    ]);
    expect(capture.table.get('sequence', 0)).toBe(0x12340003);
    expect(capture.table.get('flags', 0)).toBe(0x0800);
    expect(capture.table.get('payloadLength', 0)).toBe(56);
    expect(capture.table.get('payloadDigest', 0)).toBe(capture.table.get('payloadDigest', 1));
  });

  it('knows errors that quote a packet', async () => {
    const { get, ends } = await rowOf(
      icmpFrame({
        source: '10.0.0.1',
        destination: '10.0.0.2',
        type: 3,
        code: 1,
        payload: tcpFrame(ENDS).subarray(14, 42),
      }),
    );
    expect(get('status') & STATUS_ICMP_ERROR).not.toBe(0);
    expect(ends).toBe('10.0.0.1:0 > 10.0.0.2:0');
  });

  it('makes a tuple of the protocol addresses of ARP', async () => {
    const { get, tuple } = await rowOf(
      arpFrame({
        operation: 'request',
        senderMac: '02:00:00:00:00:01',
        sender: '10.0.0.7',
        target: '10.0.0.1',
      }),
    );
    expect(tuple).toMatchObject({ protocol: PROTOCOL_ARP, first: '10.0.0.1', second: '10.0.0.7' });
    expect(get('flags')).toBe(1);
    expect(get('status')).toBe(STATUS_TRANSPORT);
  });

  it('takes the identifier of DNS', async () => {
    const { get } = await rowOf(
      udpFrame({ ...ENDS, destination: '10.0.0.10:53', payload: Uint8Array.of(0xab, 0xcd, 1, 0) }),
    );
    expect(get('sequence')).toBe(0xabcd);
  });
});

describe('links', () => {
  it('notes MACs and VLANs', async () => {
    const { link, ends } = await rowOf(
      tcpFrame({
        ...ENDS,
        vlans: [100, 7],
        sourceMac: '02:00:00:00:00:01',
        destinationMac: 'fe:ff:ff:ff:ff:ff',
      }),
    );
    expect(ends).toBe('10.0.0.9:40000 > 10.0.0.2:443');
    expect(link).toEqual({
      interface: 0,
      ifindex: null,
      direction: 'unknown',
      sourceMac: '02:00:00:00:00:01',
      destinationMac: 'fe:ff:ff:ff:ff:ff',
      vlans: [100, 7],
      tunnels: [],
      occurrence: 0,
    });
  });

  it('notes ifindex, direction and source address of SLL2', async () => {
    const frame = { ...ENDS, link: 'sll2', sourceMac: '02:00:00:00:00:01' } as const;
    const { links, table } = await read(
      [
        at(tcpFrame({ ...frame, ifindex: 7, packetType: 4 })),
        at(tcpFrame({ ...frame, ifindex: 8, packetType: 0 })),
        at(tcpFrame({ ...frame, ifindex: 7, packetType: 4 })),
      ],
      276,
    );
    expect(links).toMatchObject([
      { ifindex: 7, direction: 'out', sourceMac: '02:00:00:00:00:01', destinationMac: null },
      { ifindex: 8, direction: 'in' },
    ]);
    expect([0, 1, 2].map((row) => table.get('link', row))).toEqual([0, 1, 0]);
  });

  it('says that SLL v1 names no interface, and what that leaves open', async () => {
    const frame = tcpFrame({ ...ENDS, link: 'sll', ipId: 7 });
    const saidOf = async (frames: readonly Uint8Array[]): Promise<readonly string[]> => {
      const { result, links } = await read(
        frames.map((bytes) => at(bytes)),
        113,
      );
      if (!result.ok) throw new Error(result.error.text);
      expect(links.map(({ occurrence }) => occurrence)).toEqual(frames.map((_, index) => index));
      expect(result.value.warnings.map(({ code }) => code)).toEqual(['interfaces-untold']);
      return result.value.warnings.map(({ text }) => text);
    };
    expect(await saidOf([frame])).toEqual([expect.stringContaining('they are one point here')]);
    expect(await saidOf([frame, frame])).toEqual([
      expect.stringContaining('taken for one packet at several interfaces'),
    ]);
  });

  it('describes the innermost packet of a tunnel, the outer one in the link', async () => {
    const { get, link, ends } = await rowOf(
      vxlanFrame({
        source: '192.0.2.1:55555',
        destination: '192.0.2.2:8472',
        vni: 0xabcdef,
        ttl: 3,
        inner: tcpFrame({ ...ENDS, ttl: 60, sourceMac: '02:00:00:00:00:0a' }),
      }),
    );
    expect(ends).toBe('10.0.0.9:40000 > 10.0.0.2:443');
    expect(get('ttl')).toBe(60);
    expect(get('status') & STATUS_TUNNELLED).not.toBe(0);
    expect(link.sourceMac).toBe('02:00:00:00:00:0a');
    expect(link.tunnels).toEqual([
      { kind: 'vxlan', identifier: 0xabcdef, source: '192.0.2.1', destination: '192.0.2.2' },
    ]);
  });

  it('keeps the options of Geneve and the labels of MPLS', async () => {
    const inner = tcpFrame({ ...ENDS, link: 'raw' });
    const geneve = (options: readonly number[]) =>
      rowOf(
        udpFrame({
          source: '192.0.2.1:33333',
          destination: '192.0.2.2:6081',
          payload: join(Uint8Array.of(options.length / 4, 0, 8, 0, 0, 0, 9, 0, ...options), inner),
        }),
      );
    const ends = { kind: 'geneve', identifier: 9, source: '192.0.2.1', destination: '192.0.2.2' };
    expect((await geneve([])).link.tunnels).toEqual([ends]);
    const ovn = await geneve([1, 2, 0x80, 1, 0, 1, 0, 2, 1, 3, 1, 0]);
    expect(ovn.link.tunnels).toEqual([{ ...ends, options: '0102-80-00010002+0103-01' }]);
    // An option that claims more than there is ends with the options.
    const torn = await geneve([1, 2, 0x80, 9, 0, 1, 0, 2]);
    expect(torn.link.tunnels).toEqual([{ ...ends, options: '0102-80-00010002' }]);
    const labelled = await rowOf(
      join(
        Uint8Array.of(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x47),
        Uint8Array.of(0, 1, 0x10, 64, 0, 1, 0x21, 64),
        inner,
      ),
    );
    expect(labelled.ends).toBe('10.0.0.9:40000 > 10.0.0.2:443');
    expect(labelled.link.labels).toEqual([17, 18]);
  });

  it('keeps group policies, sessions and labels, and what lies within which', async () => {
    const capture = await read(SHELL_FRAMES.map((bytes) => at(bytes)));
    const links = SHELL_FRAMES.map((_, row) => capture.links[capture.table.get('link', row)]);
    expect(links.map(encapsulationText)).toEqual([
      'vxlan 5 192.0.2.1 > 192.0.2.2 group 7',
      'vxlan 5 192.0.2.1 > 192.0.2.2 group 9 applied unlearned, vlan 7, vlan 8',
      'vxlan 5 192.0.2.1 > 192.0.2.2, mpls 16, mpls 17',
      'mpls-in-udp 192.0.2.1 > 192.0.2.2, mpls 16, mpls 17',
      'ipip 192.0.2.1 > 192.0.2.2, mpls 16, mpls 17',
      'gre 192.0.2.1 > 192.0.2.2, mpls 16, mpls 17',
      'vlan 3, pppoe 42',
      'vxlan 9 192.0.2.1 > 192.0.2.2, mpls 16, mpls 17',
      '',
      '',
      'vlan 7',
      ...['', '', '', '', '', '', ''],
    ]);
    const ends = SHELL_FRAMES.map((_, row) => tupleText(capture, row));
    const [encrypted, strange] = [[11, 12], [17]];
    for (const [row, text] of ends.entries())
      if ([...encrypted, ...strange].includes(row)) expect(text).not.toContain('40000');
      else expect(text).toBe('10.1.2.3:40000 > 10.1.2.4:8443');
  });

  it('takes no client that drew the port of a tunnel for one', async () => {
    const capture = await read(DRAWN_PORTS.map((bytes) => at(bytes)));
    DRAWN_PORTS.forEach((_, row) => {
      expect(tupleText(capture, row)).toContain('10.1.2.4:53');
    });
    expect(capture.links.flatMap(({ tunnels }) => tunnels)).toEqual([]);
  });

  it('leaves out Geneve options that differ with each packet, and says so', async () => {
    const frame = (stamp: number) =>
      udpFrame({
        source: '192.0.2.1:33333',
        destination: '192.0.2.2:6081',
        payload: join(
          Uint8Array.of(2, 0, 8, 0, 0, 0, 9, 0, 1, 3, 1, 1, 0, 0, stamp >> 8, stamp & 0xff),
          tcpFrame({ ...ENDS, link: 'raw' }),
        ),
      });
    const { links, result } = await read(Array.from({ length: 6000 }, (_, i) => at(frame(i))));
    expect(links.length).toBeLessThan(5000);
    expect(links.at(-1)?.tunnels[0].options).toBeUndefined();
    if (!result.ok) throw new Error(result.error.text);
    expect(result.value.warnings.map(({ text }) => text)).toEqual([
      expect.stringContaining('more different options (Geneve) or groups (VXLAN) than are kept'),
    ]);
  });

  it('walks IP in IP', async () => {
    const { link, ends } = await rowOf(
      ipFrame(
        {},
        parseAddress('192.0.2.1'),
        parseAddress('192.0.2.2'),
        4,
        tcpFrame({ ...ENDS, link: 'raw' }),
      ),
    );
    expect(ends).toBe('10.0.0.9:40000 > 10.0.0.2:443');
    expect(link.tunnels).toMatchObject([{ kind: 'ipip', identifier: null }]);
  });

  it.each([
    ['sll', 113],
    ['raw', 101],
    ['null', 0],
  ] as const)('reads %s', async (link, linkType) => {
    const { ends } = await rowOf(tcpFrame({ ...ENDS, link }), undefined, linkType);
    expect(ends).toBe('10.0.0.9:40000 > 10.0.0.2:443');
  });

  it('keeps a frame that it knows nothing of', async () => {
    const { get, table } = await rowOf(linkFrame({}, 0x88cc, new Uint8Array(30)));
    expect(get('tuple')).toBe(NO_TUPLE);
    expect(get('status')).toBe(0);
    expect(table.wireLength(0)).toBe(44);
  });

  it('gives frames of an unknown link type no tuple', async () => {
    for (const [linkType, named] of [
      [127, '127 (802.11 with radiotap header)'],
      [147, '147 (private use)'],
      [13, '13'],
    ] as const) {
      const { get, capture } = await rowOf(tcpFrame(ENDS), undefined, linkType);
      expect(get('tuple')).toBe(NO_TUPLE);
      const text = `1 frame of link type ${named} can't be decoded`;
      expect(capture.result).toMatchObject({
        ok: true,
        value: { warnings: [{ code: 'unknown-link-type', text }] },
      });
    }
  });

  it('has no tuple for a cut IP header, and says so', async () => {
    const { get } = await rowOf(tcpFrame(ENDS).slice(0, 33), 54);
    expect(get('tuple')).toBe(NO_TUPLE);
    expect(get('status') & STATUS_MALFORMED).not.toBe(0);
  });
});
