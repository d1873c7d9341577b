// What two captures have in common, as samples of the offset between their clocks: packets that both saw, told by which way they ran.
import type { JoinedConnections } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import type { LegTable } from '../legs/legs';
import { CLOCK_SAMPLES, ROW_ORDER_YIELD, SPREAD_CONNECTIONS } from '../limits';
import { endOfRun, RowSorter, type SortedRows } from '../packets/row-order';
import type { Sample } from './clock-bounds';
import { KeptSamples } from './kept-samples';
import { PairSamples } from './pair-samples';

/** What two captures saw in common; `onward` ran from the first to the second. */
export interface PairEvidence {
  readonly onward: readonly Sample[];
  readonly back: readonly Sample[];
  /** Ran one way only, and nothing tells which. */
  readonly undirected: readonly Sample[];
  readonly exchanges: number;
}

/** By first capture × captures + second capture, the first the lower. */
export function* gatherEvidence(
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  identities: Uint32Array,
): Generator<number, ReadonlyMap<number, PairEvidence>> {
  const gatherer = new EvidenceGatherer(input, legs, connections, identities);
  let done = 0;
  let since = 0;
  for (const connection of spreadOrder(connections.count)) {
    done += 1;
    since += 1;
    if (!gatherer.isSettled(connection)) since += yield* gatherer.gather(connection, done);
    if (since < ROUND_FRAMES) continue;
    since = 0;
    yield done / connections.count;
  }
  return gatherer.finish();
}

/** Connections in strides over the whole table, so that the first of them are spread over the whole time. */
function* spreadOrder(count: number): Generator<number> {
  const stride = Math.max(1, Math.floor(count / SPREAD_CONNECTIONS));
  for (let offset = 0; offset < stride; offset += 1)
    for (let connection = offset; connection < count; connection += stride) yield connection;
}

/** Frames of one identity that are still compared with each other: more than any packet has sightings. */
const MOST_ALIKE = 32;
/** Frames of a connection that are looked at: several packets for each of the stretches that its samples are thinned to (pair-samples.ts). */
const MOST_FRAMES = 131_072;
/** A capture shows one transmission more than once within a moment, if at all (a switch floods, the network doubles): alike and farther apart are two. */
const MOMENT_NS = 1e6;
const NO_ROW = 0xffffffff;
/** Frames that samples are taken of between two yields. */
const ROUND_FRAMES = ROW_ORDER_YIELD / 4;

/** A pair of captures: what was kept of all connections, and the samples of the one at hand. */
class Pair {
  readonly onward = new KeptSamples(1);
  readonly back = new KeptSamples(-1);
  readonly undirected = new KeptSamples(1);
  exchanges = 0;
  readonly samples = new PairSamples();
  /** The connection whose samples these are. */
  connection = -1;

  settle(): void {
    const { samples } = this;
    const sense = samples.sense();
    if (sense === 0) {
      this.undirected.add(samples.of(0, 1));
      this.undirected.add(samples.of(1, 1));
      return;
    }
    this.exchanges += Math.min(...samples.counts);
    const [onward, back] = sense > 0 ? [0, 1] : [1, 0];
    this.onward.add(samples.of(onward, 1));
    this.back.add(samples.of(back, -1));
  }

  get isSettled(): boolean {
    return Math.min(this.onward.length, this.back.length) >= CLOCK_SAMPLES;
  }
}

/** A connection's frames, as far as clocks go. Filled anew for each connection. */
class ClockRows implements SortedRows {
  count = 0;
  /** The lead of its series. */
  capture = new Uint16Array(0);
  point = new Uint16Array(0);
  ttl = new Uint8Array(0);
  direction = new Uint8Array(0);
  identity = new Uint32Array(0);
  /** ns after the analysis' base by the capture's own clock. */
  time = new Float64Array(0);
  order = new Uint32Array(0);

  begin(count: number): void {
    this.count = count;
    if (this.order.length >= count) return;
    this.capture = new Uint16Array(count);
    this.point = new Uint16Array(count);
    this.ttl = new Uint8Array(count);
    this.direction = new Uint8Array(count);
    this.identity = new Uint32Array(count);
    this.time = new Float64Array(count);
    this.order = new Uint32Array(count);
  }
}

