// Journey windows for tests, written as one reads them: a journey is a list of sightings, each says only what differs from the one before.
import { allocateColumns } from '../base/columns';
import { FATES, type Fate, type FateReason, fateReasonCode } from '../model/fate';
import {
  JOURNEY_AMBIGUOUS,
  JOURNEY_BYTES,
  JOURNEY_COLUMNS,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
  SIGHTING_COLUMNS,
  type SightingColumns,
} from '../model/journey-window';
import { STATUS_IPV4, STATUS_IPV6, STATUS_TRANSPORT } from '../model/packet-status';
import { PROTOCOL_TCP } from '../model/protocols';
import { makeStop, NO_STOP } from '../model/stop';

/** Columns that a spec gives as text; all others are numbers. */
type TextColumn =
  | 'source'
  | 'destination'
  | 'sourceMac'
  | 'destinationMac'
  | 'encapsulation'
  | 'quote';
type NumberColumn = Exclude<keyof SightingColumns, TextColumn | 'referenceTime' | 'capture'>;

/** `time` in ns after the base. Whatever is left out is as in the sighting before; `frame` then counts on per capture. */
export type SightingSpec = Partial<Record<NumberColumn, number>> &
  Partial<Record<TextColumn, string>> & {
    /** Default: equal to `time`, `point`. */
    readonly referenceTime?: number;
    readonly capture?: number;
  };

export interface JourneySpec {
  /** Default `c1`. */
  readonly connection?: string;
  readonly direction?: 'forward' | 'reverse';
  /** Default `delivered`. */
  readonly fate?: Fate;
  readonly reason?: FateReason;
  /** Stops as [point, passage]. */
  readonly between?: readonly [readonly [number, number], readonly [number, number]];
  readonly bytes?: readonly [number, number];
  readonly ambiguous?: boolean;
  readonly retransmission?: boolean;
  readonly sightings: readonly SightingSpec[];
}

export interface WindowSpec {
  readonly baseTime?: string;
  /** Default `point-1.pcap` … as many as are used. */
  readonly files?: readonly string[];
  /** Protocol numbers by connection; default TCP. */
  readonly protocols?: Readonly<Record<string, number>>;
  /** In order of time, or not: the builder sorts them. */
  readonly journeys: readonly JourneySpec[];
  readonly omitted?: number;
}

const TEXT_COLUMNS: readonly TextColumn[] = [
  'source',
  'destination',
  'sourceMac',
  'destinationMac',
  'encapsulation',
  'quote',
];

/** A window of these journeys. */
export function buildWindow(spec: WindowSpec): JourneyWindow {
  const journeys = [...spec.journeys].sort(
    (a, b) => (a.sightings[0]?.time ?? 0) - (b.sightings[0]?.time ?? 0),
  );
  const sightingCount = journeys.reduce((sum, journey) => sum + journey.sightings.length, 0);
  const journeyColumns = allocateColumns(JOURNEY_COLUMNS, journeys.length);
  const columns = allocateColumns(SIGHTING_COLUMNS, sightingCount);
  const connections: string[] = [];
  const strings = new Interner();
  const nextFrame: number[] = [];
  let row = 0;

  journeys.forEach((journey, index) => {
    journeyColumns.connection[index] = indexIn(connections, journey.connection ?? 'c1');
    journeyColumns.firstSighting[index] = row;
    journeyColumns.sightingCount[index] = journey.sightings.length;
    const [from, to] = journey.between ?? [];
    journeyColumns.lostFrom[index] = from ? makeStop(...from) : NO_STOP;
    journeyColumns.lostTo[index] = to ? makeStop(...to) : NO_STOP;
    journeyColumns.byteStart[index] = journey.bytes?.[0] ?? 0;
    journeyColumns.byteEnd[index] = journey.bytes?.[1] ?? 0;
    journeyColumns.direction[index] = journey.direction === 'reverse' ? 1 : 0;
    journeyColumns.fate[index] = FATES.indexOf(journey.fate ?? 'delivered');
    journeyColumns.reason[index] = fateReasonCode(journey.reason ?? 'seen-at-last-point');
    journeyColumns.flags[index] =
      (journey.ambiguous ? JOURNEY_AMBIGUOUS : 0) |
      (journey.bytes ? JOURNEY_BYTES : 0) |
      (journey.retransmission ? JOURNEY_RETRANSMISSION : 0);
    let current: SightingSpec = { windowScale: 0xffff, passage: 1, branch: 0, ttl: 64 };
    for (const sighting of journey.sightings) {
      const { frame: _frame, referenceTime: _reference, capture: _capture, ...inherited } = current;
      current = { ...inherited, ...sighting };
      writeSighting(columns, row, current, strings, nextFrame);
      row++;
    }
  });

  const captures = columns.capture.reduce((most, capture) => Math.max(most, capture + 1), 0);
  return {
    baseTime: spec.baseTime ?? '1613397233000000000',
    files: spec.files ?? Array.from({ length: captures }, (_, i) => `point-${i + 1}.pcap`),
    connections,
    protocols: connections.map((id) => spec.protocols?.[id] ?? PROTOCOL_TCP),
    strings: strings.texts,
    journeyCount: journeys.length,
    sightingCount,
    journeys: journeyColumns,
    sightings: columns,
    omitted: spec.omitted ?? 0,
  };
}

function writeSighting(
  columns: SightingColumns,
  row: number,
  spec: SightingSpec,
  strings: Interner,
  nextFrame: number[],
): void {
  const point = spec.point ?? 0;
  const capture = spec.capture ?? point;
  for (const [name, value] of Object.entries(spec))
    if (typeof value === 'number') columns[name as keyof SightingColumns][row] = value;
  for (const name of TEXT_COLUMNS) columns[name][row] = strings.intern(spec[name] ?? '');
  columns.referenceTime[row] = spec.referenceTime ?? spec.time ?? 0;
  columns.capture[row] = capture;
  const frame = spec.frame ?? (nextFrame[capture] ?? 0) + 1;
  columns.frame[row] = frame;
  nextFrame[capture] = Math.max(frame, nextFrame[capture] ?? 0);
  if (spec.status === undefined)
    columns.status[row] =
      STATUS_TRANSPORT | (spec.source?.startsWith('[') ? STATUS_IPV6 : STATUS_IPV4);
}

const indexIn = (list: string[], value: string): number => {
  const index = list.indexOf(value);
  return index >= 0 ? index : list.push(value) - 1;
};

/** Texts by number; 0 is the empty text. */
class Interner {
  readonly texts: string[] = [''];
  private readonly numbers = new Map<string, number>([['', 0]]);

  intern(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
