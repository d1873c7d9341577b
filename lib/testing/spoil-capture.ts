// A classic pcap file made worse, as captures come in: cut frames, a late start, an early end, drops, a wrong clock.
import { type ByteSource, memorySource } from '../read/byte-source';

export interface Spoiling {
  /** Bytes of a frame that are kept. */
  readonly snaplen?: number;
  /** Added to every time stamp. */
  readonly clockNs?: bigint;
  /** A step of the clock: added to time stamps from that moment on, ns since 1970. */
  readonly step?: { readonly from: bigint; readonly ns: bigint };
  /** Which frames are kept; `share` is the frame's place in the file, 0 … 1. */
  readonly keeps?: (frame: number, share: number) => boolean;
}

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const NANOSECOND_MAGIC = 0xa1b23c4d;

/** Little-endian pcap only, as all committed captures are. */
export async function spoilCapture(source: ByteSource, spoiling: Spoiling): Promise<ByteSource> {
  const bytes = await source.read(0, source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unit = view.getUint32(0, true) === NANOSECOND_MAGIC ? 1n : 1000n;
  const starts: number[] = [];
  for (let at = HEADER_BYTES; at + RECORD_BYTES <= bytes.length; ) {
    starts.push(at);
    at += RECORD_BYTES + view.getUint32(at + 8, true);
  }
  const parts: Uint8Array[] = [bytes.subarray(0, HEADER_BYTES)];
  starts.forEach((at, index) => {
    if (spoiling.keeps?.(index + 1, index / starts.length) === false) return;
    const captured = Math.min(view.getUint32(at + 8, true), spoiling.snaplen ?? 0xffff_ffff);
    const record = bytes.slice(at, at + RECORD_BYTES + captured);
    const header = new DataView(record.buffer);
    const written =
      BigInt(view.getUint32(at, true)) * 1_000_000_000n +
      BigInt(view.getUint32(at + 4, true)) * unit;
    const { clockNs = 0n, step } = spoiling;
    const time = written + clockNs + (step !== undefined && written >= step.from ? step.ns : 0n);
    header.setUint32(0, Number(time / 1_000_000_000n), true);
    header.setUint32(4, Number((time % 1_000_000_000n) / unit), true);
    header.setUint32(8, captured, true);
    parts.push(record);
  });
  const spoiled = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    spoiled.set(part, at);
    at += part.length;
  }
  return memorySource(spoiled, source.name);
}

/** A little-endian SLL2 capture as tcpdump wrote it before libpcap 1.10: SLL, without interface indexes. */
export async function asSllV1(source: ByteSource): Promise<ByteSource> {
  const bytes = await source.read(0, source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.slice(0, HEADER_BYTES)];
  new DataView(parts[0].buffer).setUint32(20, 113, true);
  for (let at = HEADER_BYTES; at + RECORD_BYTES <= bytes.length; ) {
    const captured = view.getUint32(at + 8, true);
    const header = bytes.slice(at, at + RECORD_BYTES);
    const lengths = new DataView(header.buffer);
    // 20 bytes of header become 16.
    lengths.setUint32(8, captured - 4, true);
    lengths.setUint32(12, view.getUint32(at + 12, true) - 4, true);
    const frame = bytes.subarray(at + RECORD_BYTES, at + RECORD_BYTES + captured);
    const cooked = Uint8Array.of(0, frame[10], frame[8], frame[9], 0, frame[11]);
    parts.push(header, cooked, frame.subarray(12, 20), frame.subarray(0, 2), frame.subarray(20));
    at += RECORD_BYTES + captured;
  }
  return memorySource(Uint8Array.from(Buffer.concat(parts)), source.name);
}
