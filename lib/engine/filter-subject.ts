// The sightings of an analysis as the filter asks about them: one record, placed on one sighting after the other, facts read when asked for.

import { captureOfRow } from '../correlate/input/input';
import { connectionOf } from '../correlate/journeys/journeys';
import type {
  ConnectionFacts,
  FilterSubject,
  JourneyFacts,
  StreamNumbers,
} from '../filter/subject';
import { closedBy } from '../model/closing';
import { CONNECTION_STATES, connectionStateCode } from '../model/connection-state';
import { FATE_LOST, FATE_REASONS, FATES } from '../model/fate';
import type { Diagnosis } from '../model/finding';
import type { PacketTable } from '../model/packet-table';
import { NO_STOP, pointOfStop, stopPoint } from '../model/stop';
import type { TupleTable } from '../model/tuple-table';
import { numberDatagramStreams } from '../tcp/datagram-streams';
import { TcpStreams } from '../tcp/streams';
import { decodeTree } from '../wire/decode-tree';
import type { Analysis } from './analysis';

/** Of a capture; counted once, when a filter first asks. */
const countedStreams = new WeakMap<PacketTable, TcpStreams>();
const countedDatagrams = new WeakMap<PacketTable, ReadonlyMap<number, number>>();

function datagramStreams(table: PacketTable, tuples: TupleTable): ReadonlyMap<number, number> {
  let streams = countedDatagrams.get(table);
  if (streams === undefined) {
    streams = numberDatagramStreams(table, tuples);
    countedDatagrams.set(table, streams);
  }
  return streams;
}

export class SubjectReader {
  readonly subject: FilterSubject;
  private journey = 0;
  private position = 0;
  private readonly positions: Uint32Array;
  private readonly rules = new Map<
    string,
    { readonly rule: string; readonly severity: string }[]
  >();
  private readonly connections: (ConnectionFacts | undefined)[] = [];
  private readonly facts: JourneyFacts;

  constructor(
    private readonly analysis: Analysis,
    diagnosis: Diagnosis,
  ) {
    const { input, order } = analysis.correlation;
    this.positions = new Uint32Array(order.length);
    order.forEach((connection, position) => {
      this.positions[connection] = position;
    });
    for (const { rule, severity, connections } of diagnosis.findings)
      for (const id of connections)
        this.rules.set(id, [...(this.rules.get(id) ?? []), { rule, severity }]);
    this.facts = this.journeyFacts();
    const [capture] = input.captures;
    this.subject = {
      tuples: input.tuples,
      baseTime: input.baseTime,
      table: capture?.table,
      row: 0,
      columns: capture?.table.columnsOf(0),
      index: 0,
      link: capture?.links[0],
      file: '',
      interfaceName: null,
      point: analysis.points[0],
      time: 0,
      captureTime: 0,
      timeDelta: 0,
      tcp: this.streamNumbers(),
      get udpStream() {
        return datagramStreams(this.table, this.tuples).get(this.columns.tuple[this.index] >>> 1);
      },
      journey: this.facts,
      bytes: null,
      layers: null,
    };
  }

  /** Position in the analysis' order of a row of the connection table. */
  positionOf(connection: number): number {
    return this.positions[connection];
  }

  /** Puts the record on one sighting of a journey; its bytes are not read. */
  place(journey: number, position: number): { readonly capture: number; readonly row: number } {
    this.journey = journey;
    this.position = position;
    const { input, journeys } = this.analysis.correlation;
    const globalRow = journeys.sightingRow[journeys.firstSighting[journey] + position];
    const capture = captureOfRow(input, globalRow);
    const { table, links, pointOfLink, baseDelta, file, summary } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const { subject } = this;
    subject.table = table;
    subject.row = row;
    subject.columns = table.columnsOf(row);
    subject.index = table.indexInBlock(row);
    const link = subject.columns.link[subject.index];
    subject.link = links[link];
    subject.file = file;
    subject.interfaceName = summary.interfaces[subject.link.interface]?.name ?? null;
    subject.point = this.analysis.points[pointOfLink[link]];
    const time = subject.columns.time[subject.index];
    subject.time = time + baseDelta;
    subject.captureTime = time - table.get('time', 0);
    subject.timeDelta = row === 0 ? 0 : time - table.get('time', row - 1);
    subject.bytes = null;
    subject.layers = null;
    return { capture, row };
  }

  takeBytes(bytes: Uint8Array, linkType: number, wireLength: number): void {
    this.subject.bytes = bytes;
    this.subject.layers = decodeTree(bytes, linkType, wireLength);
  }

