// One TCP connection over a simulated network: handshake with retries, requests and answers in flights, acknowledgements with SACK, fast and timed
// retransmission, re-chunked at times, and a close. Not TCP to the letter: what its captures look like is.
import { type Arrival, framed, type Network, streamBytes, type Unit } from './network';
import type { Stop } from './places';
import { gaps, type Received, take } from './received';

export interface Flow {
  /** By stage: client and server as they are called there. */
  readonly ends: readonly [
    readonly [client: string, server: string],
    readonly [client: string, server: string],
  ];
  readonly ways: readonly [out: readonly Stop[], back: readonly Stop[]];
  readonly connection: number;
  /** By direction: how far behind the translation a firewall shifts its sequence numbers. */
  readonly shifts: readonly [number, number];
  /** Where the first SYN that is sent again goes. */
  readonly retry?: Flow;
  /** Whose bytes it carries, where not its own: both sides of a proxy carry the same. */
  readonly stream?: number;
  /** A SYN proxy's: the ways that it answers the client's handshake on, and makes one of its own on. */
  readonly handshakes?: readonly Flow['ways'][];
}

/** One side's stream, and what the other side has of it. */
interface Side extends Received {
  initial: number;
  next: number;
  stamp: number;
  echo: number;
  ipId: number;
}

interface Header {
  readonly flags: string;
  readonly acknowledgement: number;
  readonly timestamps: readonly [number, number];
  readonly sacks: readonly (readonly [number, number])[];
}

const MS = 1e6;

export class TcpTalk {
  /** When the last packet went. */
  now: number;
  private readonly sides: readonly [Side, Side];

  constructor(
    private readonly net: Network,
    private flow: Flow,
    start: number,
  ) {
    this.now = start;
    const side = (): Side => {
      const initial = net.dice.between(0, 2 ** 32);
      return {
        initial,
        next: initial,
        received: initial,
        held: [],
        stamp: net.dice.between(1, 2 ** 31),
        echo: 0,
        ipId: net.dice.between(1, 60_000),
      };
    };
    this.sides = [side(), side()];
  }

  /** `bulk`: segments of one great answer besides. Whether the connection came up. */
  run(bulk = 0): boolean {
    const { dice, plan } = this.net;
    if (!this.open()) return false;
    const idles = dice.chance(plan.idle);
    // By fewer payloads no one can tell that a firewall shifted the numbers.
    for (
      let request = dice.between(this.flow.shifts[1] !== 0 ? 4 : 1, 6);
      request > 0;
      request -= 1
    ) {
      if (!this.flight(0, dice.between(1, 2 * plan.mss))) return true;
      this.now += dice.between(0.1 * MS, 3 * MS);
      const answer = dice.chance(0.3)
        ? plan.mss * dice.between(2, 30)
        : dice.between(1, 3 * plan.mss);
      if (!this.flight(1, answer)) return true;
      this.now += dice.between(1 * MS, 200 * MS);
      if (idles && request === 1) this.stayIdle();
    }
    // One of them is lost, with others behind it that tell of it soon.
    if (bulk > 0) this.net.doomed = this.net.truths.length + 40;
    for (let left = bulk; left > 0; left -= 100) {
      if (!this.flight(1, plan.mss * Math.min(100, left))) return true;
      this.now += 1 * MS;
    }
    if (dice.chance(plan.resets)) this.closeEarly();
    else if (this.close(0)) this.close(1);
    return true;
  }

  /** The handshake, or both of a SYN proxy's. */
  open(): boolean {
    const { flow } = this;
    if (flow.handshakes === undefined) return this.shake();
    const isOpen = flow.handshakes.every((ways) => {
      this.flow = { ...flow, ways };
      return this.shake();
    });
    this.flow = flow;
    return isOpen;
  }

  /** Nothing to say, and a probe (the byte before the next one) every now and then, which the other side answers. */
  private stayIdle(): void {
    const { dice } = this.net;
    const asks: 0 | 1 = dice.chance(0.5) ? 0 : 1;
    const answers = asks === 0 ? 1 : 0;
    const interval = dice.between(6, 40) * 1000 * MS;
    for (let probes = dice.between(1, 4); probes > 0; probes -= 1) {
      this.now += interval;
      const came = this.send(asks, (this.sides[asks].next - 1) >>> 0, 0, '.');
      if (came === undefined) continue;
      this.now = came + 20_000;
      this.send(answers, this.sides[answers].next, 0, '.');
    }
    this.now += dice.between(100, 5000) * MS;
  }

  /** Ends as applications do that do not wait: a reset for a FIN, for the other's FIN, or instead of one. */
  private closeEarly(): void {
    const { dice } = this.net;
    const resets: 0 | 1 = dice.chance(0.8) ? 0 : 1;
    const other = resets === 0 ? 1 : 0;
    const kind = dice.pick(['instead', 'after the other’s FIN', 'both']);
    if (kind !== 'instead' && !this.close(other)) return;
    if (kind === 'both' && this.send(resets, this.sides[resets].next, 0, 'F.') !== undefined)
      this.sides[resets].next = (this.sides[resets].next + 1) >>> 0;
    this.now += dice.between(10_000, 300_000);
    this.send(resets, this.sides[resets].next, 0, 'R.');
  }

