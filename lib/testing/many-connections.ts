// A case of very many connections through one service, seen at three points of a node, of which exactly one fails: its request is lost behind the
// translation, again and again. For finding one among many: by tests on a small number, by hand on a hundred thousand (bench/many-connections.ts).
import { tcpFrame } from './frame-builder';

interface NamedCapture {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ManyConnections {
  readonly captures: readonly NamedCapture[];
  /** Client endpoint of the one that fails. */
  readonly failing: string;
  /** File and number of the first frame that was lost behind it. */
  readonly lastSeen: { readonly file: string; readonly frame: number };
}

const SERVICE = '172.30.0.10:443';
const PODS = 24;
/** Ports of a client's address, from here on. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const POINTS = ['client-eth0', 'node-tun0', 'server-eth0'] as const;
const START_S = 1_760_000_000;
/** Between the beginnings of two connections, µs. */
const PACE_US = 1_000;
/** From point to point, µs. */
const HOP_US = [0, 40, 90] as const;
const REQUEST_BYTES = 120;
const ANSWER_BYTES = 900;
/** RFC 6298: the timer doubles. */
const RETRIES_US = [0, 210_000, 630_000, 1_470_000, 3_150_000] as const;

/** Packets of a connection: after how many µs, from the client (0) or the server (1), flags, payload, sequence and acknowledgement past the initial ones. */
const EXCHANGE = [
  { at: 0, side: 0, flags: 'S', payload: 0, sent: 0, got: 0 },
  { at: 300, side: 1, flags: 'S.', payload: 0, sent: 0, got: 1 },
  { at: 600, side: 0, flags: '.', payload: 0, sent: 1, got: 1 },
  { at: 900, side: 0, flags: 'P.', payload: REQUEST_BYTES, sent: 1, got: 1 },
  { at: 1500, side: 1, flags: 'P.', payload: ANSWER_BYTES, sent: 1, got: 1 + REQUEST_BYTES },
  { at: 2000, side: 0, flags: 'F.', payload: 0, sent: 1 + REQUEST_BYTES, got: 1 + ANSWER_BYTES },
  { at: 2400, side: 1, flags: 'F.', payload: 0, sent: 1 + ANSWER_BYTES, got: 2 + REQUEST_BYTES },
  { at: 2800, side: 0, flags: '.', payload: 0, sent: 2 + REQUEST_BYTES, got: 2 + ANSWER_BYTES },
] as const;
const REQUEST = 3;
const SNAPLEN = 128;

type Packet = (typeof EXCHANGE)[number];

/** Growing bytes of one pcap (little-endian, microseconds) whose records come in order of time. */
class CaptureWriter {
  private bytes = new Uint8Array(1 << 20);
  private view = new DataView(this.bytes.buffer);
  private length = 24;
  frames = 0;

  constructor(readonly name: string) {
    for (const [at, value] of [
      [0, 0xa1b2c3d4],
      [4, 0x00040002],
      [16, SNAPLEN],
      [20, 1],
    ] as const)
      this.view.setUint32(at, value, true);
  }

  write(timeUs: number, frame: Uint8Array): void {
    const captured = Math.min(SNAPLEN, frame.length);
    if (this.length + 16 + captured > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    const record = [START_S + Math.floor(timeUs / 1e6), timeUs % 1e6, captured, frame.length];
    record.forEach((value, field) => {
      this.view.setUint32(this.length + 4 * field, value, true);
    });
    this.bytes.set(frame.subarray(0, captured), this.length + 16);
    this.length += 16 + captured;
    this.frames += 1;
  }

  finish(): NamedCapture {
    return { name: `${this.name}.pcap`, bytes: this.bytes.slice(0, this.length) };
  }
}

interface Sent {
  readonly timeUs: number;
  readonly connection: number;
  readonly packet: Packet;
  readonly retry: number;
}

/** `failing`: which of the connections, from 0. The same numbers give the same bytes. */
export function buildManyConnections(count: number, failing: number): ManyConnections {
  const writers = POINTS.map((name) => new CaptureWriter(name));
  let lastSeen = 0;
  /** The next packets of connections that are under way, by time. */
  let open: Sent[] = [];
  const send = (sent: Sent): void => {
    const isLost = sent.connection === failing && sent.packet === EXCHANGE[REQUEST];
    POINTS.forEach((_, place) => {
      // A reply passes the points the other way round; what is lost was last seen at the node.
      if (isLost && place === POINTS.length - 1) return;
      const hop = sent.packet.side === 0 ? HOP_US[place] : HOP_US[2] - HOP_US[place];
      writers[place].write(sent.timeUs + hop, frameOf(sent, place));
    });
    if (isLost && sent.retry === 0) lastSeen = writers[1].frames;
  };
  for (let connection = 0; connection < count; connection += 1) {
    const begins = connection * PACE_US;
    const due = open.filter(({ timeUs }) => timeUs < begins);
    open = open.filter(({ timeUs }) => timeUs >= begins);
    for (const sent of due.sort((a, b) => a.timeUs - b.timeUs)) send(sent);
    const packets = connection === failing ? EXCHANGE.slice(0, REQUEST) : EXCHANGE;
    for (const packet of packets)
      open.push({ timeUs: begins + packet.at, connection, packet, retry: 0 });
    if (connection === failing)
      RETRIES_US.forEach((wait, retry) => {
        const packet = EXCHANGE[REQUEST];
        open.push({ timeUs: begins + packet.at + wait, connection, packet, retry });
      });
  }
  for (const sent of open.sort((a, b) => a.timeUs - b.timeUs)) send(sent);
  return {
    captures: writers.map((writer) => writer.finish()),
    failing: clientOf(failing),
    lastSeen: { file: `${POINTS[1]}.pcap`, frame: lastSeen },
  };
}

const clientOf = (connection: number): string => {
  const host = Math.floor(connection / PORTS);
  return `10.128.${4 + (host >> 8)}.${1 + (host & 0xff)}:${FIRST_PORT + (connection % PORTS)}`;
};
const podOf = (connection: number): string => `10.129.0.${10 + (connection % PODS)}:8443`;

/** Initial sequence numbers that no two connections share. */
const initialSequence = (connection: number, side: number): number =>
  (Math.imul(connection * 2 + side + 1, 0x9e3779b1) >>> 0) as number;

function frameOf({ connection, packet, retry }: Sent, place: number): Uint8Array {
  const { side, flags, payload, sent, got } = packet;
  const server = place === 0 ? SERVICE : podOf(connection);
  const client = clientOf(connection);
  const own = initialSequence(connection, side);
  const other = initialSequence(connection, 1 - side);
  const [behind, before] =
    place === 0
      ? ['02:00:00:00:00:01', '02:00:00:00:00:02']
      : ['02:00:00:00:00:03', '02:00:00:00:00:04'];
  return tcpFrame({
    source: side === 0 ? client : server,
    destination: side === 0 ? server : client,
    sourceMac: side === 0 ? behind : before,
    destinationMac: side === 0 ? before : behind,
    ttl: (place === 0) === (side === 0) ? 64 : 63,
    ipId: (connection * 8 + EXCHANGE.indexOf(packet) + 5 * retry) & 0xffff,
    flags,
    sequence: (own + sent) >>> 0,
    acknowledgement: flags === 'S' ? 0 : (other + got) >>> 0,
    payload,
    ...(flags.includes('S') ? { mss: 1460, windowScale: 7 } : {}),
  });
}