class EvidenceGatherer {
  private readonly pairs = new Map<number, Pair>();
  private readonly rows = new ClockRows();
  private readonly sorter = new RowSorter();
  private readonly cursor: RowCursor;
  /** By capture: its first frame of the connection at hand, and how many it has. */
  private readonly firstFrame: Uint32Array;
  private readonly frames: Uint32Array;
  /** By point: frames of one packet that were met last, the freshest of them, and whether another is as fresh. */
  private readonly freshest = new Uint32Array(MOST_ALIKE);
  private readonly seenTwice = new Uint8Array(MOST_ALIKE);
  /** By point: its one frame of the packet that is less fresh; NO_ROW: none, or several. */
  private readonly stale = new Uint32Array(MOST_ALIKE);
  private readonly passages = new Uint8Array(MOST_ALIKE);
  /** Captures that saw a connection. */
  private readonly captures: number[] = [];

  constructor(
    private readonly input: CorrelationInput,
    private readonly legs: LegTable,
    private readonly connections: JoinedConnections,
    private readonly identities: Uint32Array,
  ) {
    this.cursor = new RowCursor(input);
    this.firstFrame = new Uint32Array(input.captures.length);
    this.frames = new Uint32Array(input.captures.length);
  }

  /** Whether every two captures that saw the connection have samples enough. */
  isSettled(connection: number): boolean {
    const { captures, input, legs } = this;
    const { firstLeg, legs: legList } = this.connections;
    captures.length = 0;
    for (let l = firstLeg[connection]; l < firstLeg[connection + 1]; l += 1) {
      const { capture } = input.points[legs.point[legList[l]]];
      if (!captures.includes(capture)) captures.push(capture);
    }
    for (const a of captures)
      for (const b of captures)
        if (a < b && this.pairs.get(a * input.captures.length + b)?.isSettled !== true)
          return false;
    return true;
  }

  /** Takes the connection's samples; returns how many frames it has. `done`: connections looked at so far, this one among them. */
  *gather(connection: number, done: number): Generator<number, number> {
    const share = done / this.connections.count;
    yield* this.read(connection, share);
    const { rows } = this;
    yield* this.sorter.sort(rows, share);
    const met: Pair[] = [];
    for (let from = 0; from < rows.count; ) {
      from = this.addRuns(connection, from, met);
      if (from < rows.count) yield share;
    }
    for (const pair of met) pair.settle();
    return rows.count;
  }

  finish(): ReadonlyMap<number, PairEvidence> {
    return new Map(
      [...this.pairs].map(([key, { onward, back, undirected, exchanges }]) => [
        key,
        {
          onward: onward.samples(),
          back: back.samples(),
          undirected: undirected.samples(),
          exchanges,
        },
      ]),
    );
  }

  /** A connection's frames lie capture after capture, those of a series together. Of very many, those of a share of the identities: the same packets at each point. */
  private *read(connection: number, share: number): Generator<number> {
    const { rows: to, frames } = this;
    const { firstRow } = this.connections;
    const [from, end] = [firstRow[connection], firstRow[connection + 1]];
    to.begin(Math.min(end - from, MOST_FRAMES * 2));
    frames.fill(0);
    let bits = 0;
    while ((end - from) / 2 ** bits > MOST_FRAMES) bits += 1;
    // Identities are digests: those below a limit are a share of them as good as drawn by lot.
    const below = 2 ** (32 - bits);
    to.count = 0;
    for (let at = from; at < end; at += ROW_ORDER_YIELD) {
      if (at > from) yield share;
      this.readSome(at, Math.min(end, at + ROW_ORDER_YIELD), below);
    }
  }

  /** Those of the connections' rows `from … end` whose identity is below a limit, as long as there is room. */
  private readSome(from: number, end: number, below: number): void {
    const { rows: to, cursor, legs, identities, firstFrame, frames } = this;
    const { rows, forwardOfLeg } = this.connections;
    let k = to.count;
    for (let at = from; at < end && k < to.order.length; at += 1) {
      const globalRow = rows[at];
      // What has none (0) is alike to nothing.
      const identity = identities[globalRow];
      if (identity === 0 || identity >= below) continue;
      const i = cursor.seek(globalRow);
      const { columns } = cursor;
      const { lead, pointOfLink, baseDelta } = cursor.source;
      if (frames[lead] === 0) firstFrame[lead] = k;
      frames[lead] += 1;
      to.capture[k] = lead;
      to.point[k] = pointOfLink[columns.link[i]];
      to.ttl[k] = columns.ttl[i];
      to.direction[k] = (columns.tuple[i] & 1) ^ forwardOfLeg[legs.legOfRow[globalRow]];
      to.identity[k] = identity;
      to.time[k] = columns.time[i] + baseDelta;
      k += 1;
    }
    to.count = k;
  }

