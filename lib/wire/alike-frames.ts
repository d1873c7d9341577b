// Frames of one moment that are alike in every byte (but the packet type). A cooked capture without interface numbers (SLL v1, `tcpdump -i any` before libpcap 1.10) shows a packet
// once at each interface it passes, with nothing to tell them apart but their order: the first of them, the second …

/** Frames that are remembered: more do not pass between two sightings of one packet on one host. */
const REMEMBERED = 512;
/** Bytes of a frame that are compared: all headers, and enough of the payload. */
const COMPARED_BYTES = 160;
/** The packet type, which tells `to us` from `to another host`, depends on the interface: only in or out is compared of it. */
const TYPE_BYTES = 2;
/** From one interface of a host to the next, a first packet that waits for a switch's controller included; no sender repeats a packet so soon. */
const MOMENT_NS = 20e6;
/** Without IP ID and timestamps two datagrams may be alike: then only what comes at once counts. */
const SHORT_MOMENT_NS = 1e6;

export class AlikeFrames {
  private readonly digests = new Uint32Array(REMEMBERED);
  private readonly lengths = new Uint32Array(REMEMBERED);
  private readonly times = new Float64Array(REMEMBERED).fill(Number.NEGATIVE_INFINITY);
  private readonly counts = new Uint16Array(REMEMBERED);
  private next = 0;

  /** How many alike frames came within a moment before this one. `unique`: a header field changes with each packet that is sent. */
  count(
    bytes: Uint8Array,
    start: number,
    length: number,
    time: number,
    direction: number,
    unique: boolean,
  ): number {
    if (length < TYPE_BYTES) return 0;
    const compared = Math.min(length, COMPARED_BYTES) - TYPE_BYTES;
    const digest = digestOf(bytes, start + TYPE_BYTES, compared, direction);
    const moment = unique ? MOMENT_NS : SHORT_MOMENT_NS;
    for (let back = 1; back <= REMEMBERED; back += 1) {
      const slot = (this.next - back + REMEMBERED) % REMEMBERED;
      if (time - this.times[slot] > moment) break;
      if (this.digests[slot] !== digest || this.lengths[slot] !== length) continue;
      this.remember(digest, length, time, this.counts[slot] + 1);
      return this.counts[slot] + 1;
    }
    this.remember(digest, length, time, 0);
    return 0;
  }

  private remember(digest: number, length: number, time: number, count: number): void {
    this.digests[this.next] = digest;
    this.lengths[this.next] = length;
    this.times[this.next] = time;
    this.counts[this.next] = count;
    this.next = (this.next + 1) % REMEMBERED;
  }
}

/** FNV-1a. */
function digestOf(bytes: Uint8Array, start: number, length: number, seed: number): number {
  let digest = 0x811c9dc5 ^ seed;
  for (let at = start; at < start + length; at += 1)
    digest = Math.imul(digest ^ bytes[at], 0x01000193);
  return digest >>> 0;
}