  private shake(): boolean {
    const [client, server] = this.sides;
    for (let attempt = 0, timer = 1000 * MS; attempt < 4; attempt += 1, timer *= 2) {
      const sent = this.now;
      const syn = this.send(0, client.initial, 0, 'S');
      if (syn !== undefined) {
        client.received = (client.initial + 1) >>> 0;
        this.now = syn + 50_000;
        const answer = this.send(1, server.initial, 0, 'S.');
        if (answer !== undefined) {
          server.received = (server.initial + 1) >>> 0;
          client.next = (client.initial + 1) >>> 0;
          server.next = (server.initial + 1) >>> 0;
          this.now = answer + 30_000;
          this.send(0, client.next, 0, '.');
          this.now += 50_000;
          return true;
        }
      }
      this.now = sent + timer;
      if (attempt === 0 && this.flow.retry !== undefined) this.flow = this.flow.retry;
    }
    return false;
  }

  close(direction: 0 | 1): boolean {
    const side = this.sides[direction];
    for (let attempt = 0, timer = 200 * MS; attempt < 5; attempt += 1, timer *= 2) {
      const sent = this.now;
      const arrived = this.send(direction, side.next, 0, 'F.');
      if (arrived !== undefined) {
        side.received = (side.next + 1) >>> 0;
        this.now = arrived + 40_000;
        const peer = this.sides[direction ^ 1];
        const back = this.send(direction === 0 ? 1 : 0, peer.next, 0, '.');
        if (back !== undefined) {
          side.next = (side.next + 1) >>> 0;
          this.now = back + 40_000;
          return true;
        }
      }
      this.now = sent + timer;
    }
    return false;
  }

  /** Sends one segment by itself; when it arrived. */
  private send(
    direction: 0 | 1,
    sequence: number,
    length: number,
    flags: string,
  ): number | undefined {
    const header = this.header(direction, flags);
    const unit = this.unit(direction, sequence, length, header);
    const [arrival] = this.transmit(direction, [unit], header, this.now);
    if (arrival === undefined) return undefined;
    this.sides[direction ^ 1].echo = header.timestamps[0];
    return arrival.time;
  }

  /** Bytes from one side to the other, sent until all are acknowledged; false when given up. */
  flight(direction: 0 | 1, bytes: number): boolean {
    const { dice, plan } = this.net;
    const side = this.sides[direction];
    const base = side.next;
    side.next = (base + bytes) >>> 0;
    let wanted: [number, number][] = [[0, bytes]];
    let chunk = plan.mss;
    for (let attempt = 0, timer = 200 * MS; attempt < 6; attempt += 1) {
      const arrivals: Arrival[] = [];
      const sent = this.now;
      const header = this.header(direction, 'P.');
      for (const [from, to] of wanted) {
        for (let at = from; at < to; ) {
          const segments = plan.gso > 1 ? dice.between(1, plan.gso + 1) : 1;
          const units: Unit[] = [];
          for (let k = 0; k < segments && at < to; k += 1) {
            const length = Math.min(chunk, to - at);
            units.push(this.unit(direction, (base + at) >>> 0, length, header));
            at += length;
          }
          arrivals.push(...this.transmit(direction, units, header, this.now));
          this.now += dice.between(2000, 60_000);
        }
      }
      const answers = this.receive(direction, base, header, arrivals);
      const have = (range: readonly [number, number]): boolean =>
        answers.some(({ upTo, sacks }) =>
          [[0, upTo] as const, ...sacks].some(([from, to]) => from <= range[0] && range[1] <= to),
        );
      wanted = gaps(
        bytes,
        answers.flatMap(({ upTo, sacks }) => [[0, upTo], ...sacks]),
      );
      const last = answers[answers.length - 1]?.time ?? this.now;
      if (wanted.length === 0 || have([0, bytes])) {
        this.now = Math.max(this.now, last + 20_000);
        return true;
      }
      const duplicates = answers.filter(({ upTo }) => upTo === wanted[0][0]).length;
      const fast = duplicates > 3 && attempt === 0;
      this.now = fast ? Math.max(last, this.now) + 20_000 : Math.max(this.now, sent + timer);
      if (!fast) timer *= 2;
      chunk = dice.chance(plan.rechunk)
        ? Math.max(100, Math.floor(plan.mss / dice.between(1, 4)))
        : plan.mss;
    }
    return false;
  }

