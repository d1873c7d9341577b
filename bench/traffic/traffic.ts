// Seeded TCP traffic, one segment after the other in order of time: connections open, ask, are answered and close; some segments are lost and sent again.
// capture-writer.ts writes what a point sees of it, captures.ts names the files. The record given out is used again for every segment.
import { seededRandom } from '../../lib/testing/seeded-random';

export interface TrafficSpec {
  readonly seed: number;
  /** Connections open at once; where one ends the next begins. */
  readonly concurrent: number;
  /** Requests of a connection before it closes; Infinity: it never does. */
  readonly exchanges: number;
  /** Payload bytes, least and most. */
  readonly requestBytes: readonly [number, number];
  /** Data segments of a response, least and most; one in two responses is a single segment of any length. */
  readonly responseSegments: readonly [number, number];
  readonly segmentBytes: number;
  /** Share of the data segments that a hop drops. */
  readonly loss: number;
}

/** One segment as it travels. Addresses are numbers: 10.1.x.y for clients, 10.2.0.x for servers. */
export interface Segment {
  timeNs: number;
  isForward: boolean;
  client: number;
  clientPort: number;
  server: number;
  flags: number;
  sequence: number;
  acknowledgement: number;
  timestampValue: number;
  timestampEcho: number;
  ipId: number;
  payload: number;
  /** Differs with each segment's content: a segment that is sent again has the same. */
  content: number;
  /** Points that see it, counted from its sender; all where it is not lost. */
  reach: number;
}

const FIN = 1;
const SYN = 2;
const PSH = 8;
const ACK = 16;

export const EVERYWHERE = 255;
/** A hop between the points of a path: the second and the third. */
const LOST_REACH = 2;
const SERVERS = 200;
/** Between two segments, whichever: the least is longer than the way through all points of a path. */
const LEAST_GAP_NS = 10_000;
const GAP_SPREAD_NS = 20_000;

const PHASE_SYN = 0;
const PHASE_SYN_ACK = 1;
const PHASE_ACK = 2;
const PHASE_REQUEST = 3;
const PHASE_RESPONSE = 4;
const PHASE_RESPONSE_ACK = 5;
const PHASE_FIN = 6;
const PHASE_FIN_ACK = 7;
const PHASE_LAST_ACK = 8;

interface Slot {
  number: number;
  phase: number;
  clientSequence: number;
  serverSequence: number;
  exchangesLeft: number;
  segmentsLeft: number;
  /** Length of a response's one segment; 0: whole segments. */
  single: number;
  /** A lost segment that is sent again next: its length; 0: none. */
  again: number;
}

export class Traffic {
  /** Connections begun. */
  connections = 0;
  private timeNs = 0;
  private ipId = 1;
  private readonly random: () => number;
  private readonly slots: Slot[] = [];
  private readonly segment: Segment = {
    timeNs: 0,
    isForward: true,
    client: 0,
    clientPort: 0,
    server: 0,
    flags: 0,
    sequence: 0,
    acknowledgement: 0,
    timestampValue: 0,
    timestampEcho: 0,
    ipId: 0,
    payload: 0,
    content: 0,
    reach: EVERYWHERE,
  };

  constructor(private readonly spec: TrafficSpec) {
    this.random = seededRandom(spec.seed);
    for (let i = 0; i < spec.concurrent; i += 1) this.slots.push(this.begin());
  }

  /** The next segment; valid until the call after. */
  next(): Segment {
    const { slots, segment } = this;
    this.timeNs += LEAST_GAP_NS + Math.floor(this.random() * GAP_SPREAD_NS);
    const place = Math.floor(this.random() * slots.length);
    const slot = slots[place];
    segment.timeNs = this.timeNs;
    segment.client = slot.number;
    segment.clientPort = 32_768 + ((slot.number * 7) % 28_000);
    segment.server = slot.number % SERVERS;
    segment.timestampValue = (1_000_000 + Math.floor(this.timeNs / 1e6)) >>> 0;
    segment.timestampEcho = segment.timestampValue - 1;
    this.ipId = (this.ipId + 1) & 0xffff;
    segment.ipId = this.ipId;
    segment.reach = EVERYWHERE;
    if (slot.again > 0) this.sendAgain(slot);
    else this.step(slot);
    if (slot.phase > PHASE_LAST_ACK) slots[place] = this.begin();
    return segment;
  }

