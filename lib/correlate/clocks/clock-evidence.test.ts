// What two captures have in common, told by packets that were sent once: of a retry each may have seen another transmission.
import { expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { memorySource } from '../../read/byte-source';
import { type CapturedFrame, pcapFile } from '../../testing/capture-file';
import { tcpFrame } from '../../testing/frame-builder';

const START = 1_700_000_000_000_000_000n;
const CLIENT = '10.0.0.1';
const SERVER = '10.0.9.1:80';
/** ms that a link takes. */
const LINK = 2;
/** The second gateway lies behind one more router. */
const WAY = ['user', 'gateway-1', 'gateway-2', 'server'] as const;
type Place = (typeof WAY)[number];

/** Without timestamps and IP IDs, by either of two gateways: the second transmission of a packet is the first one over again. */
class Network {
  private readonly frames = new Map<Place, CapturedFrame[]>();

  /** A packet sent at `ms`, seen where it comes before it is lost. */
  send(ms: number, port: number, answer: boolean, sequence: number, flags: string, seen: Place[]) {
    const way = answer ? [...seen].reverse() : seen;
    way.forEach((place, index) => {
      const hops = answer ? WAY.length - 1 - WAY.indexOf(place) : WAY.indexOf(place);
      const frame = tcpFrame({
        source: answer ? SERVER : `${CLIENT}:${port}`,
        destination: answer ? `${CLIENT}:${port}` : SERVER,
        ttl: 64 - hops,
        ipId: 0,
        sequence,
        acknowledgement: flags === 'S' ? 0 : 1,
        flags,
      });
      const list = this.frames.get(place) ?? [];
      this.frames.set(place, list);
      list.push({ timeNs: START + BigInt(Math.round((ms + index * LINK) * 1e6)), bytes: frame });
    });
  }

  sources() {
    return [...this.frames]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([place, frames]) =>
        memorySource(
          pcapFile(
            frames.sort((a, b) => Number(a.timeNs - b.timeNs)),
            { nanoseconds: true },
          ),
          `${place}.pcap`,
        ),
      );
  }
}

it('takes a retry by another gateway for no packet that both gateways saw', async () => {
  const network = new Network();
  const [first, second] = [
    ['user', 'gateway-1', 'server'],
    ['user', 'gateway-2', 'server'],
  ] as const satisfies Place[][];
  for (let n = 0; n < 6; n += 1) {
    const [ms, port] = [n * 100, 40_000 + n];
    network.send(ms, port, false, 1000 + n, 'S', [...first]);
    network.send(ms + 5, port, true, 7000 + n, 'S.', [...first]);
    network.send(ms + 10, port, false, 1001 + n, '.', [...first]);
  }
  // The answer is lost behind the first gateway; a second later all goes by the second one.
  network.send(700, 50_000, false, 500, 'S', [...first]);
  network.send(705, 50_000, true, 900, 'S.', ['gateway-1', 'server']);
  network.send(1700.3, 50_000, false, 500, 'S', [...second]);
  network.send(1705, 50_000, true, 900, 'S.', [...second]);
  const { analysis } = await analyseSources(network.sources());
  // All clocks are one.
  expect(analysis.clocks).toHaveLength(4);
  for (const { segments } of analysis.clocks)
    for (const { offsetNs, errorNs } of segments)
      if (errorNs !== null) expect(Math.abs(offsetNs)).toBeLessThanOrEqual(errorNs + 1);
});
