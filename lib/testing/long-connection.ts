// One connection of very many packets seen at several points, as pcap bytes: requests and answers in turn, bursts and pauses, losses between two points, retries.
// For tests and benchmarks of the picture's speed; written by hand since a builder of objects would take longer than what is measured.

const GLOBAL_HEADER = 24;
const RECORD_HEADER = 16;
const FRAME = 14 + 20 + 20;
const BURST = 40;
/** Between packets of a burst, between bursts, and between neighbouring points, µs. */
const STEP_US = 15;
const PAUSE_US = 900;
const HOP_US = 11;

/** Every so many packets, one is lost before the point in the middle and sent again. */
const LOSS_EVERY = 701;

/** One capture a point; the packet's number in the connection tells its time, direction and fate. */
export function buildLongConnection(packets: number, points: number): Uint8Array[] {
  const lossy = Math.floor(points / 2);
  return Array.from({ length: points }, (_, point) => {
    const bytes = new Uint8Array(GLOBAL_HEADER + packets * (RECORD_HEADER + FRAME));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0xa1b2c3d4);
    view.setUint16(4, 2);
    view.setUint16(6, 4);
    view.setUint32(16, 65_535);
    view.setUint32(20, 1);
    let offset = GLOBAL_HEADER;
    const sequence = [1_000_000, 9_000_000];
    const identity = [1, 1];
    let timeUs = 0;
    for (let packet = 0; packet < packets; packet++) {
      timeUs += packet % BURST === 0 ? PAUSE_US : STEP_US;
      const isReply = packet > 0 && packet % 3 === 1;
      const side = isReply ? 1 : 0;
      const isSyn = packet < 2;
      // What was lost is sent again by the same side's next packet: it does not move the sequence number on.
      const isLost = packet > 10 && packet % LOSS_EVERY === 0;
      const isSeen = !isLost || (isReply ? point >= lossy : point < lossy);
      if (isSeen) {
        const away = isReply ? points - 1 - point : point;
        const at = 1_700_000_000_000_000 + timeUs + away * HOP_US;
        writeFrame(view, offset, at, side, identity[side], {
          sequence: sequence[side],
          acknowledgement: packet === 0 ? 0 : sequence[1 - side],
          flags: packet === 0 ? 0x02 : isSyn ? 0x12 : 0x10,
          ttl: 64 - away,
        });
        offset += RECORD_HEADER + FRAME;
      }
      identity[side] = (identity[side] + 1) & 0xffff;
      if (!isLost) sequence[side] += 1;
    }
    return bytes.subarray(0, offset);
  });
}

interface Segment {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly ttl: number;
}

function writeFrame(
  view: DataView,
  offset: number,
  timeUs: number,
  side: number,
  identity: number,
  { sequence, acknowledgement, flags, ttl }: Segment,
): void {
  const payload = flags & 0x02 ? 0 : 1;
  view.setUint32(offset, Math.floor(timeUs / 1e6));
  view.setUint32(offset + 4, timeUs % 1e6);
  view.setUint32(offset + 8, FRAME);
  view.setUint32(offset + 12, FRAME + payload);
  const ethernet = offset + RECORD_HEADER;
  view.setUint8(ethernet + 5, 2 - side);
  view.setUint8(ethernet + 11, 1 + side);
  view.setUint16(ethernet + 12, 0x0800);
  const ip = ethernet + 14;
  view.setUint8(ip, 0x45);
  view.setUint16(ip + 2, 40 + payload);
  view.setUint16(ip + 4, identity);
  view.setUint16(ip + 6, 0x4000);
  view.setUint8(ip + 8, ttl);
  view.setUint8(ip + 9, 6);
  const [client, server] = [0x0a00_0001, 0x0a00_0002];
  view.setUint32(ip + 12, side === 0 ? client : server);
  view.setUint32(ip + 16, side === 0 ? server : client);
  const tcp = ip + 20;
  view.setUint16(tcp, side === 0 ? 40_000 : 443);
  view.setUint16(tcp + 2, side === 0 ? 443 : 40_000);
  view.setUint32(tcp + 4, sequence);
  view.setUint32(tcp + 8, acknowledgement);
  view.setUint8(tcp + 12, 0x50);
  view.setUint8(tcp + 13, flags);
  view.setUint16(tcp + 14, 64_240);
}