  private begin(): Slot {
    const number = this.connections++;
    return {
      number,
      phase: PHASE_SYN,
      clientSequence: Math.imul(number + 1, 0x01000193) >>> 0,
      serverSequence: Math.imul(number + 1, 0x9e3779b1) >>> 0,
      exchangesLeft: this.spec.exchanges,
      segmentsLeft: 0,
      single: 0,
      again: 0,
    };
  }

  private between([least, most]: readonly [number, number]): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  private emit(slot: Slot, isForward: boolean, flags: number, payload: number): void {
    const { segment } = this;
    segment.isForward = isForward;
    segment.flags = flags;
    segment.payload = payload;
    segment.sequence = isForward ? slot.clientSequence : slot.serverSequence;
    const other = isForward ? slot.serverSequence : slot.clientSequence;
    segment.acknowledgement = (flags & ACK) === 0 ? 0 : other;
    segment.content = segment.sequence;
    const taken = payload + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    if (isForward) slot.clientSequence = (slot.clientSequence + taken) >>> 0;
    else slot.serverSequence = (slot.serverSequence + taken) >>> 0;
  }

  private sendAgain(slot: Slot): void {
    slot.serverSequence = (slot.serverSequence - slot.again) >>> 0;
    this.emit(slot, false, ACK, slot.again);
    slot.again = 0;
  }

  private step(slot: Slot): void {
    const { spec, segment } = this;
    switch (slot.phase) {
      case PHASE_SYN:
        this.emit(slot, true, SYN, 0);
        slot.phase = PHASE_SYN_ACK;
        return;
      case PHASE_SYN_ACK:
        this.emit(slot, false, SYN | ACK, 0);
        slot.phase = PHASE_ACK;
        return;
      case PHASE_ACK:
        this.emit(slot, true, ACK, 0);
        slot.phase = PHASE_REQUEST;
        return;
      case PHASE_REQUEST:
        this.emit(slot, true, PSH | ACK, this.between(spec.requestBytes));
        slot.exchangesLeft -= 1;
        slot.single =
          this.random() < 0.5
            ? this.between([Math.min(8, spec.segmentBytes), spec.segmentBytes])
            : 0;
        slot.segmentsLeft = slot.single > 0 ? 1 : this.between(spec.responseSegments);
        slot.phase = PHASE_RESPONSE;
        return;
      case PHASE_RESPONSE: {
        const payload = slot.single > 0 ? slot.single : spec.segmentBytes;
        slot.segmentsLeft -= 1;
        this.emit(slot, false, slot.segmentsLeft === 0 ? PSH | ACK : ACK, payload);
        if (spec.loss > 0 && this.random() < spec.loss) {
          segment.reach = LOST_REACH;
          slot.again = payload;
        }
        slot.phase = PHASE_RESPONSE_ACK;
        return;
      }
      case PHASE_RESPONSE_ACK:
        this.emit(slot, true, ACK, 0);
        slot.phase =
          slot.segmentsLeft > 0
            ? PHASE_RESPONSE
            : slot.exchangesLeft > 0
              ? PHASE_REQUEST
              : PHASE_FIN;
        return;
      case PHASE_FIN:
        this.emit(slot, true, FIN | ACK, 0);
        slot.phase = PHASE_FIN_ACK;
        return;
      case PHASE_FIN_ACK:
        this.emit(slot, false, FIN | ACK, 0);
        slot.phase = PHASE_LAST_ACK;
        return;
      default:
        this.emit(slot, true, ACK, 0);
        slot.phase = PHASE_LAST_ACK + 1;
    }
  }
}
