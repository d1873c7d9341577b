// Datagrams over a simulated network: DNS look-ups that are asked again, and pings whose identifier the translation rewrites.
import { icmpFrame, join, u16, udpFrame } from '../frame-builder';
import { framed, type Network } from './network';
import type { Flow } from './tcp-talk';

const MS = 1e6;

export type BytesOf = (
  source: string,
  destination: string,
  stage: 0 | 1,
  header: object,
) => Uint8Array;

/** Sends what `bytesOf` builds for each stop; when it arrived. */
export function sendOne(
  net: Network,
  flow: Flow,
  direction: 0 | 1,
  time: number,
  label: string,
  ipId: number,
  bytesOf: BytesOf,
): number | undefined {
  const way = flow.ways[direction];
  const unit = net.unit(
    {
      way,
      carriesBytes: false,
      connection: flow.connection,
      direction,
      sequence: 0,
      shifted: 0,
      length: 0,
      time,
      label,
      content: `${ipId} ${label}`,
    },
    ipId,
  );
  const [arrival] = net.send(way, [unit], time, (stop) => {
    const [client, server] = flow.ends[stop.stage];
    const [source, destination] = direction === 0 ? [client, server] : [server, client];
    const header = {
      sourceMac: stop.macs[0],
      destinationMac: stop.macs[1],
      ttl: 64 - stop.routers,
      // What NAT64 makes of a datagram that needs no identification has none.
      ipId: net.plan.nat === 'nat64' ? 0 : ipId,
      vlans: stop.vlan > 0 ? [stop.vlan] : [],
    };
    return framed(stop, net.plan, null, bytesOf(source, destination, stop.stage, header));
  });
  return arrival?.time;
}

/** Look-ups from one port, each asked again after five seconds without an answer. */
export function lookUp(net: Network, flow: Flow, start: number): void {
  const { dice } = net;
  let now = start;
  for (let count = dice.between(1, 5); count > 0; count -= 1) {
    const id = dice.between(1, 65_536);
    const name = `host${dice.between(1, 1e6)}`;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const asked = now;
      const question = dnsMessage(id, name, false);
      const came = sendOne(
        net,
        flow,
        0,
        now,
        'DNS?',
        dice.between(1, 65_536),
        (source, destination, _, header) =>
          udpFrame({ ...header, source, destination, payload: question }),
      );
      if (came !== undefined) {
        now = came + dice.between(20_000, 500_000);
        const answer = dnsMessage(id, name, true);
        const back = sendOne(
          net,
          flow,
          1,
          now,
          'DNS!',
          dice.between(1, 65_536),
          (source, destination, _, header) =>
            udpFrame({ ...header, source, destination, payload: answer }),
        );
        if (back !== undefined) {
          now = back + dice.between(1 * MS, 50 * MS);
          break;
        }
      }
      now = asked + 5000 * MS;
    }
  }
}

function dnsMessage(id: number, name: string, answer: boolean): Uint8Array {
  const text = new TextEncoder().encode(name);
  const question = join(Uint8Array.of(text.length), text, Uint8Array.of(0), u16(1), u16(1));
  const head = join(
    u16(id),
    u16(answer ? 0x8180 : 0x0100),
    u16(1),
    u16(answer ? 1 : 0),
    u16(0),
    u16(0),
  );
  return answer
    ? join(
        head,
        question,
        u16(0xc00c),
        u16(1),
        u16(1),
        u16(0),
        u16(30),
        u16(4),
        Uint8Array.of(192, 0, 2, 9),
      )
    : join(head, question);
}

const addressOf = (endpoint: string): string =>
  endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** A ping a few times; the translation gives it another identifier. */
export function ping(net: Network, flow: Flow, start: number): void {
  const { dice, plan } = net;
  const ids = [dice.between(1, 65_536), dice.between(1, 65_536)];
  const rewrites = plan.nat === 'masquerade' || plan.nat === 'both';
  let now = start;
  for (let sequence = 1; sequence < 6; sequence += 1) {
    const payload = Uint8Array.from(
      { length: 48 },
      (_, index) => (flow.connection * 7 + sequence * 31 + index) & 0xff,
    );
    const shoot = (direction: 0 | 1): number | undefined =>
      sendOne(
        net,
        flow,
        direction,
        now,
        direction === 0 ? 'ping' : 'pong',
        dice.between(1, 65_536),
        (source, destination, stage, header) =>
          icmpFrame({
            ...header,
            source: addressOf(source),
            destination: addressOf(destination),
            type: plan.ipVersion === 6 ? 128 + direction : direction === 0 ? 8 : 0,
            identifier: stage === 1 && rewrites ? ids[1] : ids[0],
            sequence,
            payload,
          }),
      );
    const sent = now;
    const came = shoot(0);
    if (came !== undefined) {
      now = came + 30_000;
      shoot(1);
    }
    now = sent + 200 * MS;
  }
}
