// Streams what one point sees of the traffic (traffic.ts) to a pcap or pcapng file: headers from a template, patched in place, a few megabytes held at once.
import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapFile, pcapngFile } from '../../lib/testing/capture-file';
import { tcpFrame, vxlanFrame } from '../../lib/testing/frame-builder';
import { seededRandom } from '../../lib/testing/seeded-random';
import type { Segment } from './traffic';

export interface PointSpec {
  /** Place on the path from the client on, and how many points the path has. */
  readonly place: number;
  readonly places: number;
  readonly clockOffsetNs: number;
}

export interface WriterSpec {
  readonly container: 'pcap' | 'pcapng';
  readonly family: 4 | 6;
  readonly vxlan: boolean;
  readonly point: PointSpec;
}

export const ONLY_POINT: PointSpec = { place: 0, places: 1, clockOffsetNs: 0 };

/** From here on the server's address is the pod's (DNAT), and a router has taken one off the TTL. */
const TRANSLATED_FROM = 2;
const HOP_NS = 1500;
const START_SECONDS = 1_700_000_000;
const FLUSH_BYTES = 4 << 20;
const LARGEST_RECORD = 4096;
const POOL_BYTES = 1 << 16;
const ETHERNET_BYTES = 14;
const VXLAN_BYTES = 50;
const UDP_CHECKSUM = ETHERNET_BYTES + 20 + 6;
const TTL = 64;
const SERVER_PORT = 443;
const SYN = 2;
/** Where TSval stands in a TCP header: behind NOP, NOP; in a SYN behind MSS and SACK permitted. */
const PLAIN_TIMESTAMPS = 24;
const SYN_TIMESTAMPS = 28;

export class CaptureWriter {
  frames = 0;
  bytes = 0;
  private readonly file: number;
  private readonly buffer = new Uint8Array(FLUSH_BYTES + LARGEST_RECORD);
  private readonly view = new DataView(this.buffer.buffer);
  private used = 0;
  private readonly pool = new Uint8Array(POOL_BYTES);
  private readonly plain: Uint8Array;
  private readonly syn: Uint8Array;
  /** Where the innermost IP header begins. */
  private readonly ip: number;

  constructor(
    path: string,
    private readonly spec: WriterSpec,
  ) {
    this.file = openSync(path, 'w');
    const random = seededRandom(1);
    for (let i = 0; i < POOL_BYTES; i += 1) this.pool[i] = Math.floor(random() * 256);
    this.plain = template(spec, false);
    this.syn = template(spec, true);
    this.ip = ETHERNET_BYTES + (spec.vxlan ? VXLAN_BYTES : 0);
    const head =
      spec.container === 'pcap'
        ? pcapFile([])
        : pcapngFile([
            { blocks: [{ kind: 'interface', spec: { name: `if${spec.point.place}` } }] },
          ]);
    this.buffer.set(head);
    this.used = head.length;
    this.bytes = head.length;
  }

  /** Writes the segment if it came as far as this point. */
  write(segment: Segment): void {
    const { place, places } = this.spec.point;
    const way = segment.isForward ? place : places - 1 - place;
    if (way >= segment.reach) return;
    const start = this.used;
    const header = (segment.flags & SYN) === 0 ? this.plain : this.syn;
    const length = header.length + segment.payload;
    const time = segment.timeNs + way * HOP_NS + this.spec.point.clockOffsetNs;
    const frame = this.writeRecordHead(start, length, Math.floor(time / 1000));
    this.buffer.set(header, frame);
    this.patch(segment, frame, header.length);
    this.writePayload(segment, frame + header.length);
    this.writeRecordEnd(start, frame + length);
    this.frames += 1;
    this.bytes += this.used - start;
    if (this.used >= FLUSH_BYTES) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    for (let at = 0; at < this.used; ) at += writeSync(this.file, this.buffer, at, this.used - at);
    this.used = 0;
  }

  /** Answers where the frame begins. */
  private writeRecordHead(at: number, length: number, microseconds: number): number {
    const { view } = this;
    if (this.spec.container === 'pcap') {
      view.setUint32(at, START_SECONDS + Math.floor(microseconds / 1e6), true);
      view.setUint32(at + 4, microseconds % 1e6, true);
      view.setUint32(at + 8, length, true);
      view.setUint32(at + 12, length, true);
      return at + 16;
    }
    const ticks = START_SECONDS * 1e6 + microseconds;
    view.setUint32(at, 6, true);
    view.setUint32(at + 8, 0, true);
    view.setUint32(at + 12, Math.floor(ticks / 2 ** 32), true);
    view.setUint32(at + 16, ticks >>> 0, true);
    view.setUint32(at + 20, length, true);
    view.setUint32(at + 24, length, true);
    return at + 28;
  }