  private streamNumbers(): StreamNumbers {
    const reader = this;
    return {
      get stream() {
        return reader.streams.streamOf(reader.subject.row);
      },
      get sequence() {
        const { columns, index, row } = reader.subject;
        return reader.streams.relativeSequence(row, columns.sequence[index]);
      },
      get acknowledgement() {
        const { columns, index, row } = reader.subject;
        return reader.streams.relativeAcknowledgement(row, columns.acknowledgement[index]);
      },
      get windowShift() {
        return reader.streams.windowShift(reader.subject.row);
      },
      get timeRelative() {
        return reader.streams.timeRelative(reader.subject.row);
      },
      get timeDelta() {
        return reader.streams.timeDelta(reader.subject.row);
      },
      get acknowledgedFrame() {
        const row = reader.streams.acknowledgedRow(reader.subject.row);
        return row === undefined ? undefined : row + 1;
      },
      get acknowledgementTime() {
        return reader.streams.acknowledgementTime(reader.subject.row);
      },
    };
  }

  private get streams(): TcpStreams {
    const { table, tuples } = this.subject;
    let streams = countedStreams.get(table);
    if (streams === undefined) {
      streams = new TcpStreams(table, tuples);
      countedStreams.set(table, streams);
    }
    return streams;
  }

  private get pattern() {
    const { journeys } = this.analysis.correlation;
    return journeys.patterns[journeys.pattern[this.journey]];
  }

  /** Tuple and reference time of a sighting of the journey at hand. */
  private sighting(position: number): { readonly tuple: number; readonly time: number } {
    const { input, journeys, clocks } = this.analysis.correlation;
    const globalRow = journeys.sightingRow[journeys.firstSighting[this.journey] + position];
    const capture = captureOfRow(input, globalRow);
    const { table } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    return {
      tuple: table.get('tuple', row),
      time: clocks.referenceTime(capture, table.get('time', row)),
    };
  }

  private stopName(which: 'lostFrom' | 'lostTo'): string | null {
    const { journeys } = this.analysis.correlation;
    const stop =
      which === 'lostFrom'
        ? journeys.stops.fromOf(this.journey)
        : journeys.stops.toOf(this.journey);
    if (journeys.fate[this.journey] !== FATE_LOST || stop === NO_STOP) return null;
    return this.analysis.points[stopPoint(stop)].name;
  }

  private journeyFacts(): JourneyFacts {
    const reader = this;
    const { journeys } = this.analysis.correlation;
    return {
      get fate() {
        return FATES[journeys.fate[reader.journey]];
      },
      get reason() {
        return FATE_REASONS[journeys.reason[reader.journey]];
      },
      get direction() {
        return journeys.direction[reader.journey] === 0 ? 'forward' : 'reverse';
      },
      get ambiguous() {
        return journeys.ambiguous[reader.journey] !== 0;
      },
      get retransmission() {
        return journeys.retransmission[reader.journey] !== 0;
      },
      get sightings() {
        return journeys.firstSighting[reader.journey + 1] - journeys.firstSighting[reader.journey];
      },
      get passage() {
        return reader.pattern.passage[reader.position];
      },
      get branch() {
        return reader.pattern.branch[reader.position];
      },
      get lostFrom() {
        return reader.stopName('lostFrom');
      },
      get lostTo() {
        return reader.stopName('lostTo');
      },
      get translatedHere() {
        const { position } = reader;
        if (position === 0 || position >= reader.pattern.wayLength) return false;
        return reader.sighting(position).tuple !== reader.sighting(position - 1).tuple;
      },
      get translated() {
        const { tuple } = reader.sighting(0);
        for (let position = 1; position < reader.pattern.wayLength; position += 1)
          if (reader.sighting(position).tuple !== tuple) return true;
        return false;
      },
      get hopLatency() {
        const { position } = reader;
        if (position === 0 || position >= reader.pattern.wayLength) return null;
        return reader.sighting(position).time - reader.sighting(position - 1).time;
      },
      get latency() {
        const { wayLength } = reader.pattern;
        if (wayLength < 2) return null;
        return reader.sighting(wayLength - 1).time - reader.sighting(0).time;
      },
      get connection() {
        return reader.connectionFacts(connectionOf(journeys, reader.journey));
      },
    };
  }

  private nameOfStop(stop: string | null): string | undefined {
    const id = stop && pointOfStop(stop);
    return this.analysis.points.find((point) => point.id === id)?.name;
  }

  private connectionFacts(connection: number): ConnectionFacts {
    const position = this.positions[connection];
    const known = this.connections[position];
    if (known !== undefined) return known;
    const summary = this.analysis.connections[position];
    const named = this.rules.get(summary.id) ?? [];
    const by = closedBy(summary);
    const facts: ConnectionFacts = {
      id: summary.id,
      client: summary.client,
      server: summary.server,
      state: CONNECTION_STATES[connectionStateCode(summary)],
      handshake: summary.handshake,
      close: summary.close,
      closedBy: by,
      closedAt: by === undefined ? undefined : this.nameOfStop(summary.closing?.at ?? null),
      lost: summary.lost,
      retransmissions: summary.retransmissions,
      packets: summary.journeys,
      duration: summary.lastTime - summary.firstTime,
      rules: [...new Set(named.map(({ rule }) => rule))],
      severities: [...new Set(named.map(({ severity }) => severity))],
    };
    this.connections[position] = facts;
    return facts;
  }
}
