// The fitness check: silent on captures taken well, and each way of taking them badly named.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { FitnessFinding } from '../../model/fitness';
import type { ByteSource } from '../../read/byte-source';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile, pcapngFile } from '../../testing/capture-file';
import { captureScenarios, scenarioSources } from '../../testing/committed-captures';
import { join, tcpFrame } from '../../testing/frame-builder';
import { spoilCapture } from '../../testing/spoil-capture';

const fitnessOf = async (sources: readonly ByteSource[]): Promise<readonly FitnessFinding[]> =>
  (await analyseSources(sources)).analysis.fitness;

/** `code c1 c2` of each finding. */
const told = (findings: readonly FitnessFinding[]): string[] =>
  findings.map(({ code, captures }) => [code, ...captures].join(' '));

/** sdn-healthy: c1 server, c2 client, c3 tun0, c4 and c5 the veths; one of them spoiled. */
async function healthyBut(
  index: number,
  keeps: (frame: number, share: number) => boolean,
): Promise<readonly FitnessFinding[]> {
  const sources = [...scenarioSources('sdn-healthy')];
  sources[index] = await spoilCapture(sources[index], { keeps });
  return fitnessOf(sources);
}

const START = 1_700_000_000_000_000_000n;
const CLIENT = '10.1.0.10:40000';
const SERVICE = '172.20.0.7:80';
const POD = '10.1.0.20:8080';

/** One request each way and back of `count` connections; `frame` draws it at a point. */
const exchange = (
  count: number,
  draw: (port: number, reply: boolean, sequence: number) => Uint8Array[],
  reply = true,
): CapturedFrame[] =>
  Array.from({ length: count }, (_, c) =>
    Array.from({ length: 8 }, (_, n) =>
      n % 2 === 1 && !reply
        ? []
        : draw(40_000 + c, n % 2 === 1, 1000 * c + n * 10).map(
            (bytes, k): CapturedFrame => ({
              timeNs: START + BigInt(c * 100_000_000 + n * 1_000_000 + k * 20_000),
              bytes,
            }),
          ),
    ).flat(),
  ).flat();

const segment = (
  source: string,
  destination: string,
  ttl: number,
  sequence: number,
  rest: Partial<Parameters<typeof tcpFrame>[0]> = {},
): Uint8Array =>
  tcpFrame({
    source,
    destination,
    ttl,
    sequence,
    acknowledgement: 77,
    payload: 10,
    timestamps: [sequence, 5],
    ipId: (sequence % 60_000) + 1,
    ...rest,
  });

