// IP fragments drawn at several points: fragmented on the way, put together by connection tracking, fragmented anew, lost.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { FATE_REASONS } from '../../model/fate';
import { packetLabels, partOf } from '../../model/packet-label';
import { datagramArtSources } from '../../testing/datagram-art';
import {
  ipFrame,
  parseEndpoint,
  tcpFrame,
  udpFrame,
  vxlanFrame,
} from '../../testing/frame-builder';
import { journeyLines } from '../../testing/journey-lines';
import { type Lane, laneSources } from '../../testing/lane-captures';

const analyse = async (text: string) => (await analyseSources(datagramArtSources(text))).analysis;

const ENDS = `
  c = 10.1.1.11:5000
  n = 192.0.2.1:41000
  s = 198.51.100.9:7000
`;

describe('a datagram in fragments', () => {
  it('is joined fragment by fragment where nothing cuts it anew, across a translation too', async () => {
    const analysis = await analyse(`${ENDS}
      time  packet       | in                    | out
      0     > udp 3000   | c>s[0-1480,1480-3008] | n>s[0-1480,1480-3008]
      0.01  > udp 3001   | c>s[0-1480,1480-3009] | n>s[0-1480,1480-3009]
    `);
    expect(journeyLines(analysis)).toEqual([
      'udp > 0-1472 in#1 out#1 delivered',
      'udp > 1472-3000 in#2 out#2 delivered',
      'udp > 0-1472 in#3 out#3 delivered',
      'udp > 1472-3001 in#4 out#4 delivered',
    ]);
    expect(analysis.connections).toHaveLength(1);
    expect(analysis.connections[0].translations).toMatchObject([
      { kind: 'snat', before: '10.1.1.11:5000', after: '192.0.2.1:41000' },
    ]);
  });

  it('is whole at the sender, cut on the wire, whole again behind connection tracking, and cut smaller', async () => {
    const analysis = await analyse(`${ENDS}
      time  packet       | pod | wire                  | inside | out
      0     > udp 2000   | c>s | c>s[0-1480,1480-2008] | n>s    | n>s[0-1176,1176-2008]
      0.01  > udp 64     | c>s | c>s                   | n>s    | n>s
    `);
    expect(journeyLines(analysis)).toEqual([
      'udp > 0-1168 pod#1 wire#1 inside#1 out#1 delivered',
      'udp > 1168-1472 pod#1 wire#1 inside#1 out#2 delivered',
      'udp > 1472-2000 pod#1 wire#2 inside#1 out#2 delivered',
      'udp > pod#2 wire#3 inside#2 out#3 delivered',
    ]);
  });

  it('fragments of two datagrams of one conversation are not mixed, whatever order they come in', async () => {
    const analysis = await analyse(`${ENDS}
      time    packet       | in                    | out
      0       > udp 2000   | c>s[0-1480,1480-2008] | c>s[1480-2008,0-1480]
      0.00002 > udp 2000   | c>s[1480-2008,0-1480] | c>s[0-1480,1480-2008]
    `);
    expect(journeyLines(analysis).map((line) => line.replace(/ambiguous/, '').trim())).toEqual([
      'udp > 0-1472 in#1 out#2 delivered',
      'udp > 1472-2000 in#2 out#1 delivered',
      'udp > 1472-2000 in#3 out#4 delivered',
      'udp > 0-1472 in#4 out#3 delivered',
    ]);
  });

  it('of IPv6 has another identification behind a router that put it together', async () => {
    const analysis = await analyse(`
      c = [2001:db8::11]:5000
      s = [2001:db8::99]:7000
      time  packet            | in                         | out
      0     > udp 2000 id=71  | c>s[0-1448,1448-2008]      | c>s[0-1232,1232-2008]#9001
      0.01  > udp 2001 id=72  | c>s[0-1448,1448-2009]      | c>s[0-1232,1232-2009]#9002
    `);
    expect(journeyLines(analysis)).toEqual([
      'udp > 0-1224 in#1 out#1 delivered',
      'udp > 1224-1440 in#1 out#2 delivered',
      'udp > 1440-2000 in#2 out#2 delivered',
      'udp > 0-1224 in#3 out#3 delivered',
      'udp > 1224-1440 in#3 out#4 delivered',
      'udp > 1440-2001 in#4 out#4 delivered',
    ]);
  });

  it('echoes and SCTP are cut like UDP', async () => {
    const analysis = await analyse(`
      c = 10.1.1.11:77
      s = 198.51.100.9:77
      time  packet              | in                    | out
      0     > echo:1 3000 id=5  | c>s[0-1480,1480-3008] | c>s
      0.01  < reply:1 3000 id=6 | s>c                   | s>c[0-1480,1480-3008]
      0.02  > sctp 3000         | c>s[0-1480,1480-3016] | c>s
    `);
    expect(journeyLines(analysis)).toEqual([
      'icmp > 0-1472 in#1 out#1 delivered',
      'icmp > 1472-3000 in#2 out#1 delivered',
      'icmp < 0-1472 out#2 in#3 delivered',
      'icmp < 1472-3000 out#3 in#3 delivered',
      'sctp > 0-1468 in#4 out#4 delivered',
      'sctp > 1468-3004 in#5 out#4 delivered',
    ]);
  });

  it('of a tunnel carry the bytes of the packet within', async () => {
    const inner = udpFrame({
      source: '10.9.0.1:5000',
      destination: '10.9.0.2:7000',
      ipId: 700,
      payload: 1472,
    });
    const back = udpFrame({
      source: '10.9.0.2:7000',
      destination: '10.9.0.1:5000',
      ipId: 701,
      payload: 40,
    });
    const outer = (frame: Uint8Array, forward: boolean, cuts: readonly number[]): Uint8Array[] => {
      const [source, destination] = forward
        ? ['192.0.2.1', '192.0.2.2']
        : ['192.0.2.2', '192.0.2.1'];
      const raw = vxlanFrame({
        source: `${source}:50000`,
        destination: `${destination}:4789`,
        vni: 7,
        link: 'raw',
        inner: frame,
      });
      const body = raw.subarray(20);
      return [0, ...cuts].map((start, index) => {
        const end = cuts[index] ?? body.length;
        const spec = {
          ipId: 99,
          fragmentOffset: start,
          moreFragments: end < body.length,
          dontFragment: false,
        };
        return ipFrame(
          spec,
          parseEndpoint(`${source}:0`)[0],
          parseEndpoint(`${destination}:0`)[0],
          17,
          body.subarray(start, end),
        );
      });
    };
    const [first, second] = outer(inner, true, [1480]);
    const [reply] = outer(back, false, []);
    const { analysis } = await analyseSources(
      laneSources({
        pod: [
          [0, inner],
          [0.001, back],
        ],
        underlay: [
          [0.0001, first],
          [0.00011, second],
          [0.0009, reply],
        ],
        peer: [
          [0.0002, inner],
          [0.0008, back],
        ],
      }),
    );
    expect(journeyLines(analysis)).toEqual([
      'udp > 0-1422 pod#1 underlay#1 peer#1 delivered',
      'udp > 1422-1472 pod#1 underlay#2 peer#1 delivered',
      'udp < peer#2 underlay#3 pod#2 delivered',
    ]);
  });

  it('of a TCP segment carry its bytes', async () => {
    const segment = (link: 'ethernet' | 'raw') =>
      tcpFrame({
        link,
        source: '10.1.1.11:5000',
        destination: '198.51.100.9:80',
        ipId: 31,
        dontFragment: false,
        flags: 'P.',
        sequence: 5000,
        acknowledgement: 9,
        payload: 1400,
        timestamps: [7, 8],
      });
    const answer = tcpFrame({
      source: '198.51.100.9:80',
      destination: '10.1.1.11:5000',
      flags: '.',
      sequence: 9,
      acknowledgement: 6400,
      timestamps: [8, 7],
    });
    const body = segment('raw').subarray(20);
    const part = (start: number, end: number) =>
      ipFrame(
        { ipId: 31, fragmentOffset: start, moreFragments: end < body.length, ttl: 64 },
        parseEndpoint('10.1.1.11:0')[0],
        parseEndpoint('198.51.100.9:0')[0],
        6,
        body.subarray(start, end),
      );
    const lanes: Record<string, Lane> = {
      in: [
        [0, segment('ethernet')],
        [0.002, answer],
      ],
      out: [
        [0.0001, part(0, 1000)],
        [0.00012, part(1000, body.length)],
        [0.001, answer],
      ],
    };
    const { analysis } = await analyseSources(laneSources(lanes));
    expect(journeyLines(analysis)).toEqual([
      'tcp > 5000-5968 in#1 out#1 delivered',
      'tcp > 5968-6400 in#1 out#2 delivered',
      'tcp < out#3 in#2 delivered',
    ]);
  });
});

