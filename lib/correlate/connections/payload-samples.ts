// Segments that carry the same bytes in two legs, found in one walk over a sample of the frames: the first few of each leg, and of the rest those
// whose content chooses them, which are the same at every point. What two segments have in common besides is their TSval, IP ID or client's end.
import { GrowableColumn } from '../../base/growable';
import { STATUS_TIMESTAMPS } from '../../model/packet-status';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { type LegTable, NO_LEG } from '../legs/legs';

/** Shorter payloads repeat by chance. */
const TELLING_PAYLOAD = 12;
/** Segments taken of each leg and direction before contents choose: more than the three that a shift needs. */
const FIRST_SEGMENTS = 8;
/** Of the others one in as many. */
const SAMPLED_ONE_IN = 32;
/** Earlier segments alike that one is compared with: more than a packet has sightings. */
const MOST_ALIKE = 32;
/** Slots of the table, at most: 16 MB. */
const MOST_SLOTS = 1 << 22;

export interface SamplePair {
  /** Global rows; the first was added before the second. */
  readonly first: number;
  readonly second: number;
  /** Digest and length in one number. */
  readonly content: number;
  /** The ephemeral endpoint is the same. */
  readonly sameEnd: boolean;
}

type Kind = 'stamp' | 'id' | 'end';

/** What a sampled segment goes by. */
interface Sample {
  readonly row: number;
  readonly leg: number;
  readonly content: number;
  /** 0: none. */
  readonly stamp: number;
  readonly ipId: number;
  readonly end: number;
}

export class PayloadSamples {
  private readonly taken: Uint8Array;
  private readonly heads: Uint32Array;
  private readonly next = new GrowableColumn(Uint32Array);
  private readonly rows = new GrowableColumn(Float64Array);
  private readonly hashes = new GrowableColumn(Uint32Array);

  /** `wanted`: 1 for the legs to look at. */
  constructor(
    private readonly input: CorrelationInput,
    private readonly legs: LegTable,
    private readonly wanted: Uint8Array,
  ) {
    this.taken = new Uint8Array(legs.count * 2);
    let slots = 1024;
    while (slots < MOST_SLOTS && slots < Math.min(input.totalRows, legs.count * 16)) slots *= 2;
    // Entry + 1; 0: free.
    this.heads = new Uint32Array(slots);
  }

  /** Takes in those of the capture's frames `from … to` that are of the sample, and tells of every earlier one of another leg that they repeat. */
  addAll(capture: number, from: number, to: number, tell: (pair: SamplePair) => void): void {
    const { wanted } = this;
    const { legOfRow } = this.legs;
    const base = this.input.rowBase[capture];
    for (let row = from; row < to; row += 1) {
      const leg = legOfRow[base + row];
      if (leg !== NO_LEG && wanted[leg] !== 0) this.add(capture, row, leg, tell);
    }
  }

  private add(capture: number, row: number, leg: number, tell: (pair: SamplePair) => void): void {
    const sample = this.read(capture, row, leg);
    if (sample === undefined) return;
    if (sample.stamp !== 0) this.meet(sample, 'stamp', sample.stamp, tell);
    if (sample.ipId !== 0) this.meet(sample, 'id', sample.ipId, tell);
    if (sample.end !== 0) this.meet(sample, 'end', sample.end, tell);
  }

  private read(capture: number, row: number, leg: number): Sample | undefined {
    const { table } = this.input.captures[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    const flags = columns.flags[i] & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);
    const digest = columns.payloadDigest[i];
    if (digest === 0 || (flags & ~TCP_FIN) !== TCP_ACK) return undefined;
    const length = table.payloadLength(row);
    if (length < TELLING_PAYLOAD) return undefined;
    const directed = columns.tuple[i];
    const place = leg * 2 + (directed & 1);
    if (this.taken[place] < FIRST_SEGMENTS) this.taken[place] += 1;
    else if (Math.imul(digest, 0x9e3779b1) >>> 0 >= 2 ** 32 / SAMPLED_ONE_IN) return undefined;
    return {
      row: this.input.rowBase[capture] + row,
      leg,
      content: digest * 2 ** 20 + (length & 0xfffff),
      stamp: columns.status[i] & STATUS_TIMESTAMPS ? columns.timestampValue[i] : 0,
      ipId: columns.ipId[i],
      end: this.ephemeralEnd(directed),
    };
  }

  private meet(sample: Sample, kind: Kind, value: number, tell: (pair: SamplePair) => void): void {
    const hash = hashOf(sample.content, kind, value);
    const slot = hash & (this.heads.length - 1);
    let alike = 0;
    for (
      let entry = this.heads[slot];
      entry !== 0 && alike < MOST_ALIKE;
      entry = this.next.values[entry - 1]
    ) {
      if (this.hashes.values[entry - 1] !== hash) continue;
      alike += 1;
      const other = this.readAgain(this.rows.values[entry - 1]);
      if (other.leg === sample.leg || other.content !== sample.content) continue;
      const sameStamp = sample.stamp !== 0 && other.stamp === sample.stamp;
      const sameId = sample.ipId !== 0 && other.ipId === sample.ipId;
      const sameEnd = sample.end !== 0 && other.end === sample.end;
      // Each pair is told once: by the first of the kinds in which it agrees.
      const told = sameStamp ? 'stamp' : sameId ? 'id' : sameEnd ? 'end' : undefined;
      if (told === kind)
        tell({ first: other.row, second: sample.row, content: sample.content, sameEnd });
    }
    this.rows.push(sample.row);
    this.hashes.push(hash);
    this.heads[slot] = this.next.push(this.heads[slot]) + 1;
  }

  private readAgain(globalRow: number): Sample {
    const capture = captureOfRow(this.input, globalRow);
    const { table } = this.input.captures[capture];
    const row = globalRow - this.input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    return {
      row: globalRow,
      leg: this.legs.legOfRow[globalRow],
      content: columns.payloadDigest[i] * 2 ** 20 + (table.payloadLength(row) & 0xfffff),
      stamp: columns.status[i] & STATUS_TIMESTAMPS ? columns.timestampValue[i] : 0,
      ipId: columns.ipId[i],
      end: this.ephemeralEnd(columns.tuple[i]),
    };
  }

  /** Address and port of the end with the higher port, which the client's kernel chose; 0 where both are alike. */
  private ephemeralEnd(directed: number): number {
    const { tuples } = this.input;
    const [source, destination] = [tuples.sourcePort(directed), tuples.destinationPort(directed)];
    if (source === destination) return 0;
    return source > destination
      ? (tuples.sourceAddress(directed) + 1) * 65_536 + source
      : (tuples.destinationAddress(directed) + 1) * 65_536 + destination;
  }
}

const KIND_SEEDS: Readonly<Record<Kind, number>> = { stamp: 0x51ed27, id: 0x2545f4, end: 0x6c8e9d };

function hashOf(content: number, kind: Kind, value: number): number {
  let h = KIND_SEEDS[kind];
  for (const part of [content % 2 ** 32, content / 2 ** 32, value % 2 ** 32, value / 2 ** 32]) {
    h = Math.imul(h ^ (part | 0), 0x85ebca6b);
    h ^= h >>> 15;
  }
  return h >>> 0;
}