  /** Takes runs of frames of one identity from `from` on, some ROUND_FRAMES frames; returns where the next one begins. */
  private addRuns(connection: number, from: number, met: Pair[]): number {
    const { rows } = this;
    let begin = from;
    while (begin < rows.count && begin - from < ROUND_FRAMES) {
      const end = endOfRun(rows, begin);
      // Many frames alike (ARP, heartbeats) are many packets: no pair of them is sure.
      if (end - begin > 1 && end - begin <= MOST_ALIKE) this.addRun(connection, begin, end, met);
      begin = end;
    }
    return begin;
  }

  /** Samples of the frames order[from … to), of one identity: each point's where it was freshest, of every two captures. */
  private addRun(connection: number, from: number, to: number, met: Pair[]): void {
    const { freshest, rows, firstFrame } = this;
    const { capture, time, ttl, direction } = rows;
    const fresh = this.findFreshest(from, to);
    for (let i = 0; i < fresh; i += 1)
      for (let j = 0; j < fresh; j += 1) {
        const [a, b] = [freshest[i], freshest[j]];
        if (capture[a] >= capture[b]) continue;
        const samples = this.samplesOf(connection, capture[a], capture[b], met);
        const frame = a - firstFrame[capture[a]];
        if (this.addThereAndBack(samples, frame, i, j)) continue;
        samples.add(direction[a], frame, time[a], time[b] - time[a], Math.sign(ttl[a] - ttl[b]));
      }
  }

  /**
   * A packet that came back the way it went, translated for its own sender (a hairpin), passed both points twice: first, with the TTL it began with, and
   * at the end. The point where more time lies in between, by its own clock, is nearer to the sender.
   */
  private addThereAndBack(samples: PairSamples, frame: number, i: number, j: number): boolean {
    const { freshest, stale } = this;
    const { time, ttl } = this.rows;
    const [a, b, lateA, lateB] = [freshest[i], freshest[j], stale[i], stale[j]];
    if (lateA === NO_ROW || lateB === NO_ROW) return false;
    if (ttl[a] !== ttl[b] || ttl[lateA] !== ttl[lateB]) return false;
    const longer = time[lateA] - time[a] - (time[lateB] - time[b]);
    if (longer === 0) return true;
    const early = { time: time[a], delta: time[b] - time[a] };
    const late = { time: time[lateA], delta: time[lateB] - time[lateA] };
    if (longer > 0) samples.addThereAndBack(frame, early, late);
    else samples.addThereAndBack(frame, late, early);
    return true;
  }

  private samplesOf(connection: number, a: number, b: number, met: Pair[]): PairSamples {
    const key = a * this.input.captures.length + b;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = new Pair();
      this.pairs.set(key, pair);
    }
    if (pair.connection !== connection) {
      pair.connection = connection;
      pair.samples.begin(this.frames[a]);
      met.push(pair);
    }
    return pair.samples;
  }

  /**
   * Fills `freshest`: one frame for each point, the one with the highest TTL; none for a point where several have it. Returns how many: none where a
   * point shows that it was sent again. Points that have it once may have seen one transmission each (the retry of a SYN goes to another backend).
   */
  private findFreshest(from: number, to: number): number {
    const { freshest, seenTwice, stale, passages, rows } = this;
    const { order, point, ttl, time } = rows;
    let count = 0;
    for (let i = from; i < to; i += 1) {
      const row = order[i];
      let at = 0;
      while (at < count && point[freshest[at]] !== point[row]) at += 1;
      if (at === count) {
        freshest[count] = row;
        seenTwice[count] = 0;
        stale[count] = NO_ROW;
        passages[count] = 1;
        count += 1;
        continue;
      }
      passages[at] += 1;
      if (ttl[row] > ttl[freshest[at]]) {
        stale[at] = freshest[at];
        freshest[at] = row;
        seenTwice[at] = 0;
      } else if (ttl[row] < ttl[freshest[at]]) stale[at] = row;
      else if (ttl[row] === ttl[freshest[at]]) {
        if (Math.abs(time[row] - time[freshest[at]]) > MOMENT_NS) return 0;
        seenTwice[at] = 1;
      }
    }
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      if (seenTwice[at] !== 0) continue;
      freshest[kept] = freshest[at];
      stale[kept] = passages[at] === 2 ? stale[at] : NO_ROW;
      kept += 1;
    }
    return kept;
  }
}