  private writeRecordEnd(start: number, end: number): void {
    if (this.spec.container === 'pcap') {
      this.used = end;
      return;
    }
    const padded = (end + 3) & ~3;
    this.buffer.fill(0, end, padded);
    const total = padded + 4 - start;
    this.view.setUint32(start + 4, total, true);
    this.view.setUint32(padded, total, true);
    this.used = padded + 4;
  }

  private patch(segment: Segment, frame: number, headerBytes: number): void {
    const { view, spec } = this;
    const isTranslated = spec.point.place >= TRANSLATED_FROM;
    const ip = frame + this.ip;
    const tcp = ip + (spec.family === 4 ? 20 : 40);
    const innerBytes = frame + headerBytes + segment.payload - ip;
    if (spec.vxlan) this.patchOuter(frame, segment);
    const client = 0x0a010000 + (segment.client & 0xffff);
    const server = (isTranslated ? 0x0a020000 : 0xac1e0000) + segment.server;
    const source = segment.isForward ? client : server;
    const destination = segment.isForward ? server : client;
    const ttl = TTL - (isTranslated === segment.isForward ? 1 : 0);
    if (spec.family === 4) {
      view.setUint16(ip + 2, innerBytes);
      view.setUint16(ip + 4, segment.ipId);
      view.setUint8(ip + 8, ttl);
      view.setUint32(ip + 12, source);
      view.setUint32(ip + 16, destination);
      writeIpChecksum(view, ip);
    } else {
      view.setUint16(ip + 4, innerBytes - 40);
      view.setUint8(ip + 7, ttl);
      view.setUint32(ip + 20, source);
      view.setUint32(ip + 36, destination);
    }
    view.setUint16(tcp, segment.isForward ? segment.clientPort : SERVER_PORT);
    view.setUint16(tcp + 2, segment.isForward ? SERVER_PORT : segment.clientPort);
    view.setUint32(tcp + 4, segment.sequence);
    view.setUint32(tcp + 8, segment.acknowledgement);
    view.setUint8(tcp + 13, segment.flags);
    const timestamps = tcp + ((segment.flags & SYN) === 0 ? PLAIN_TIMESTAMPS : SYN_TIMESTAMPS);
    view.setUint32(timestamps, segment.timestampValue);
    view.setUint32(timestamps + 4, segment.timestampEcho);
    this.patchMacs(frame + this.ip - ETHERNET_BYTES, segment);
  }

  /** Each link of the path has its own pair of stations. */
  private patchMacs(ethernet: number, { isForward }: Segment): void {
    const { view } = this;
    const { place } = this.spec.point;
    view.setUint8(ethernet + 5, isForward ? place * 2 + 2 : place * 2 + 1);
    view.setUint8(ethernet + 11, isForward ? place * 2 + 1 : place * 2 + 2);
  }

  private patchOuter(frame: number, segment: Segment): void {
    const { view } = this;
    const length = this.plain.length + segment.payload - ETHERNET_BYTES;
    const extra = (segment.flags & SYN) === 0 ? 0 : this.syn.length - this.plain.length;
    view.setUint16(frame + ETHERNET_BYTES + 2, length + extra);
    view.setUint16(frame + ETHERNET_BYTES + 24, length + extra - 20);
    writeIpChecksum(view, frame + ETHERNET_BYTES);
  }

  private writePayload({ payload, content }: Segment, at: number): void {
    if (payload === 0) return;
    const from = (Math.imul(content, 0x9e3779b1) >>> 16) % (POOL_BYTES - payload);
    this.buffer.set(this.pool.subarray(from, from + payload), at);
    if (payload >= 4) this.view.setUint32(at, content);
  }
}

/** The header of every frame, with the fields that `patch` writes at their places. TCP checksums stay as an offloading card leaves them: not right. */
function template({ family, vxlan }: WriterSpec, isSyn: boolean): Uint8Array {
  const tcp = {
    source: family === 4 ? '10.1.0.0:1' : '[fd00::a01:0]:1',
    destination: family === 4 ? '10.2.0.0:443' : '[fd00::a02:0]:443',
    sourceMac: '02:00:00:00:00:01',
    destinationMac: '02:00:00:00:00:02',
    timestamps: [1, 1] as const,
    window: 502,
    ttl: TTL,
    ...(isSyn ? { flags: 'S', mss: 1460, windowScale: 7, sackPermitted: true } : {}),
  };
  if (!vxlan) return tcpFrame(tcp);
  const frame = vxlanFrame({
    source: '192.168.7.1:50000',
    destination: '192.168.7.2:4789',
    vni: 42,
    inner: tcpFrame(tcp),
  });
  // As most tunnels do (RFC 7348 section 5): none.
  frame[UDP_CHECKSUM] = 0;
  frame[UDP_CHECKSUM + 1] = 0;
  return frame;
}

function writeIpChecksum(view: DataView, at: number): void {
  view.setUint16(at + 10, 0);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += view.getUint16(at + i);
  sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(at + 10, ~(sum + (sum >>> 16)));
}
