// Packets whose IP version changes on the way (NAT64, RFC 6146): one header is IPv6, the other IPv4, and nothing of the address stays.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile } from '../../testing/capture-file';
import { datagramArtSources } from '../../testing/datagram-art';
import { tcpFrame, udpFrame } from '../../testing/frame-builder';

const START = 1_700_000_000_000_000_000n;

interface Look {
  readonly client: string;
  readonly server: string;
  readonly ttl: number;
  /** Later than at the client, in µs. */
  readonly delay: number;
}

const BEFORE: Look = {
  client: '[2001:db8::11]:41000',
  server: '[64:ff9b::c000:221]:443',
  ttl: 64,
  delay: 0,
};
const BEHIND: Look = { client: '203.0.113.9:2711', server: '192.0.2.33:443', ttl: 63, delay: 200 };

const analyse = async (frames: (look: Look) => readonly CapturedFrame[]) =>
  (
    await analyseSources(
      Object.entries({ before: BEFORE, behind: BEHIND }).map(([name, look]) =>
        memorySource(pcapFile(frames(look), { nanoseconds: true }), `${name}.pcap`),
      ),
    )
  ).analysis;

const sightingsPerPacket = (view: Awaited<ReturnType<typeof analyse>>): readonly number[] => {
  const window = view.journeysOf(view.connections.map((_, index) => index));
  return Array.from(window.journeys.sightingCount.subarray(0, window.journeyCount));
};

describe('NAT64', () => {
  it('a TCP connection is one, and each of its packets', async () => {
    const analysis = await analyse(({ client, server, ttl, delay }) => {
      const at = (micros: number, forward: boolean, spec: object): CapturedFrame => ({
        timeNs: START + BigInt(micros + (forward ? delay : 1000 - delay)) * 1000n,
        bytes: tcpFrame({
          source: forward ? client : server,
          destination: forward ? server : client,
          ttl: forward ? ttl : 127 - ttl,
          // A translator makes up IP IDs for small packets (RFC 7915, section 5.1).
          ipId: delay > 0 ? (micros + (forward ? 77 : 78)) & 0xffff : 0,
          ...spec,
        }),
      });
      return [
        at(0, true, { flags: 'S', sequence: 1000, mss: 1440, timestamps: [7, 0] }),
        at(0, false, {
          flags: 'S.',
          sequence: 9000,
          acknowledgement: 1001,
          mss: 1440,
          timestamps: [90, 7],
        }),
        at(2000, true, { sequence: 1001, acknowledgement: 9001, timestamps: [9, 90] }),
        at(2100, true, {
          flags: 'P.',
          sequence: 1001,
          acknowledgement: 9001,
          timestamps: [9, 90],
          payload: 'GET /',
        }),
        at(3000, false, {
          flags: 'P.',
          sequence: 9001,
          acknowledgement: 1006,
          timestamps: [93, 9],
          payload: 'nothing here',
        }),
      ];
    });
    expect(analysis.connections).toHaveLength(1);
    expect(sightingsPerPacket(analysis)).toEqual([2, 2, 2, 2, 2]);
  });

  it('queries and replies of a datagram conversation are one', async () => {
    const analysis = await analyse(({ client, server, ttl, delay }) => {
      const at = (micros: number, forward: boolean, payload: string): CapturedFrame => ({
        timeNs: START + BigInt(micros + (forward ? delay : 1000 - delay)) * 1000n,
        bytes: udpFrame({
          source: forward ? client : server,
          destination: forward ? server : client,
          ttl: forward ? ttl : 127 - ttl,
          ipId: 0,
          payload,
        }),
      });
      return [
        at(0, true, 'unique question 4711'),
        at(0, false, 'unique answer 4711'),
        at(3000, true, 'another question 4712'),
        at(3000, false, 'another answer 4712'),
      ];
    });
    expect(analysis.connections).toHaveLength(1);
    expect(sightingsPerPacket(analysis)).toEqual([2, 2, 2, 2]);
  });

  it('gives answers an IP ID on one side alone: they are one packet at all points, those of the translator among them', async () => {
    const { analysis } = await analyseSources(
      datagramArtSources(`
        c = [2001:db8::11]:5000
        v = [64:ff9b::c000:221]:7000
        n = 192.0.3.247:5000
        s = 192.0.2.33:7000
        time   packet                   | client | gateway     | server
        0      > udp 'question number one' | c>v#0  | c>v#0 n>s#0 | n>s#0
        0.001  < udp 'answer number one!'  | v>c#0  | s>n v>c#0   | s>n
        0.002  > udp 'question number two' | c>v#0  | c>v#0 n>s#0 | n>s#0
        0.003  < udp 'answer number two!'  | v>c#0  | s>n v>c#0   | s>n
      `),
    );
    expect(analysis.connections).toHaveLength(1);
    expect(sightingsPerPacket(analysis)).toEqual([4, 4, 4, 4]);
  });
});
