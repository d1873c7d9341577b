// Echoes: frames that a capture has more than once although one packet passed (a mirror port that sends what comes in and what goes out, a bond with its
// slaves, a VLAN with its parent). A frame repeats another in all that a sender and the way write, within a moment, and so do most of its conversation's.
// Packets that the network doubles now and then are none: they stay packets of their own.
import { lowerBound, upperBound } from '../../base/bisect';
import { GrowableColumn } from '../../base/growable';
import { TCP_FIN, TCP_SYN } from '../../model/tcp-flags';
import type { JoinedConnections } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import { IDENTITY_YIELD_ROWS } from '../limits';
import { findTwins, type Twins } from './twins';

/** Between echoes of a packet with an IP ID, which no sender gives twice so soon. */
const MOMENT_NS = 1e6;
/** Without one, two packets may be alike in everything: only what no sender sends so fast. */
const SHORT_MOMENT_NS = 20_000;
/** Frames looked back on: more do not pass between a packet and its echo. */
const LOOK_BACK = 16;
/** Frames of a capture that are looked at to tell whether it has echoes at all. */
const PROBED_ROWS = 20_000;
/** A packet passes a host's few interfaces: more frames alike in one moment are a generator's, each a packet of its own. */
const MOST_ECHOES = 16;
/** Least share of a capture's probed frames that are repeats, and of a conversation's packets that have one. */
const LEAST_SHARE = 0.02;
const LEAST_OF_LEG = 0.5;

/** Echoes by the frame that they repeat, both as global rows; sorted by `original`. */
export class EchoTable {
  private readonly echoes: Float64Array;

  constructor(
    private readonly original: Float64Array,
    private readonly echo: Float64Array,
  ) {
    this.echoes = echo.slice().sort();
  }

  get isEmpty(): boolean {
    return this.echo.length === 0;
  }

  /** The connections without the echoes' rows: what stands for an echo is the frame that it repeats. */
  leaveOutOf(connections: JoinedConnections): JoinedConnections {
    if (this.isEmpty) return connections;
    const rows = connections.rows.filter((row) => !this.isEcho(row));
    const firstRow = new Float64Array(connections.count + 1);
    for (let connection = 0, kept = 0; connection < connections.count; connection += 1) {
      for (
        let at = connections.firstRow[connection];
        at < connections.firstRow[connection + 1];
        at++
      )
        if (!this.isEcho(connections.rows[at])) kept += 1;
      firstRow[connection + 1] = kept;
    }
    return { ...connections, rows, firstRow };
  }

  /** Global rows of a frame's echoes. */
  of(globalRow: number): Float64Array {
    const from = lowerBound(this.original, globalRow);
    return this.echo.subarray(from, upperBound(this.original, globalRow, from));
  }

  private isEcho(globalRow: number): boolean {
    const at = lowerBound(this.echoes, globalRow);
    return at < this.echoes.length && this.echoes[at] === globalRow;
  }
}

