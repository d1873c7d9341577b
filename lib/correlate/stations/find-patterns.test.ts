// Routes that look alike share the form of their patterns; a route whose packets say otherwise has a form of its own.
import { expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile } from '../../testing/capture-file';
import { tcpFrame } from '../../testing/frame-builder';

const CLIENTS = 40;
/** This one's packets pass the second and the third point the other way round, all but the first of each direction: its stations are numbered as all are. */
const ODD = 17;
const HOP_NS = 10_000;
const START = 1_700_000_000_000_000_000n;
/** No MACs: nothing but times tells the order. */
const RAW_IP = 101;

const frame = (client: number, forward: boolean, flags: string, number: number) => {
  const [source, destination] = [`10.1.0.${client + 1}:40000`, '10.2.0.1:80'];
  return tcpFrame({
    link: 'raw',
    source: forward ? source : destination,
    destination: forward ? destination : source,
    flags,
    sequence: client * 1000 + number + (forward ? 0 : 500),
    acknowledgement: flags === 'S' ? 0 : client * 1000 + number + (forward ? 500 : 0),
    ipId: client * 16 + number + (forward ? 1 : 8),
  });
};

function capturesOf(points: readonly string[]) {
  const lanes: Record<string, CapturedFrame[]> = Object.fromEntries(points.map((p) => [p, []]));
  for (let client = 0; client < CLIENTS; client += 1) {
    for (let number = 0; number < 6; number += 1) {
      const forward = number % 2 === 0;
      const way = client === ODD && number > 1 ? [points[0], points[2], points[1]] : points;
      const flags = number === 0 ? 'S' : number === 1 ? 'S.' : '.';
      const stops = forward ? way : [...way].reverse();
      for (const [hop, point] of stops.entries())
        lanes[point].push({
          timeNs: START + BigInt(client * 10_000_000 + number * 1_000_000 + hop * HOP_NS),
          bytes: frame(client, forward, flags, number),
        });
    }
  }
  return Object.entries(lanes).map(([name, lane]) =>
    memorySource(
      pcapFile(
        lane.sort((a, b) => Number(a.timeNs - b.timeNs)),
        { nanoseconds: true, linkType: RAW_IP },
      ),
      `${name}.pcap`,
    ),
  );
}

it('finds one order for all clients on a path, and another for the client that takes another one', async () => {
  const points = ['a', 'b', 'c'];
  const { analysis } = await analyseSources(capturesOf(points));
  expect(analysis.connections).toHaveLength(CLIENTS);
  const name = new Map(
    analysis.points.map(({ id, name: file }) => [id, file.replace(/\.pcap.*/, '')]),
  );
  for (const { client, forwardStops, reverseStops } of analysis.connections) {
    const way = client === `10.1.0.${ODD + 1}:40000` ? 'acb' : 'abc';
    expect([
      client,
      ...[forwardStops, reverseStops].map((stops) => stops.map((stop) => name.get(stop)).join('')),
    ]).toEqual([client, way, [...way].reverse().join('')]);
  }
  const { patterns } = analysis.correlation.journeys;
  expect(patterns).toHaveLength(CLIENTS * 2);
  expect(new Set(patterns.map(({ form }) => form)).size).toBe(4);
  expect(new Set(patterns.map(({ stations }) => stations.shape)).size).toBe(2);
});
