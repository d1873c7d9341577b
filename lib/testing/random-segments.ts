// Random TCP conversations that meet every kind of analysis flag often: what lib/tcp is compared with tshark over. The same seed gives the same segments.
import { sequenceAdd } from '../base/sequence-number';
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '../model/tcp-flags';

export interface RandomSegment {
  /** ns after the first segment. */
  readonly time: number;
  readonly conversation: number;
  readonly fromClient: boolean;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
  readonly length: number;
  /** Of a SYN; null: no such option. */
  readonly windowScale: number | null;
}

/** Numbers in [0, 1) from a seed (mulberry32's mixing). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface End {
  next: number;
  acknowledged: number;
  window: number;
  lastStart: number;
}

/** Conversations one after another, each of up to `segments` segments. */
export function randomSegments(
  seed: number,
  conversations: number,
  segments: number,
): RandomSegment[] {
  const random = seededRandom(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
  const rows: RandomSegment[] = [];
  let time = 0;
  for (let conversation = 0; conversation < conversations; conversation++) {
    let ends = newEnds(random);
    const handshake = random() < 0.8;
    let step = handshake ? 0 : 3;
    const count = 4 + Math.floor(random() * segments);
    for (let i = 0; i < count; i++, step++) {
      time += pick([50_000, 400_000, 1_000_000, 2_500_000, 5_000_000, 15_000_000, 25_000_000, 3e8]);
      if (random() < 0.02) {
        ends = newEnds(random);
        step = 0;
      }
      const fromClient = step === 0 || step === 2 || (step > 2 && random() < 0.5);
      const own = ends[fromClient ? 0 : 1];
      const peer = ends[fromClient ? 1 : 0];
      const syn = step < 2;
      const length = syn || step === 2 ? 0 : pick([0, 0, 0, 1, 1, 2, 100, 100, 1460, 1460]);
      const sequence =
        step < 3
          ? own.next
          : sequenceAdd(
              own.next,
              pick([0, 0, 0, 0, 0, 0, -1, -1, -100, -1460, -length, 100, 1460]),
            );
      if (step >= 3 && random() < 0.35) own.acknowledged = peer.next;
      if (step >= 3 && random() < 0.03) own.acknowledged = sequenceAdd(peer.next, 1460);
      if (step === 1 || step === 2) own.acknowledged = peer.next;
      if (random() < 0.25) own.window = pick([0, 0, 1, 100, 1460, 2920, 65535]);
      const extra = random();
      const flags = syn
        ? TCP_SYN | (step === 1 ? TCP_ACK : 0)
        : extra < 0.02
          ? TCP_RST | (random() < 0.5 ? TCP_ACK : 0)
          : extra < 0.05
            ? TCP_FIN | TCP_ACK
            : extra < 0.06
              ? TCP_SYN
              : TCP_ACK | (length > 0 ? TCP_PSH : 0);
      rows.push({
        time,
        conversation,
        fromClient,
        sequence: step >= 3 && random() < 0.08 ? own.acknowledged && own.lastStart : sequence,
        acknowledgement: flags & TCP_ACK ? own.acknowledged : 0,
        flags,
        window: own.window,
        length,
        windowScale: flags & TCP_SYN ? pick([null, 0, 2, 7]) : null,
      });
      own.lastStart = sequence;
      const end = sequenceAdd(sequence, length + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0));
      if (((end - own.next) | 0) > 0 || random() < 0.05) own.next = end;
    }
  }
  return rows;
}

function newEnds(random: () => number): [End, End] {
  const end = (): End => {
    // Now and then close to the wrap of the sequence numbers.
    const next = Math.floor(
      random() < 0.2 ? 4_294_960_000 + random() * 7000 : random() * 4_294_967_296,
    );
    return { next, acknowledged: 0, window: 65_535, lastStart: next };
  };
  return [end(), end()];
}