describe('the fitness check', () => {
  it.each(captureScenarios())('%s: no warning where captures are sound', async (scenario) => {
    const findings = await fitnessOf(scenarioSources(scenario));
    expect(findings.filter(({ severity }) => severity === 'warning')).toEqual([]);
  });

  it('names a capture that starts late or ends early', async () => {
    expect(told(await healthyBut(2, (_, share) => share > 0.4))).toEqual(['late-start c3']);
    expect(told(await healthyBut(0, (_, share) => share < 0.6))).toEqual(['early-end c1']);
  });

  it('takes a pod that its service first chose later for no late start', async () => {
    const pods = ['10.1.0.20:8080', '10.1.0.21:8080'];
    // The second pod gets connections 2, 3, 4 and 6.
    const podOf = (port: number): number => ([2, 3, 4, 6].includes(port - 40_000) ? 1 : 0);
    const shift = (frames: readonly CapturedFrame[]): CapturedFrame[] =>
      frames.map((frame) => ({ ...frame, timeNs: frame.timeNs + 30_000n }));
    const [clientMac, nodeMac] = ['0a:00:00:00:00:0c', '0a:00:00:00:00:0f'];
    const macs = (sourceMac: string, destinationMac: string) => ({ sourceMac, destinationMac });
    const client = exchange(8, (port, reply, n) => [
      reply
        ? segment(SERVICE, `10.1.0.10:${port}`, 63, n, macs(nodeMac, clientMac))
        : segment(`10.1.0.10:${port}`, SERVICE, 64, n, macs(clientMac, nodeMac)),
    ]);
    const atPod = (pod: number): CapturedFrame[] =>
      shift(
        exchange(8, (port, reply, n) => {
          if (podOf(port) !== pod) return [];
          const podMac = `0a:00:00:00:00:0${pod + 1}`;
          return [
            reply
              ? segment(pods[pod], `10.1.0.10:${port}`, 64, n, macs(podMac, nodeMac))
              : segment(`10.1.0.10:${port}`, pods[pod], 63, n, macs(nodeMac, podMac)),
          ];
        }),
      );
    const findings = await fitnessOf([
      memorySource(pcapFile(client, { nanoseconds: true }), 'client.pcap'),
      memorySource(pcapFile(atPod(0), { nanoseconds: true }), 'pod1.pcap'),
      memorySource(pcapFile(atPod(1), { nanoseconds: true }), 'pod2.pcap'),
    ]);
    expect(told(findings)).toEqual([]);
  });

  it('names a capture that begins when another has ended', async () => {
    const sources = [...scenarioSources('sdn-healthy')].slice(0, 2);
    const [server, client] = await Promise.all([
      spoilCapture(sources[0], { keeps: (_, share) => share < 0.4 }),
      spoilCapture(sources[1], { keeps: (_, share) => share > 0.6 }),
    ]);
    const findings = await fitnessOf([server, client]);
    expect(told(findings)).toContain('spans-apart c1 c2');
  });

  it('tells a gap from packets missed here and there', async () => {
    const gap = await healthyBut(4, (_, share) => share < 0.3 || share > 0.7);
    expect(told(gap)).toEqual(['gap c5']);
    const missed = await healthyBut(4, (frame) => frame % 20 !== 0);
    expect(told(missed)).toEqual(['capture-misses c5']);
    expect(missed[0].severity).toBe('warning');
  });

  it('takes copies made on the way for no misses of the capture before', async () => {
    const draw = (port: number, reply: boolean, n: number) =>
      reply ? segment(POD, `10.1.0.10:${port}`, 64, n) : segment(`10.1.0.10:${port}`, POD, 64, n);
    const sent = exchange(4, (port, reply, n) => [draw(port, reply, n)]);
    const got = exchange(4, (port, reply, n) =>
      (reply || n % 40 !== 0 ? [0] : [0, 1]).map(() => draw(port, reply, n)),
    ).map((frame) => ({ ...frame, timeNs: frame.timeNs + 30_000n }));
    const findings = await fitnessOf([
      memorySource(pcapFile(sent, { nanoseconds: true }), 'a.pcap'),
      memorySource(pcapFile(got, { nanoseconds: true }), 'b.pcap'),
    ]);
    expect(told(findings)).toEqual([]);
  });

  it('names files that hold the same frames, and one that has nothing to do with the others', async () => {
    const [server, client] = scenarioSources('sdn-healthy');
    const twin: ByteSource = { ...client, name: 'twin.pcap', read: client.read.bind(client) };
    expect(told(await fitnessOf([server, client, twin]))).toContain('same-frames c2 c3');
    const stranger = memorySource(
      pcapFile(exchange(1, () => [segment('10.9.9.1:1', '10.9.9.2:2', 64, 1)])),
      'stranger.pcap',
    );
    const findings = await fitnessOf([server, client, stranger]);
    expect(told(findings)).toContain('nothing-in-common c3');
  });

  it('passes on what a capture says it dropped', async () => {
    const bytes = segment(CLIENT, POD, 64, 1);
    const file = pcapngFile([
      {
        blocks: [
          { kind: 'interface' },
          { kind: 'enhanced', ticks: START / 1000n, bytes },
          { kind: 'statistics', interfaceDrops: 12n },
        ],
      },
    ]);
    const findings = await fitnessOf([memorySource(file, 'a.pcapng')]);
    expect(findings.map(({ code, count }) => [code, count])).toEqual([['drops', 12]]);
  });

  it('says how many frames were cut within their headers', async () => {
    const [server, client, ...rest] = scenarioSources('sdn-healthy');
    const cut = await spoilCapture(client, { snaplen: 44 });
    const findings = await fitnessOf([server, cut, ...rest]);
    expect(told(findings)).toContain('headers-cut c2');
  });

  it('names a capture that shows requests only, and captures that all do', async () => {
    const both = exchange(4, (port, reply, n) => [
      reply ? segment(POD, `10.1.0.10:${port}`, 64, n) : segment(`10.1.0.10:${port}`, POD, 64, n),
    ]);
    const oneWay = exchange(4, (port, _, n) => [segment(`10.1.0.10:${port}`, POD, 64, n)], false);
    const file = (frames: readonly CapturedFrame[], name: string) =>
      memorySource(pcapFile(frames, { nanoseconds: true }), name);
    expect(told(await fitnessOf([file(both, 'a.pcap'), file(oneWay, 'b.pcap')]))).toEqual([
      'one-way c2',
    ]);
    const more = exchange(
      4,
      (port, _, n) => [0, 1].map((k) => segment(`10.1.0.10:${port}`, POD, 64, n + k)),
      false,
    );
    expect(told(await fitnessOf([file(more, 'a.pcap'), file(more, 'b.pcap')]))).toContain(
      'answers-missing c1 c2',
    );
  });

  it('knows the filter that a capture was taken with, and whether it names what is translated', async () => {
    const client = exchange(3, (port, reply, n) => [
      reply
        ? segment(SERVICE, `10.1.0.10:${port}`, 63, n)
        : segment(`10.1.0.10:${port}`, SERVICE, 64, n),
    ]);
    const pod = exchange(3, (port, reply, n) => [
      reply ? segment(POD, `10.1.0.10:${port}`, 64, n) : segment(`10.1.0.10:${port}`, POD, 63, n),
    ]).map((frame) => ({ ...frame, timeNs: frame.timeNs + 60_000n }));
    const run = async (filter: string) => {
      const options = [[11, join(Uint8Array.of(0), new TextEncoder().encode(filter))]] as const;
      const findings = await fitnessOf([
        memorySource(
          pcapngFile([
            {
              blocks: [
                { kind: 'interface', spec: { options } },
                ...client.map(({ timeNs, bytes }) => ({
                  kind: 'enhanced' as const,
                  ticks: timeNs / 1000n,
                  bytes,
                })),
              ],
            },
          ]),
          'a-client.pcapng',
        ),
        memorySource(pcapFile(pod), 'b-pod.pcap'),
      ]);
      return findings
        .filter(({ code }) => code === 'filtered')
        .map(({ severity, captures, count }) => `${severity} ${captures} ${count}`);
    };
    expect(await run('tcp and host 172.20.0.7')).toEqual(['warning c1 3']);
    expect(await run('net 172.20.0.0/16')).toEqual(['warning c1 3']);
    expect(await run('host 10.1.0.10')).toEqual(['note c1 0']);
    expect(await run('not host 172.20.0.7')).toEqual(['note c1 0']);
    expect(await run('tcp port 80')).toEqual(['note c1 0']);
  });

  it('finds a filter on a service address that hides what was translated', async () => {
    const inAndOut = (filtered: boolean) =>
      exchange(3, (port, reply, n) => {
        const client = `10.1.0.10:${port}`;
        const look = (source: string, destination: string, ttl: number, ifindex: number, out = 0) =>
          segment(source, destination, ttl, n, { link: 'sll2', ifindex, packetType: out });
        const frames = reply
          ? [look(POD, client, 64, 3), look(SERVICE, client, 63, 2, 4)]
          : [look(client, SERVICE, 64, 2), look(client, POD, 63, 3, 4)];
        return filtered ? [frames[reply ? 1 : 0]] : frames;
      });
    const pod = exchange(3, (port, reply, n) => [
      reply ? segment(POD, `10.1.0.10:${port}`, 64, n) : segment(`10.1.0.10:${port}`, POD, 63, n),
    ]).map((frame) => ({ ...frame, timeNs: frame.timeNs + 60_000n }));
    const client = exchange(3, (port, reply, n) => [
      reply
        ? segment(SERVICE, `10.1.0.10:${port}`, 63, n)
        : segment(`10.1.0.10:${port}`, SERVICE, 64, n),
    ]).map((frame) => ({ ...frame, timeNs: frame.timeNs - 20_000n }));
    const run = (filtered: boolean) =>
      fitnessOf([
        memorySource(pcapFile(client, { nanoseconds: true }), 'a-client.pcap'),
        memorySource(
          pcapFile(inAndOut(filtered), { nanoseconds: true, linkType: 276 }),
          'b-any.pcap',
        ),
        memorySource(pcapFile(pod, { nanoseconds: true }), 'c-pod.pcap'),
      ]);
    expect(told(await run(true))).toEqual(['translation-hidden c2']);
    expect(told(await run(false))).toEqual([]);
  });
});