/** Finds the echoes of all captures and takes their identity from them: they are matched with the frame that they repeat, or not at all. */
export function* findEchoes(
  input: CorrelationInput,
  legOfRow: Uint32Array,
  identities: Uint32Array,
): Generator<number, EchoTable> {
  const originals = new GrowableColumn(Float64Array);
  const echoes = new GrowableColumn(Float64Array);
  for (const [capture, { table }] of input.captures.entries()) {
    const base = input.rowBase[capture];
    const repeats = new Repeats(input, capture, identities);
    const probed = Math.min(table.rows, PROBED_ROWS);
    yield* repeats.find(0, probed);
    if (repeats.count < LEAST_SHARE * probed) continue;
    yield* repeats.find(probed, table.rows);
    for (const [row, first] of repeats.ofEchoingLegs(legOfRow)) {
      originals.push(base + first);
      echoes.push(base + row);
    }
  }
  for (const row of echoes.finish()) identities[row] = 0;
  const twins = yield* findTwins(input, identities);
  for (const row of twins.twin) identities[row] = 0;
  const [original, echo] = withTwins(originals.finish(), echoes.finish(), twins);
  const sorted = Uint32Array.from(echo, (_, index) => index).sort(
    (a, b) => original[a] - original[b] || echo[a] - echo[b],
  );
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(sorted, (index) => column[index]);
  return new EchoTable(pick(original), pick(echo));
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** The echoes with the twins; what repeats a twin repeats its original. */
function withTwins(
  original: Float64Array,
  echo: Float64Array,
  twins: Twins,
): readonly [original: Float64Array, echo: Float64Array] {
  if (twins.twin.length === 0) return [original, echo];
  const order = Uint32Array.from(twins.twin.keys()).sort((a, b) => twins.twin[a] - twins.twin[b]);
  const sorted = Float64Array.from(order, (index) => twins.twin[index]);
  const first = original.map((row) => {
    const at = lowerBound(sorted, row);
    return sorted[at] === row ? twins.original[order[at]] : row;
  });
  return [concat(first, twins.original), concat(echo, twins.twin)];
}

/** The frames of one capture that repeat an earlier one, with the first of its kind. */
class Repeats {
  private readonly rows = new GrowableColumn(Uint32Array);
  private readonly firsts = new GrowableColumn(Uint32Array);
  /** First of its kind of each row looked back on. */
  private readonly recent = new Uint32Array(LOOK_BACK);

  constructor(
    private readonly input: CorrelationInput,
    private readonly capture: number,
    private readonly identities: Uint32Array,
  ) {}

  get count(): number {
    return this.rows.length;
  }

  *find(from: number, to: number): Generator<number> {
    for (let begin = from; begin < to; begin += IDENTITY_YIELD_ROWS) {
      if (begin > from) yield 1;
      this.findSome(begin, Math.min(to, begin + IDENTITY_YIELD_ROWS));
    }
  }

  private findSome(from: number, to: number): void {
    const { recent } = this;
    for (let row = from; row < to; row += 1) {
      const repeated = this.repeatedBy(row);
      const first = repeated < 0 ? row : recent[repeated % LOOK_BACK];
      recent[row % LOOK_BACK] = first;
      if (repeated < 0) continue;
      this.rows.push(row);
      this.firsts.push(first);
    }
  }

  /** Repeats, as row and first row, of legs most of whose telling packets are repeated. */
  *ofEchoingLegs(legOfRow: Uint32Array): Generator<readonly [row: number, first: number]> {
    const base = this.input.rowBase[this.capture];
    const [rows, firsts] = [this.rows.finish(), this.firsts.finish()];
    const repeats = new Map<number, number>();
    const ofFirst = new Map<number, number>();
    const generated = new Set<number>();
    for (const [index, row] of rows.entries()) {
      const leg = legOfRow[base + row];
      repeats.set(leg, (repeats.get(leg) ?? 0) + (this.tells(row) ? 1 : 0));
      const echoes = (ofFirst.get(firsts[index]) ?? 0) + 1;
      ofFirst.set(firsts[index], echoes);
      if (echoes > MOST_ECHOES) generated.add(leg);
    }
    const frames = new Map<number, number>();
    for (let row = 0; row < this.input.captures[this.capture].table.rows; row += 1) {
      const leg = legOfRow[base + row];
      if (repeats.has(leg) && this.tells(row)) frames.set(leg, (frames.get(leg) ?? 0) + 1);
    }
    for (const [index, row] of rows.entries()) {
      const leg = legOfRow[base + row];
      const repeated = repeats.get(leg) ?? 0;
      if (generated.has(leg)) continue;
      const others = (frames.get(leg) ?? 0) - repeated;
      if (repeated > 0 && repeated >= LEAST_OF_LEG * others) yield [row, firsts[index]];
    }
  }

  /** Whether no sender sends this frame's like so soon: bare ACKs and resets without an IP ID it may. */
  private tells(row: number): boolean {
    const { table } = this.input.captures[this.capture];
    return (
      table.get('ipId', row) !== 0 ||
      table.payloadLength(row) > 0 ||
      (table.get('flags', row) & (TCP_SYN | TCP_FIN)) !== 0
    );
  }

  /** The latest row before `row`, within a moment, that is alike in everything; −1 where none is. */
  private repeatedBy(row: number): number {
    const base = this.input.rowBase[this.capture];
    const identity = this.identities[base + row];
    if (identity === 0) return -1;
    const { table } = this.input.captures[this.capture];
    const ipId = table.get('ipId', row);
    const moment = ipId === 0 ? SHORT_MOMENT_NS : MOMENT_NS;
    const time = table.get('time', row);
    for (let before = row - 1; before >= Math.max(0, row - LOOK_BACK); before -= 1) {
      if (time - table.get('time', before) > moment) return -1;
      if (this.identities[base + before] === identity && this.isAlike(row, before, ipId))
        return before;
    }
    return -1;
  }

  private isAlike(row: number, before: number, ipId: number): boolean {
    const { table } = this.input.captures[this.capture];
    return (
      table.get('ipId', before) === ipId &&
      (['tuple', 'link', 'ttl', 'payloadDigest'] as const).every(
        (column) => table.get(column, before) === table.get(column, row),
      )
    );
  }
}