describe('a lost fragment', () => {
  const grounds = (analysis: Awaited<ReturnType<typeof analyse>>): string[] => {
    const window = analysis.journeysOf(analysis.connections.map((_, index) => index));
    return Array.from(
      window.journeys.reason.subarray(0, window.journeyCount),
      (code) => FATE_REASONS[code],
    );
  };
  // Other datagrams show the way, before and after.
  const WAY = `
      0     > udp 2100      | c>s[0-1480,1480-2108] | c>s[0-1480,1480-2108] | n>s[0-1480,1480-2108]
      0.1   < udp 64        | s>c                   | s>c                   | s>n`;
  const AFTER = `
      2     > udp 2200      | c>s[0-1480,1480-2208] | c>s[0-1480,1480-2208] | n>s[0-1480,1480-2208]
      2.1   < udp 65        | s>c                   | s>c                   | s>n`;

  it('takes the datagram with it where connection tracking waits for it', async () => {
    const analysis = await analyse(`${ENDS}
      time  packet          | pod                   | in                    | out ${WAY}
      1     > udp 2000      | c>s[0-1480,1480-2008] | c>s[0-1480]           | - ${AFTER}`);
    const lines = journeyLines(analysis);
    expect(lines.slice(3, 5)).toEqual([
      'udp > 0-1472 pod#4 in#4 lost',
      'udp > 1472-2000 pod#5 lost',
    ]);
    expect(grounds(analysis).slice(3, 5)).toEqual(['datagram-incomplete', 'not-seen-further']);
  });

  it('makes the others useless to the receiver', async () => {
    const analysis = await analyse(`${ENDS}
      time  packet          | pod                   | in                    | out ${WAY}
      1     > udp 2000      | c>s[0-1480,1480-2008] | c>s[0-1480,1480-2008] | n>s[0-1480] ${AFTER}`);
    expect(journeyLines(analysis).slice(3, 5)).toEqual([
      'udp > 0-1472 pod#4 in#4 out#4 delivered',
      'udp > 1472-2000 pod#5 in#5 lost',
    ]);
    expect(grounds(analysis).slice(3, 5)).toEqual(['delivered-in-vain', 'not-seen-further']);
  });
});

it('a later fragment is named by its bytes, not by a header that it does not have', async () => {
  const analysis = await analyse(`
    c = 10.1.1.11:77
    s = 198.51.100.9:77
    time  packet        | in                    | out
    0     > echo:1 3000 | c>s[0-1480,1480-3008] | c>s
  `);
  const window = analysis.journeysOf([0]);
  const labels = [0, 1].map(
    (journey) =>
      packetLabels({
        protocol: 1,
        flags: 0,
        sequence: 0,
        acknowledgement: 0,
        window: 0,
        payloadLength: 0,
        timestampValue: 0,
        timestampEcho: 0,
        hasTimestamps: false,
        part: partOf(window, journey),
      })[0],
  );
  expect(labels).toEqual(['ICMP fragment, bytes 0 to 1472', 'ICMP fragment, bytes 1472 to 3000']);
});
