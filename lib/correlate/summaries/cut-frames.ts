// Frames that offloads or fragmentation cut, or joined, on a hop: the packets they share count as one there, from its first byte to its last.
import { Distribution } from '../../base/distribution';
import { sequenceDifference } from '../../base/sequence-number';
import type { HopSummary } from '../../model/connection';
import type { JourneyBytes } from '../journeys/journey-bytes';

export class CutFrames {
  private readonly firstBytes = new Distribution();
  private readonly lastBytes = new Distribution();
  /** Frames, as global rows, of the packet counted last, and its journey. */
  private from = -1;
  private to = -1;
  private journey = -1;
  /** Packets that share a frame with the ones before them; whether another frame than that was cut or joined. */
  private packets = 0;
  private isCut = false;
  private start = 0;
  private end = 0;
  private firstNs = 0;
  private lastNs = 0;

  constructor(private readonly bytes: JourneyBytes) {}

  /** Packets of one connection and direction, in order of time. */
  add(journey: number, from: number, to: number, latencyNs: number): void {
    const isSame = from === this.from || to === this.to;
    if (isSame) {
      if (this.packets === 1) this.take(this.journey, this.firstNs);
      this.isCut ||= from !== this.from || to !== this.to;
      this.packets += 1;
      this.take(journey, latencyNs);
    } else {
      this.finish();
      this.packets = 1;
      this.firstNs = latencyNs;
    }
    this.journey = journey;
    this.from = from;
    this.to = to;
  }

  /** After the last packet of a connection. */
  finish(): void {
    if (this.packets > 1 && this.isCut) {
      this.firstBytes.add(this.firstNs);
      this.lastBytes.add(this.lastNs);
    }
    this.packets = 0;
    this.isCut = false;
    this.from = -1;
    this.to = -1;
  }

  /** Undefined: none was cut or joined here. */
  summarise(): HopSummary['cutFrames'] {
    if (this.firstBytes.count === 0) return undefined;
    return {
      frames: this.firstBytes.count,
      firstByteNs: Math.round(this.firstBytes.quantile(0.5)),
      lastByteNs: Math.round(this.lastBytes.quantile(0.5)),
    };
  }

  /** The bytes tell which packet has the first and which the last: they may have overtaken each other. */
  private take(journey: number, latencyNs: number): void {
    const [start, end] = [this.bytes.start(journey), this.bytes.end(journey)];
    const isFirst = journey === this.journey && this.packets === 1;
    if (isFirst || sequenceDifference(start, this.start) < 0) {
      this.start = start;
      this.firstNs = latencyNs;
    }
    if (isFirst || sequenceDifference(end, this.end) > 0) {
      this.end = end;
      this.lastNs = latencyNs;
    }
  }
}
