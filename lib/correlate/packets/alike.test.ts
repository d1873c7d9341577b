// Packets that content alone does not tell apart: heartbeats of many clients, pure ACKs without timestamps or IP ID, segments that are sent
// again within the same millisecond while an offload cuts them, captures cut short.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { AnalysisView } from '../../model/analysis-view';
import { FATES } from '../../model/fate';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile } from '../../testing/capture-file';
import { type TcpSpec, tcpFrame, udpFrame, vxlanFrame } from '../../testing/frame-builder';

const START = 1_700_000_000_000_000_000n;
const VIP = '172.20.0.7';
const POD = '10.1.0.20';
const NODE = '10.9.0.1';

const at = (micros: number, bytes: Uint8Array): CapturedFrame => ({
  timeNs: START + BigInt(Math.round(micros * 1000)),
  bytes,
});

const analyse = async (captures: Readonly<Record<string, readonly CapturedFrame[]>>, snaplen = 0) =>
  (
    await analyseSources(
      Object.entries(captures).map(([name, frames]) => {
        const cut = frames.map((frame) =>
          snaplen > 0 && name.startsWith('short')
            ? { ...frame, bytes: frame.bytes.subarray(0, snaplen), wireLength: frame.bytes.length }
            : frame,
        );
        return memorySource(pcapFile(cut, { nanoseconds: true }), `${name}.pcap`);
      }),
    )
  ).analysis;

/** Journeys as `file#frame file#frame fate`, in order of time. */
function journeysOf(view: AnalysisView): string[] {
  const { journeys, journeyCount, sightings, files } = view.journeysOf(
    view.connections.map((_, index) => index),
  );
  return Array.from({ length: journeyCount }, (_, j) => {
    const seen = Array.from({ length: journeys.sightingCount[j] }, (_, k) => {
      const s = journeys.firstSighting[j] + k;
      return `${files[sightings.capture[s]].replace('.pcap', '')}#${sightings.frame[s]}`;
    });
    return [...seen, FATES[journeys.fate[j]]].join(' ');
  });
}

describe('datagrams', () => {
  const beat = (client: number, translated: boolean) =>
    udpFrame({
      source: translated ? `${NODE}:${40_000 + client}` : `10.1.0.${client}:5000`,
      destination: translated ? `${POD}:9125` : `${VIP}:8125`,
      ttl: translated ? 63 : 64,
      ipId: 0,
      payload: 'gauge:1|c heartbeat of a client',
    });

  it('of several clients that say the same are not made one connection', async () => {
    const clients = [11, 12, 13];
    const analysis = await analyse({
      before: clients.map((client, index) => at(index * 1000, beat(client, false))),
      behind: clients.map((client, index) => at(index * 1000 + 50, beat(client, true))),
    });
    for (const { legs } of analysis.connections) {
      const points = legs.map((leg) => leg.point);
      expect(new Set(points).size).toBe(points.length);
    }
  });

  it('whose two ends both change are joined by a query and its reply', async () => {
    const query = { ipId: 0, payload: 'unique question 4711' };
    const reply = { ipId: 0, payload: 'unique answer 4711' };
    const outside = { source: '10.1.0.11:5000', destination: `${VIP}:53` };
    const inside = { source: `${NODE}:41000`, destination: `${POD}:5353` };
    const back = ({ source, destination }: typeof outside) => ({
      source: destination,
      destination: source,
    });
    const analysis = await analyse({
      before: [
        at(0, udpFrame({ ...outside, ...query, ttl: 64 })),
        at(900, udpFrame({ ...back(outside), ...reply, ttl: 63 })),
      ],
      behind: [
        at(50, udpFrame({ ...inside, ...query, ttl: 63 })),
        at(800, udpFrame({ ...back(inside), ...reply, ttl: 64 })),
      ],
    });
    expect(journeysOf(analysis)).toEqual([
      'before#1 behind#1 delivered',
      'behind#2 before#2 delivered',
    ]);
    expect(analysis.connections[0].translations.map(({ kind }) => kind)).toEqual([
      'snat',
      'dnat',
      'un-dnat',
      'un-snat',
    ]);
  });

  it('inside a tunnel that the snapshot length cut deeper are the same datagrams still', async () => {
    const inner = (ipId: number) =>
      udpFrame({
        source: '10.1.0.11:5000',
        destination: `${POD}:5353`,
        ipId,
        payload: 60,
      });
    const outer = (ipId: number) =>
      vxlanFrame({
        source: '10.9.0.1:50000',
        destination: '10.9.0.2:4789',
        vni: 7,
        inner: inner(ipId),
      });
    const analysis = await analyse(
      {
        pod: [1, 2, 3].map((id) => at(id * 1000, inner(id))),
        short: [1, 2, 3].map((id) => at(id * 1000 + 40, outer(id))),
      },
      128,
    );
    expect(journeysOf(analysis).map((text) => text.replace(/ \w+$/, ''))).toEqual([
      'pod#1 short#1',
      'pod#2 short#2',
      'pod#3 short#3',
    ]);
  });
});

