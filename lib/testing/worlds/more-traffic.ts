// Rarer traffic of simulated worlds: QUIC, fragmented datagrams, datagrams that a closed port answers by ICMP, connections through a proxy or a SYN proxy.
import { icmpFrame, ipFrame, parseEndpoint, type UdpSpec, udpFrame } from '../frame-builder';
import { type BytesOf, sendOne } from './datagrams';
import { framed, type Network, streamBytes, type Unit } from './network';
import type { Stop } from './places';
import { SPAN_NS } from './plan';
import { type Flow, TcpTalk } from './tcp-talk';

const MS = 1e6;

/** `flowOf`: a flow of its own for each number. */
export function runExtras(
  net: Network,
  flowOf: (connection: number, kind: 'tcp' | 'udp') => Flow,
): void {
  const { plan, dice } = net;
  const { quic, fragmented, refused, proxied, synProxied } = plan.extras;
  let connection = plan.connections;
  const each = (count: number, kind: 'tcp' | 'udp', run: (flow: Flow, start: number) => void) => {
    for (let k = 0; k < count; k += 1) {
      net.begin();
      run(flowOf(connection, kind), dice.between(0.1 * SPAN_NS, SPAN_NS * 0.6));
      connection += 2;
    }
  };
  each(quic, 'udp', (flow, start) => talkQuic(net, flow, start));
  each(fragmented, 'udp', (flow, start) => sendFragmented(net, flow, start));
  each(refused, 'udp', (flow, start) => refuse(net, flow, start));
  each(proxied, 'tcp', (flow, start) => talkThroughProxy(net, flow, start));
  each(synProxied, 'tcp', (flow, start) => talkThroughSynProxy(net, flow, start));
}

/** Datagrams both ways; their hosts number them or, as connected sockets that forbid fragments do, not. */
function talkQuic(net: Network, flow: Flow, start: number): void {
  const { dice, plan } = net;
  const numbered = plan.ipIds && dice.chance(0.5);
  let now = start;
  let sent = 0;
  const flight = (direction: 0 | 1, datagrams: number): void => {
    for (let k = 0; k < datagrams; k += 1) {
      const length = k + 1 < datagrams ? 1200 : dice.between(30, 1200);
      sent += 1;
      const position = sent * 2000;
      // Long headers open it, short ones follow.
      const payload = streamBytes(flow.connection * 2 + direction, position, length);
      payload[0] = sent < 4 ? 0xc3 : 0x43;
      const ipId = numbered ? dice.between(1, 65_536) : 0;
      sendOne(net, flow, direction, now, `quic ${sent}`, ipId, udpOf(payload));
      now += dice.between(5_000, 400_000);
    }
    now += dice.between(4 * MS, 20 * MS);
  };
  for (let turns = dice.between(2, 6); turns > 0; turns -= 1) {
    flight(0, dice.between(1, 4));
    flight(1, dice.between(1, 12));
  }
}

const udpOf =
  (payload: Uint8Array): BytesOf =>
  (source, destination, _, header) =>
    udpFrame({ ...header, source, destination, payload });

/** Datagrams greater than the MTU, each answered by a small one. */
function sendFragmented(net: Network, flow: Flow, start: number): void {
  const { dice, plan } = net;
  let now = start;
  for (let turn = dice.between(1, 5); turn > 0; turn -= 1) {
    const ipId = dice.between(1, 65_536);
    const payload = streamBytes(flow.connection * 2, turn * 9000, dice.between(1600, 6000));
    const whole = payload.length + 8;
    const offsets = Array.from({ length: Math.ceil(whole / 1480) }, (_, index) => index * 1480);
    const units = offsets.map((offset) =>
      net.unit(
        {
          way: flow.ways[0],
          carriesBytes: false,
          connection: flow.connection,
          direction: 0,
          sequence: 0,
          shifted: 0,
          length: 0,
          time: now,
          label: `frag ${offset}`,
          content: `${ipId} ${offset}`,
        },
        ipId,
      ),
    );
    const offsetOf = new Map(units.map(({ id }, index) => [id, offsets[index]]));
    const build = (stop: Stop, [unit]: readonly Unit[]): Uint8Array => {
      const [source, destination] = flow.ends[stop.stage];
      const spec = { source, destination, payload };
      return framed(stop, plan, null, fragmentFrame(stop, spec, ipId, offsetOf.get(unit.id) ?? 0));
    };
    const arrived = net.send(flow.ways[0], units, now, build, true);
    if (arrived.length >= units.length) {
      now = arrived[arrived.length - 1].time + dice.between(50_000, 500_000);
      const answer = streamBytes(flow.connection * 2 + 1, turn * 9000, dice.between(20, 200));
      sendOne(net, flow, 1, now, `answer ${turn}`, dice.between(1, 65_536), udpOf(answer));
    }
    now += dice.between(20 * MS, 300 * MS);
  }
}