  /** The other side takes what arrived and acknowledges; the acknowledgements that come back, as offsets into the flight. */
  private receive(
    direction: 0 | 1,
    base: number,
    { timestamps }: Header,
    arrivals: readonly Arrival[],
  ): { time: number; upTo: number; sacks: [number, number][] }[] {
    const { dice, plan } = this.net;
    const side = this.sides[direction];
    const peer = this.sides[direction ^ 1];
    const acknowledges = direction === 0 ? 1 : 0;
    const answers: { time: number; upTo: number; sacks: [number, number][] }[] = [];
    const sorted = [...arrivals].sort((a, b) => a.time - b.time);
    const startOf = (sequence: number): number => (sequence - base) | 0;
    sorted.forEach(({ units, time }, index) => {
      const from = units[0].sequence;
      const to = (units[units.length - 1].sequence + units[units.length - 1].length) >>> 0;
      take(side, from, to);
      peer.echo = timestamps[0];
      const ordered = side.held.length === 0;
      if (ordered && index + 1 < sorted.length && dice.chance(0.4)) return;
      const before = this.now;
      this.now = time + dice.between(5000, 30_000);
      const acknowledgement = this.header(acknowledges, '.', plan.sack ? side.held.slice(-3) : []);
      const unit = this.unit(acknowledges, peer.next, 0, acknowledgement);
      const [back] = this.transmit(acknowledges, [unit], acknowledgement, this.now);
      this.now = Math.max(before, this.now);
      if (back !== undefined) {
        side.echo = acknowledgement.timestamps[0];
        answers.push({
          time: back.time,
          upTo: startOf(side.received),
          sacks: acknowledgement.sacks.map(([a, b]) => [startOf(a), startOf(b)]),
        });
      }
    });
    return answers.sort((a, b) => a.time - b.time);
  }

  private header(direction: 0 | 1, flags: string, sacks: Header['sacks'] = []): Header {
    const own = this.sides[direction];
    const peer = this.sides[direction ^ 1];
    const stamp = (own.stamp + Math.floor(this.now / MS)) >>> 0;
    return {
      flags,
      acknowledgement: flags === 'S' ? 0 : peer.received,
      timestamps: [stamp, flags === 'S' ? 0 : own.echo],
      sacks,
    };
  }

  private unit(direction: 0 | 1, sequence: number, length: number, header: Header): Unit {
    const side = this.sides[direction];
    const ipId = this.net.plan.ipIds && header.flags !== 'S.' ? side.ipId : 0;
    side.ipId = (side.ipId + 1) & 0xffff || 1;
    return this.net.unit(
      {
        way: this.flow.ways[direction],
        carriesBytes: length > 0 || /[SF]/.test(header.flags),
        connection: this.flow.connection,
        direction,
        sequence,
        shifted: (sequence + this.flow.shifts[direction]) >>> 0,
        length,
        time: this.now,
        content: [
          direction,
          header.flags,
          sequence,
          length,
          header.acknowledgement,
          ipId,
          ...(this.net.plan.timestamps ? header.timestamps : []),
        ].join(' '),
        label: `${header.flags}${length > 0 ? `/${length}` : ''}`,
      },
      ipId,
    );
  }

  private transmit(
    direction: 0 | 1,
    units: readonly Unit[],
    header: Header,
    time: number,
  ): Arrival[] {
    const { net, flow } = this;
    const { plan } = net;
    const side = this.sides[direction];
    const isSyn = header.flags.includes('S');
    return net.send(flow.ways[direction], units, time, (stop, some) => {
      const [client, server] = flow.ends[stop.stage];
      const length = some.reduce((sum, unit) => sum + unit.length, 0);
      const position = (some[0].sequence - side.initial) | 0;
      const clamped = plan.clamp > 0 && stop.routers > 0 ? plan.clamp : plan.mss + 12;
      const shifted = (value: number, of: 0 | 1): number =>
        stop.stage === 1 ? (value + flow.shifts[of]) >>> 0 : value;
      const other = direction === 0 ? 1 : 0;
      // A translator makes up IP IDs, for IPv6 has none (RFC 7915, section 5.1).
      const madeUp = plan.nat === 'nat64' && stop.stage === 1;
      return framed(stop, plan, {
        source: direction === 0 ? client : server,
        destination: direction === 0 ? server : client,
        sourceMac: stop.macs[0],
        destinationMac: stop.macs[1],
        vlans: stop.vlan > 0 ? [stop.vlan] : [],
        ttl: 64 - stop.routers,
        ipId: madeUp ? Math.imul(some[0].id + 1, 40_503) & 0xffff : some[0].ipId,
        flags: header.flags,
        sequence: shifted(some[0].sequence, direction),
        acknowledgement: header.flags === 'S' ? 0 : shifted(header.acknowledgement, other),
        payload: streamBytes((flow.stream ?? flow.connection) * 2 + direction, position, length),
        ...(plan.timestamps ? { timestamps: header.timestamps } : {}),
        ...(isSyn ? { mss: clamped, windowScale: 7, sackPermitted: plan.sack } : {}),
        ...(header.sacks.length > 0
          ? {
              sacks: header.sacks.map(
                ([from, to]) => [shifted(from, other), shifted(to, other)] as const,
              ),
            }
          : {}),
      });
    });
  }
}
