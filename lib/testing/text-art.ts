// Captures drawn as text: lanes as columns, packets as rows, so that a test reads like the picture. Real pcap bytes come out, and go through the
// whole pipeline. Example (the article's 3.1, one round of it):
//
//     cpe = 10.128.3.202:60170      names of endpoints
//     svc = 172.30.249.115:9443
//     cpq = 10.128.3.202:59906
//     baw = 10.128.3.214:9443
//     hop 40us                      time from one sighting to the next; default 20us
//     clock right -0.37s            a lane's clock is off
//     shift right left sequence +1000   the left end's sequence numbers (and what acknowledges them) are 1000 more in lane right; `stamps`: its TSvals
//     link left sll2                default ethernet; or raw, sll, vxlan (ethernet inside VXLAN)
//
//     time    packet |  left       | tun                  | right
//     0     > S      |  cpe>svc    | cpe>svc cpq>baw      | cpq>baw
//     0.001 < SA     |  baw>cpe    | -                    | baw>cpq
//     0.001 > R      |  cpe>baw    | -                    | cpe>baw
//     1.007 > S*     |  cpe>svc    | cpe>svc ~            | ~
//
// time: seconds after the start, of the first sighting. `>` runs from the left lane to the right, `<` back.
// packet: S SA A P F FA R RA, with bytes of payload behind a slash (P/100), `*` for the same packet sent again (sequence numbers kept, new
// timestamps), `new` behind S for another initial sequence number; `seq=N`, `ack=N` for numbers of another connection; `b:` before it for another connection than the first, `a`.
// cell: the tuples it is seen under, one a passage, in the order of time; `-` does not pass here; `~` lost before here.
// A lane's file is its name with .pcap. Sequence numbers follow the packets that were drawn; a RST takes the acknowledgement it answers.
import { type ByteSource, memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from './capture-file';
import { type TcpSpec, tcpFrame, vxlanFrame } from './frame-builder';
import { type ArtRow, type Drawing, parseDrawing } from './text-art-drawing';

const START_NS = 1_700_000_000_000_000_000n;
const LINK_TYPES = { ethernet: 1, vxlan: 1, raw: 101, sll: 113, sll2: 276 } as const;
const MACS = { left: '0a:58:0a:80:03:01', router: '0a:58:0a:80:03:fe', right: '0a:58:0a:80:03:02' };

/** One side of a connection: what it sends next, and what it knows of its peer. */
interface End {
  initial: number;
  next: number;
  received: number;
  timestamp: number;
  peerTimestamp: number;
  ipId: number;
}

type Connection = Readonly<Record<'left' | 'right', End>>;

/**
 * The drawing's lanes as capture files. Throws where the text does not follow the syntax above. Sequence numbers begin with those of the connection
 * numbered `first`: drawings that are laid into one another (join-drawings.ts) need some of their own.
 */
export function textArtSources(text: string, first = 0): readonly ByteSource[] {
  const drawing = parseDrawing(text);
  const frames = new Map<string, CapturedFrame[]>(drawing.lanes.map((lane) => [lane, []]));
  const connections = new Map<string, Connection>();
  const last = new Map<string, TcpSpec>();
  // What is lost before its translation was sent to the router all the same.
  const routed = new Set(drawing.rows.filter(isTranslated).map(wayOf));
  for (const row of drawing.rows) {
    const connection = connections.get(row.connection) ?? newConnection(first + connections.size);
    connections.set(row.connection, connection);
    const key = `${row.connection} ${row.fromLeft} ${row.flags.replace('.', '')}`;
    const spec = row.again ? repeat(connection, row, last.get(key)) : send(connection, row);
    last.set(key, spec);
    if (!row.lost && !row.flags.includes('R') && row.sequence === null)
      deliver(connection, row, spec);
    drawRow(drawing, row, routed.has(wayOf(row)), spec, frames);
  }
  return drawing.lanes.map((lane) => {
    const sorted = [...frames.get(lane)!].sort((a, b) => Number(a.timeNs - b.timeNs));
    const linkType = LINK_TYPES[drawing.links.get(lane) ?? 'ethernet'];
    return memorySource(pcapFile(sorted, { linkType, nanoseconds: true }), `${lane}.pcap`);
  });
}

function newConnection(index: number): Connection {
  const end = (initial: number): End => ({
    initial,
    next: initial,
    received: 0,
    timestamp: initial >>> 4,
    peerTimestamp: 0,
    ipId: initial & 0x3fff,
  });
  return {
    left: end((2_204_581_174 + index * 77_777_777) >>> 0),
    right: end((1_193_046 + index * 55_555_555) >>> 0),
  };
}

/** The next packet of an end; what it says is known to the peer from here on. */
function send(connection: Connection, row: ArtRow): TcpSpec {
  const own = connection[row.fromLeft ? 'left' : 'right'];
  const peer = connection[row.fromLeft ? 'right' : 'left'];
  const isSyn = row.flags.includes('S');
  const isReset = row.flags.includes('R');
  if (row.renewed) own.initial = own.next = (own.initial + 1_234_567) >>> 0;
  const sequence = isSyn ? own.initial : own.next;
  const acknowledges = row.flags.includes('.');
  const spec: TcpSpec = {
    source: '',
    destination: '',
    flags: row.flags,
    sequence,
    acknowledgement: acknowledges ? own.received : 0,
    payload: row.length,
    ipId: isSyn || isReset ? 0 : own.ipId++,
    window: isReset ? 0 : 502,
    ...(isReset ? {} : { timestamps: stamps(own, row) }),
    ...(isSyn ? { mss: 1410, windowScale: 7, sackPermitted: true } : {}),
  };
  if (row.sequence !== null || row.acknowledgement !== null)
    return {
      ...spec,
      sequence: row.sequence ?? sequence,
      acknowledgement: row.acknowledgement ?? spec.acknowledgement!,
    };
  if (isReset) return spec;
  own.next = (sequence + row.length + (isSyn || row.flags.includes('F') ? 1 : 0)) >>> 0;
  if (!row.lost) peer.peerTimestamp = spec.timestamps![0];
  return spec;
}

/** The peer acknowledges it from here on. */
function deliver(connection: Connection, row: ArtRow, spec: TcpSpec): void {
  const counted = /[SF]/.test(row.flags) ? 1 : 0;
  connection[row.fromLeft ? 'right' : 'left'].received =
    (spec.sequence! + row.length + counted) >>> 0;
}

/** The same packet sent again: all but its timestamps and its IP ID. */
function repeat(connection: Connection, row: ArtRow, original: TcpSpec | undefined): TcpSpec {
  if (original === undefined)
    throw new Error(`line ${row.line}: nothing was sent before that could be sent again`);
  const own = connection[row.fromLeft ? 'left' : 'right'];
  const { timestamps } = original;
  return {
    ...original,
    ipId: original.ipId === 0 ? 0 : own.ipId++,
    ...(timestamps ? { timestamps: [stamps(own, row)[0], timestamps[1]] as const } : {}),
  };
}

/** TSval in milliseconds of the drawing's time, and the peer's last. */
const stamps = (own: End, row: ArtRow): readonly [number, number] => [
  (own.timestamp + Math.round(row.seconds * 1000)) >>> 0,
  row.flags === 'S' ? 0 : own.peerTimestamp,
];

const wayOf = ({ connection, fromLeft }: ArtRow): string => `${connection} ${fromLeft}`;

const isTranslated = ({ cells }: ArtRow): boolean =>
  new Set([...cells.values()].flat().map((tuple) => tuple.join('>'))).size > 1;

function drawRow(
  drawing: Drawing,
  row: ArtRow,
  routed: boolean,
  spec: TcpSpec,
  frames: ReadonlyMap<string, CapturedFrame[]>,
): void {
  const order = row.fromLeft ? drawing.lanes : drawing.lanes.toReversed();
  let passed = 0;
  let first: string | undefined;
  for (const lane of order)
    for (const [source, destination] of row.cells.get(lane)!) {
      const tuple = `${source}>${destination}`;
      first ??= tuple;
      // The translating host routes: it lowers the TTL and puts its own MAC on what leaves it.
      const translated = tuple !== first;
      const timeNs = Math.round(row.seconds * 1e9) + passed * drawing.hopNs;
      const clockNs = timeNs + (drawing.clocksNs.get(lane) ?? 0);
      frames.get(lane)!.push({
        timeNs: START_NS + BigInt(clockNs),
        bytes: buildFrame(drawing, lane, {
          ...shiftNumbers(drawing, lane, row.fromLeft, spec),
          source,
          destination,
          ttl: translated ? 63 : 64,
          sourceMac: translated ? MACS.router : row.fromLeft ? MACS.left : MACS.right,
          destinationMac:
            routed && !translated ? MACS.router : row.fromLeft ? MACS.right : MACS.left,
        }),
      });
      passed++;
    }
}

/** The packet's numbers as the lane shows them. */
function shiftNumbers(drawing: Drawing, lane: string, fromLeft: boolean, spec: TcpSpec): TcpSpec {
  const by = (own: boolean, kind: 'sequence' | 'stamps'): number =>
    drawing.shifts.find(
      (shift) =>
        shift.lane === lane && shift.kind === kind && (shift.end === 'left') === (fromLeft === own),
    )?.by ?? 0;
  const acknowledges = spec.flags?.includes('.') ?? true;
  const { timestamps } = spec;
  return {
    ...spec,
    sequence: (spec.sequence! + by(true, 'sequence')) >>> 0,
    acknowledgement: acknowledges ? (spec.acknowledgement! + by(false, 'sequence')) >>> 0 : 0,
    ...(timestamps && {
      timestamps: [
        (timestamps[0] + by(true, 'stamps')) >>> 0,
        acknowledges ? (timestamps[1] + by(false, 'stamps')) >>> 0 : timestamps[1],
      ] as const,
    }),
  };
}

function buildFrame(drawing: Drawing, lane: string, spec: TcpSpec): Uint8Array {
  const link = drawing.links.get(lane) ?? 'ethernet';
  if (link !== 'vxlan') return tcpFrame({ ...spec, link });
  return vxlanFrame({
    source: '192.0.2.1:49152',
    destination: '192.0.2.2:4789',
    vni: 7,
    inner: tcpFrame(spec),
  });
}
