// duplicate-delivery: fires where the receiver's own MAC gets packets twice, is silent on its sibling (copies for another MAC) and on NAT that
// passes a point twice, does not apply to one capture.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { memorySource } from '../../read/byte-source';
import { pcapFile } from '../../testing/capture-file';
import { scenarioSources } from '../../testing/committed-captures';
import { tcpFrame } from '../../testing/frame-builder';
import {
  BRIDGE_MAC,
  bridgeCase,
  CLIENT_MAC,
  SERVER_MAC,
  START,
} from '../../testing/rule-cases/hops';

const judge = async (sources: Parameters<typeof analyseSources>[0]) => {
  const { diagnosis } = await analyseSources(sources);
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'duplicate-delivery')?.result,
    findings: diagnosis.findings.filter(({ rule }) => rule === 'duplicate-delivery'),
  };
};

describe('duplicate-delivery', () => {
  it('warns where a packet reaches the receiver bridged and routed', async () => {
    const { findings } = await judge(
      bridgeCase([
        [64, SERVER_MAC],
        [63, SERVER_MAC],
      ]),
    );
    expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(findings[0].steps[1].text).toContain('with TTL 64 and 63');
    expect(findings[0].steps[1].frames).toEqual([
      { file: 'api-eth0.pcap', frame: 1 },
      { file: 'api-eth0.pcap', frame: 2 },
    ]);
  });

  it('is silent where the second one is addressed to another MAC', async () => {
    const { result } = await judge(
      bridgeCase([
        [64, '0a:58:0a:f4:01:99'],
        [63, SERVER_MAC],
      ]),
    );
    expect(result).toBe('healthy');
  });

  it.each(['sdn-healthy', 'sdn-flood', 'sdn-any', 'bridge-healthy', 'bridge-untranslated'])(
    '%s: nothing is delivered twice',
    async (scenario) => {
      expect((await judge(scenarioSources(scenario))).result).toBe('healthy');
    },
  );

  it('is silent where a SYN proxy acknowledges by itself what it passes on', async () => {
    const segment = (n: number, payload: Uint8Array | 0, atServer: boolean, ttl: number) =>
      tcpFrame({
        source: '10.244.1.17:36190',
        destination: '10.96.44.7:80',
        sourceMac: atServer ? BRIDGE_MAC : CLIENT_MAC,
        destinationMac: atServer ? SERVER_MAC : BRIDGE_MAC,
        ttl,
        ipId: 0,
        flags: payload === 0 ? '.' : 'P.',
        sequence: 1000 + Math.min(n, 8) * 20 + (atServer ? 777_000 : 0),
        acknowledgement: 5 + Math.max(0, n - 8),
        payload: payload === 0 ? undefined : payload,
      });
    const client: { timeNs: bigint; bytes: Uint8Array }[] = [];
    const server: { timeNs: bigint; bytes: Uint8Array }[] = [];
    for (let n = 0; n < 14; n += 1) {
      const payload = n < 8 ? Uint8Array.from({ length: 20 }, (_, k) => n * 31 + k) : 0;
      const at = (micros: number) => START + BigInt(n * 1000 + micros) * 1000n;
      client.push({ timeNs: at(0), bytes: segment(n, payload, false, 64) });
      if (payload === 0) server.push({ timeNs: at(20), bytes: segment(n, payload, true, 64) });
      server.push({ timeNs: at(35), bytes: segment(n, payload, true, 63) });
    }
    const sources = [
      memorySource(pcapFile(client), 'web-eth0.pcap'),
      memorySource(pcapFile(server), 'api-eth0.pcap'),
    ];
    const { analysis } = await analyseSources(sources);
    expect(analysis.connections).toHaveLength(1);
    expect((await judge(sources)).result).toBe('healthy');
  });

  it('does not apply to one capture', async () => {
    expect((await judge(scenarioSources('sdn-healthy').slice(0, 1))).result).toBe('notApplicable');
  });
});

describe('duplicate-delivery, on the way', () => {
  /** Segments from left to right; `again` are those that the other two lanes see once more, and under which IP ID. */
  const doubledCase = (again: (n: number) => number | null, senderRepeats = false) => {
    const frame = (n: number, ipId: number, routed: boolean) =>
      tcpFrame({
        ...(routed ? { ttl: 63, sourceMac: BRIDGE_MAC, destinationMac: SERVER_MAC } : {}),
        source: '10.0.0.1:40000',
        destination: '10.0.0.2:80',
        flags: 'P.',
        sequence: 1000 + n * 10,
        acknowledgement: 5,
        payload: 10,
        ipId,
      });
    const packets = Array.from({ length: 48 }, (_, n) => n);
    const at = (n: number, micros: number) => START + BigInt(n * 1000 + micros) * 1000n;
    const copies = (micros: number, routed = false) =>
      packets.flatMap((n) => {
        const ipId = again(n);
        return ipId === null ? [] : [{ timeNs: at(n, micros), bytes: frame(n, ipId, routed) }];
      });
    const sent = (micros: number, routed = false) =>
      packets.map((n) => ({ timeNs: at(n, micros), bytes: frame(n, 100 + n, routed) }));
    const sorted = (frames: ReturnType<typeof sent>) =>
      [...frames].sort((a, b) => Number(a.timeNs - b.timeNs));
    const left = senderRepeats ? sorted([...sent(0), ...copies(500)]) : sent(0);
    return [
      memorySource(pcapFile(left), 'a-left.pcap'),
      memorySource(pcapFile(sorted([...sent(20), ...copies(520)])), 'b-middle.pcap'),
      memorySource(pcapFile(sorted([...sent(40, true), ...copies(540, true)])), 'c-right.pcap'),
    ];
  };

  it('warns where a hop gives packets twice that it got once', async () => {
    const { findings } = await judge(doubledCase((n) => (n % 12 === 0 ? 100 + n : null)));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'warning', between: ['p1', 'p2'] });
    expect(findings[0].steps[1].frames).toEqual([
      { file: 'b-middle.pcap', frame: 2 },
      { file: 'c-right.pcap', frame: 2 },
    ]);
  });

  it('is silent where the sender itself sends them again', async () => {
    expect((await judge(doubledCase((n) => 200 + n, true))).findings).toEqual([]);
  });

  it('is silent where it happens twice in all: chance, or a capture that missed the sender', async () => {
    expect((await judge(doubledCase((n) => (n < 2 ? 100 + n : null)))).findings).toEqual([]);
  });
});
