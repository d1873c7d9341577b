// The ways packets take through networks of many shapes, drawn hop by hop: order, passages, and copies off the way.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import type { AnalysisView } from '../model/analysis-view';
import { FATES } from '../model/fate';
import { memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from '../testing/capture-file';
import { tcpFrame, vxlanFrame } from '../testing/frame-builder';

const START = 1_700_000_000_000_000_000n;

/** One sighting: `lane source>destination ttl sourceMac>destinationMac`, then `vlan=7`, `vni=7`, or `+40` microseconds after the one before. */
type Sighting = string;

interface Network {
  readonly out: readonly Sighting[];
  readonly back: readonly Sighting[];
  /** µs that a lane's clock is ahead. */
  readonly clocks?: Readonly<Record<string, number>>;
}

const ENDPOINTS: Readonly<Record<string, string>> = {
  c: '10.1.0.10:40000',
  v: '172.20.0.7:80',
  s: '10.1.0.20:8080',
  n: '10.9.0.1:50000',
  o: '10.1.0.30:8080',
};
const mac = (letter: string): string =>
  `0a:58:0a:01:00:${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Requests and answers of three connections over the network, as captures. */
function capture(networks: readonly Network[]): Map<string, CapturedFrame[]> {
  const lanes = new Map<string, CapturedFrame[]>();
  networks.forEach((network, k) => {
    for (let connection = 0; connection < 3; connection += 1)
      for (let turn = 0; turn < 8; turn += 1) {
        const way = turn % 2 === 0 ? network.out : network.back;
        let micros = k * 3e6 + connection * 1e6 + turn * 10_000;
        for (const text of way) {
          const [lane, tuple, ttl, macs, ...rest] = text.split(' ');
          const after = rest.find((word) => word.startsWith('+'));
          micros += after === undefined ? 20 : Number(after.slice(1));
          const frame = draw(k * 100 + connection, turn, tuple, Number(ttl), macs, rest);
          const frames = lanes.get(lane) ?? [];
          lanes.set(lane, frames);
          const clock = network.clocks?.[lane] ?? 0;
          frames.push({
            timeNs: START + BigInt((micros + clock + (turn % 3)) * 1000),
            bytes: frame,
          });
        }
      }
  });
  for (const frames of lanes.values()) frames.sort((a, b) => Number(a.timeNs - b.timeNs));
  return lanes;
}

function draw(
  connection: number,
  turn: number,
  tuple: string,
  ttl: number,
  macs: string,
  rest: readonly string[],
): Uint8Array {
  const shifted = (letter: string): string =>
    ENDPOINTS[letter].replace(/:(\d{5})$/, (_, port) => `:${Number(port) + connection}`);
  const [source, destination] = tuple.split('>').map(shifted);
  const [sourceMac, destinationMac] = macs.split('>').map(mac);
  const number = (name: string): number | undefined => {
    const word = rest.find((text) => text.startsWith(`${name}=`));
    return word === undefined ? undefined : Number(word.slice(name.length + 1));
  };
  const vlan = number('vlan');
  const vni = number('vni');
  const inner = tcpFrame({
    source,
    destination,
    ttl,
    sourceMac,
    destinationMac,
    ...(vlan === undefined ? {} : { vlans: [vlan] }),
    ipId: 1 + connection * 100 + turn,
    sequence: 1000 + (turn >> 1) * 100 + (turn % 2) * 50_000,
    acknowledgement: 51_000 + (turn >> 1) * 100,
    payload: 100,
    timestamps: [connection * 1_000_000 + turn * 10, turn],
  });
  return vni === undefined
    ? inner
    : vxlanFrame({ source: '192.0.2.1:49152', destination: '192.0.2.2:4789', vni, inner });
}

const analyse = async (networks: readonly Network[]): Promise<AnalysisView> =>
  (
    await analyseSources(
      [...capture(networks)].map(([lane, frames]) =>
        memorySource(pcapFile(frames, { nanoseconds: true }), `${lane}.pcap`),
      ),
    )
  ).analysis;

/** `> a b b/2 | copies` for each way that packets of a direction took, and their fate where it is not delivered. */
function waysOf(view: AnalysisView, connections = view.connections.map((_, index) => index)) {
  const ways = new Set<string>();
  const { journeys, journeyCount, sightings } = view.journeysOf(connections);
  for (let j = 0; j < journeyCount; j += 1) {
    const way: string[] = [];
    const copies: string[] = [];
    for (let k = 0; k < journeys.sightingCount[j]; k += 1) {
      const s = journeys.firstSighting[j] + k;
      const name = view.points[sightings.point[s]].name;
      const stop = sightings.passage[s] > 1 ? `${name}/${sightings.passage[s]}` : name;
      (sightings.branch[s] === 0 ? way : copies).push(stop);
    }
    const fate = FATES[journeys.fate[j]];
    ways.add(
      [
        journeys.direction[j] === 0 ? '>' : '<',
        ...way,
        ...(copies.length > 0 ? ['|', ...copies.sort()] : []),
        ...(fate === 'delivered' ? [] : [fate]),
      ].join(' '),
    );
  }
  return [...ways].sort();
}

const mirrored = (sightings: readonly Sighting[]): Sighting[] =>
  [...sightings].reverse().map((text) => {
    const [lane, tuple, ttl, macs, ...rest] = text.split(' ');
    const turned = (pair: string): string => pair.split('>').reverse().join('>');
    return [lane, turned(tuple), ttl, turned(macs), ...rest].join(' ');
  });

const switched = (lanes: string, look: string): Sighting[] =>
  lanes.split(' ').map((lane) => `${lane} ${look}`);

describe('ways through', () => {
  it('a bridge that hands up what it forwards: its own interface is off the way', async () => {
    const view = await analyse([
      {
        out: switched('pod-c veth-c veth-s br0 pod-s', 'c>s 64 c>s'),
        back: switched('pod-s veth-s veth-c br0 pod-c', 's>c 64 s>c'),
      },
    ]);
    expect(waysOf(view)).toEqual([
      '< pod-s veth-s veth-c pod-c | br0',
      '> pod-c veth-c veth-s pod-s | br0',
    ]);
  });

  it('a switch that floods: strangers get copies, whichever port is served first', async () => {
    // Ports are served in the order s, o, c, the bridge's own interface last; pods wake up later, when answers run much later.
    const flood = (from: string, to: string, wakeMicros: number): Sighting[] => {
      const look = `${from}>${to} 64 ${from}>${to}`;
      const served = ['s', 'o', 'c'].filter((port) => port !== from);
      return [
        ...switched(`pod-${from} veth-${from}`, look),
        ...switched([...served.map((port) => `veth-${port}`), 'br0'].join(' '), look),
        ...switched(served.map((port) => `pod-${port}`).join(' '), `${look} +${wakeMicros}`),
      ];
    };
    const talk = (a: string, b: string): Network => ({
      out: flood(a, b, 5),
      back: flood(b, a, 90),
    });
    const view = await analyse([talk('c', 's'), talk('c', 'o'), talk('s', 'o')]);
    expect(waysOf(view)).toEqual([
      '< pod-o veth-o veth-c pod-c | br0 pod-s veth-s',
      '< pod-o veth-o veth-s pod-s | br0 pod-c veth-c',
      '< pod-s veth-s veth-c pod-c | br0 pod-o veth-o',
      '> pod-c veth-c veth-o pod-o | br0 pod-s veth-s',
      '> pod-c veth-c veth-s pod-s | br0 pod-o veth-o',
      '> pod-s veth-s veth-o pod-o | br0 pod-c veth-c',
    ]);
  });

  it('a promiscuous bridge that routes once more what it bridged: the first arrival is the delivery', async () => {
    const view = await analyse([
      {
        out: [
          ...switched('pod-c veth-c', 'c>v 64 c>r'),
          ...switched('veth-s pod-s', 'c>s 64 c>s'),
          ...switched('veth-s pod-s', 'c>s 63 r>s'),
        ],
        back: [
          ...switched('pod-s veth-s', 's>c 64 s>c'),
          ...switched('veth-c pod-c', 'v>c 64 r>c'),
        ],
      },
    ]);
    expect(waysOf(view)).toEqual([
      '< pod-s veth-s veth-c pod-c',
      '> pod-c veth-c veth-s pod-s | pod-s/2 veth-s/2',
    ]);
  });

  it('an edge behind which packets go on: no receiver, whatever its MAC', async () => {
    // Answers of the outside come in at the uplink, by-passing the router that requests leave by.
    const out = ['pod c>o 64 c>r', 'uplink c>o 63 n>g', 'router c>o 62 g>h'];
    const back = ['uplink o>c 57 g>n', 'pod o>c 56 r>c'];
    expect(waysOf(await analyse([{ out, back }]))).toEqual(['< uplink pod', '> pod uplink router']);
  });

  it('a VLAN interface and its parent, a bond and its member, a macvlan and its parent', async () => {
    const out = [
      'pod-c c>s 64 c>s',
      'eth0-vlan7 c>s 64 c>s',
      'eth0 c>s 64 c>s vlan=7',
      'bond0 c>s 64 c>s vlan=7',
      'slave1 c>s 64 c>s vlan=7',
      'pod-s c>s 64 c>s',
    ];
    const view = await analyse([{ out, back: mirrored(out) }]);
    expect(waysOf(view)).toEqual([
      '< pod-s slave1 bond0 eth0 eth0-vlan7 pod-c',
      '> pod-c eth0-vlan7 eth0 bond0 slave1 pod-s',
    ]);
  });

  it('VXLAN with overlay and underlay captured on both of two nodes whose clocks disagree', async () => {
    const out = [
      'a-pod c>s 64 c>s',
      'a-veth c>s 64 c>s',
      'a-vxlan c>s 64 c>s',
      'a-uplink c>s 64 c>s vni=7',
      'b-uplink c>s 64 c>s vni=7 +90',
      'b-vxlan c>s 64 c>s',
      'b-veth c>s 64 c>s',
      'b-pod c>s 64 c>s',
    ];
    const clocks = { 'b-uplink': 4e6, 'b-vxlan': 4e6, 'b-veth': 4e6, 'b-pod': 4e6 };
    const view = await analyse([{ out, back: mirrored(out), clocks }]);
    expect(waysOf(view)).toEqual([
      '< b-pod b-veth b-vxlan b-uplink a-uplink a-vxlan a-veth a-pod',
      '> a-pod a-veth a-vxlan a-uplink b-uplink b-vxlan b-veth b-pod',
    ]);
  });

  it('one file that holds the packet bare and encapsulated', async () => {
    const out = [
      'pod c>s 64 c>s',
      'node c>s 64 c>s',
      'node c>s 64 c>s vni=7',
      'far c>s 64 c>s +80',
    ];
    const view = await analyse([{ out, back: mirrored(out) }]);
    expect(waysOf(view)).toEqual(['< far node node/2 pod', '> pod node node/2 far']);
  });

  it('a router on a stick: one interface, twice', async () => {
    const out = [
      'pod-c c>s 64 c>r',
      'router c>s 64 c>r vlan=7',
      'router c>s 63 r>s vlan=8',
      'pod-s c>s 63 r>s',
    ];
    const back = [
      'pod-s s>c 64 s>r',
      'router s>c 64 s>r vlan=8',
      'router s>c 63 r>c vlan=7',
      'pod-c s>c 63 r>c',
    ];
    expect(waysOf(await analyse([{ out, back }]))).toEqual([
      '< pod-s router router/2 pod-c',
      '> pod-c router router/2 pod-s',
    ]);
  });

  it('a hairpin: out to the service and back to the pod that asked', async () => {
    const out = [
      ...switched('pod veth br0', 'c>v 64 c>r'),
      ...switched('br0 veth pod', 'n>c 63 r>c'),
    ];
    const view = await analyse([{ out, back: [] }]);
    expect(waysOf(view)).toEqual(['> pod veth br0 br0/2 veth/2 pod/2']);
  });

  it('direct server return: by the balancer with another MAC, back without it', async () => {
    const out = [
      'client c>v 64 c>l',
      'balancer c>v 64 c>l',
      'balancer c>v 64 l>s',
      'server c>v 64 l>s',
    ];
    const back = ['server v>c 64 s>c', 'client v>c 64 s>c'];
    expect(waysOf(await analyse([{ out, back }]))).toEqual([
      '< server client',
      '> client balancer balancer/2 server',
    ]);
  });

  it('replies that by-pass a point, and other connections that by-pass it both ways', async () => {
    const service = {
      out: [
        ...switched('pod-c veth-c tun0', 'c>v 64 c>r'),
        ...switched('tun0 veth-s pod-s', 'c>s 63 r>s'),
      ],
      back: [...switched('pod-s veth-s', 's>c 64 s>c'), ...switched('veth-c pod-c', 'v>c 64 r>c')],
    };
    const direct = switched('pod-c veth-c veth-s pod-s', 'c>s 64 c>s');
    const view = await analyse([service, { out: direct, back: mirrored(direct) }]);
    expect(waysOf(view)).toEqual([
      '< pod-s veth-s veth-c pod-c',
      '> pod-c veth-c tun0 tun0/2 veth-s pod-s',
      '> pod-c veth-c veth-s pod-s',
    ]);
  });

  it('three routed nodes with clocks that disagree', async () => {
    const out = [
      'a-pod c>s 64 c>a',
      'a-uplink c>s 63 x>y',
      'b-in c>s 63 x>y +150',
      'b-out c>s 62 z>w',
      'd-uplink c>s 62 z>w +150',
      'd-pod c>s 61 d>s',
    ];
    const back = [
      'd-pod s>c 64 s>d',
      'd-uplink s>c 63 w>z',
      'b-out s>c 63 w>z +150',
      'b-in s>c 62 y>x',
      'a-uplink s>c 62 y>x +150',
      'a-pod s>c 61 a>c',
    ];
    const clocks = { 'b-in': -7e5, 'b-out': -7e5, 'd-uplink': 2e6, 'd-pod': 2e6 };
    expect(waysOf(await analyse([{ out, back, clocks }]))).toEqual([
      '< d-pod d-uplink b-out b-in a-uplink a-pod',
      '> a-pod a-uplink b-in b-out d-uplink d-pod',
    ]);
  });

  it('taps that flip the order of two points: a tie, said, and the ends still in their places', async () => {
    const jitter = (turn: number, a: string, b: string): Sighting[] =>
      turn % 2 === 0 ? [`${a} c>s 64 c>s +1`, `${b} c>s 64 c>s +1`] : [];
    const view = await analyse([
      {
        out: ['pod-c c>s 64 c>s', ...jitter(0, 'mid1', 'mid2'), 'pod-s c>s 64 c>s'],
        back: mirrored([
          'pod-c c>s 64 c>s',
          'mid1 c>s 64 c>s +0',
          'mid2 c>s 64 c>s +0',
          'pod-s c>s 64 c>s',
        ]),
      },
      {
        out: ['pod-c c>s 64 c>s', ...jitter(0, 'mid2', 'mid1'), 'pod-s c>s 64 c>s'],
        back: mirrored([
          'pod-c c>s 64 c>s',
          'mid1 c>s 64 c>s +0',
          'mid2 c>s 64 c>s +0',
          'pod-s c>s 64 c>s',
        ]),
      },
    ]);
    const hop = view.hops.find(
      ({ from, to, direction }) =>
        direction === 'forward' &&
        [from, to].every((stop) =>
          view.points.find(({ id }) => id === stop)?.name.startsWith('mid'),
        ),
    );
    expect(hop?.order).toEqual({ confidence: 'tie', ground: 'none' });
    expect(view.hops.filter(({ order }) => order?.ground === 'ends').length).toBeGreaterThan(0);
  });
});