describe('segments', () => {
  const client = '10.1.0.11:40000';
  const server = `${POD}:8443`;
  const send = (spec: Partial<TcpSpec>) =>
    tcpFrame({ source: client, destination: server, flags: '.', ipId: 0, ...spec });
  const answer = (spec: Partial<TcpSpec>) =>
    tcpFrame({ source: server, destination: client, flags: '.', ipId: 0, ...spec });

  it('that are pure ACKs, alike in everything, are joined first in, first out, past a loss', async () => {
    const data = (n: number) =>
      answer({ sequence: 1000 + n * 100, acknowledgement: 500, payload: 100 });
    const ack = () => send({ sequence: 500, acknowledgement: 1000 });
    // Alike ACKs leave at 10, 20, 30, 40 ms; the second is lost. The delay is 2 ms, as the data shows.
    const analysis = await analyse({
      a: [
        ...[0, 1, 2].map((n) => at(2000 + n * 1000, data(n))),
        ...[10, 20, 30, 40].map((ms) => at(ms * 1000, ack())),
        at(50_000, send({ sequence: 500, acknowledgement: 1300, payload: 10 })),
      ],
      b: [
        ...[0, 1, 2].map((n) => at(n * 1000, data(n))),
        ...[10, 30, 40].map((ms) => at(ms * 1000 + 2000, ack())),
        at(52_000, send({ sequence: 500, acknowledgement: 1300, payload: 10 })),
      ],
    });
    const acks = journeysOf(analysis).filter((text) => /a#[4-7]/.test(text));
    expect(acks).toEqual([
      'a#4 b#4 delivered',
      'a#5 lost',
      'a#6 b#5 delivered',
      'a#7 b#6 delivered',
    ]);
  });

  it('that a hop doubles within microseconds have one sighting each at the points before it', async () => {
    const data = (n: number) =>
      send({ ipId: n, sequence: 500 + n * 100, acknowledgement: 1000, payload: 100 });
    const plain = [1, 2, 3, 4, 5].map((n) => [n, n * 10_000] as const);
    // a → b takes 6 µs, b → c 9: the doubled one comes to b early, and its copy leaves b so late that a's own delay fits it best.
    const doubled = data(6);
    const analysis = await analyse({
      a: [...plain.map(([n, us]) => at(us, data(n))), at(60_000, doubled)],
      b: [...plain.map(([n, us]) => at(us + 6, data(n))), at(60_004, doubled)],
      c: [
        ...plain.map(([n, us]) => at(us + 15, data(n))),
        at(60_013, doubled),
        at(60_015, doubled),
      ],
    });
    expect(
      journeysOf(analysis)
        .slice(-2)
        .map((text) => text.replace(/ \w+$/, '')),
    ).toEqual(['a#6 b#6 c#6', 'c#7']);
  });

  it('that are cut by an offload and sent again at once are two transmissions, each cut', async () => {
    const segment = (offset: number, payload: number, ipId: number) =>
      send({ sequence: 1000 + offset, acknowledgement: 77, payload, ipId, timestamps: [5, 6] });
    const analysis = await analyse({
      a: [
        at(0, segment(0, 3000, 100)),
        at(65, segment(0, 3000, 200)),
        at(900, segment(3000, 1, 300)),
      ],
      b: [
        at(10, segment(0, 1000, 100)),
        at(11, segment(1000, 1000, 101)),
        at(12, segment(2000, 1000, 102)),
        at(75, segment(0, 1000, 200)),
        at(76, segment(1000, 1000, 201)),
        at(77, segment(2000, 1000, 202)),
        at(910, segment(3000, 1, 300)),
      ],
    });
    expect(
      journeysOf(analysis)
        .map((text) => text.replace(/ \w+$/, ''))
        .sort(),
    ).toEqual(['a#1 b#1', 'a#1 b#2', 'a#1 b#3', 'a#2 b#4', 'a#2 b#5', 'a#2 b#6', 'a#3 b#7']);
  });
});