function fragmentFrame(stop: Stop, spec: UdpSpec, ipId: number, offset: number): Uint8Array {
  const [source] = parseEndpoint(spec.source);
  const [destination] = parseEndpoint(spec.destination);
  const datagram = udpFrame({ ...spec, link: 'raw' }).subarray(source.length === 4 ? 20 : 40);
  const part = datagram.subarray(offset, offset + 1480);
  return ipFrame(
    {
      sourceMac: stop.macs[0],
      destinationMac: stop.macs[1],
      vlans: stop.vlan > 0 ? [stop.vlan] : [],
      ttl: 64 - stop.routers,
      ipId,
      dontFragment: false,
      fragmentOffset: offset,
      moreFragments: offset + 1480 < datagram.length,
    },
    source,
    destination,
    17,
    part,
  );
}

/** Datagrams to a port that nobody listens at; the server's kernel says so, and quotes them. */
function refuse(net: Network, flow: Flow, start: number): void {
  const { dice, plan } = net;
  let now = start;
  for (let turn = dice.between(1, 4); turn > 0; turn -= 1) {
    const ipId = dice.between(1, 65_536);
    const payload = streamBytes(flow.connection * 2, turn * 500, dice.between(20, 400));
    const came = sendOne(net, flow, 0, now, `to closed ${turn}`, ipId, udpOf(payload));
    const sent = now;
    if (came !== undefined) {
      const errorId = dice.between(1, 65_536);
      sendOne(
        net,
        flow,
        1,
        came + 20_000,
        `closed ${turn}`,
        errorId,
        (source, target, stage, header) => {
          const [client, server] = flow.ends[plan.extras.quotesKept ? 1 : stage];
          const quoted = udpFrame({
            source: client,
            destination: server,
            payload,
            ipId,
            link: 'raw',
            ttl: 60,
          });
          const address = (endpoint: string): string =>
            endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
          return icmpFrame({
            ...header,
            source: address(source),
            destination: address(target),
            type: plan.ipVersion === 6 ? 1 : 3,
            code: plan.ipVersion === 6 ? 4 : 3,
            payload: quoted.subarray(0, 548),
          });
        },
      );
    }
    now = sent + dice.between(50 * MS, 900 * MS);
  }
}

/** Whether the gateway was captured on both of its sides. */
const isCut = ({ ways }: Flow): boolean =>
  ways[0].length > 3 && ways[0].some(({ stage }) => stage !== ways[0][0].stage);

/** The part of a flow's ways that lies on one side of the translation, as of packets that begin or end there. */
function halfOf({ ways }: Flow, stage: 0 | 1): Flow['ways'] {
  const part = (way: readonly Stop[]): readonly Stop[] => {
    const kept = way.filter((stop) => stop.stage === stage);
    const least = Math.min(...kept.map(({ routers }) => routers));
    return kept.map((stop) => ({ ...stop, routers: stop.routers - least }));
  };
  return [part(ways[0]), part(ways[1])];
}

/** A connection that ends at the gateway, and one that it opens to the server: the same bytes, all else its own. */
function talkThroughProxy(net: Network, flow: Flow, start: number): void {
  const { dice, plan } = net;
  if (!isCut(flow)) return;
  const { retry: _, ...own } = flow;
  const [client] = flow.ends[0];
  const proxy = plan.ipVersion === 6 ? '[fd00:5::1]' : '10.5.0.1';
  const port = 20_000 + flow.connection * 11;
  const asked = [client, `${proxy}:3128`] as const;
  const asks = [`${proxy}:${port}`, flow.ends[1][1]] as const;
  const plain = { ...own, shifts: [0, 0] as const };
  const front = new TcpTalk(net, { ...plain, ends: [asked, asked], ways: halfOf(flow, 0) }, start);
  const behind = new TcpTalk(
    net,
    {
      ...plain,
      ends: [asks, asks],
      ways: halfOf(flow, 1),
      connection: flow.connection + 1,
      stream: flow.connection,
    },
    start,
  );
  if (!front.open()) return;
  behind.now = front.now;
  if (!behind.open()) return;
  for (let turn = dice.between(1, 5); turn > 0; turn -= 1) {
    const [question, answer] = [dice.between(1, 2 * plan.mss), dice.between(1, 8 * plan.mss)];
    front.now = behind.now + dice.between(1 * MS, 60 * MS);
    if (!front.flight(0, question)) return;
    behind.now = front.now + dice.between(30_000, 500_000);
    if (!behind.flight(0, question)) return;
    behind.now += dice.between(0.2 * MS, 5 * MS);
    if (!behind.flight(1, answer)) return;
    front.now = behind.now + dice.between(30_000, 500_000);
    if (!front.flight(1, answer)) return;
    behind.now = front.now;
  }
  if (front.close(0)) front.close(1);
  behind.now = front.now + dice.between(50_000, 500_000);
  if (behind.close(0)) behind.close(1);
}

/** The gateway answers the handshake and makes one of its own; afterwards it shifts what the server counts. */
function talkThroughSynProxy(net: Network, flow: Flow, start: number): void {
  const { dice, plan } = net;
  const telling = plan.points.every(
    ({ snaplen, from, to }) => snaplen > 1500 && from === 0 && to > 100 * SPAN_NS,
  );
  if (!telling || !(plan.timestamps || plan.ipIds) || !isCut(flow)) return;
  const { retry: _, ...own } = flow;
  new TcpTalk(
    net,
    {
      ...own,
      shifts: [0, dice.between(1, 2 ** 31)],
      handshakes: [halfOf(flow, 0), halfOf(flow, 1)],
    },
    start,
  ).run();
}
