// Journeys as the rows of the report's packet tables: frames by point, what was rewritten on the way, which step of the story cites them.
// Hops that did the same to many packets share a letter, explained once, so that a row stays one line.
import { sequenceDifference } from '../base/sequence-number';
import { formatSeconds } from '../base/time';
import type { Direction } from '../model/connection';
import { FATE_REASONS, FATES, type Fate, fateReasonText } from '../model/fate';
import type { Finding } from '../model/finding';
import {
  JOURNEY_AMBIGUOUS,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
} from '../model/journey-window';
import { packetLabels, partOf } from '../model/packet-label';
import { STATUS_TIMESTAMPS } from '../model/packet-status';
import { findRestorationFaults } from '../model/restoration';
import { deriveRewrites, isTranslationField, type Rewrite } from '../model/rewrites';
import type { CaseSnapshot } from '../model/snapshot';
import { formatStop, NO_STOP, pointOfStop, stopPassage, stopPoint } from '../model/stop';

export interface PacketRow {
  /** Row of the window. */
  readonly journey: number;
  /** Seconds after the first packet of the table, by the reference clock. */
  readonly time: string;
  readonly forward: boolean;
  /** Place of its connection among those of the snapshot, from 1. */
  readonly connection: number;
  /** tcpdump's line from longest to shortest. */
  readonly labels: readonly string[];
  readonly retransmission: boolean;
  readonly ambiguous: boolean;
  /** Frame numbers by point index: `1`, `1, 2` for two passages, `(3)` for a copy off the way. */
  readonly frames: ReadonlyMap<number, string>;
  /** Letters of the hops' rewrites, in path order. */
  readonly rewrites: readonly string[];
  readonly fate: Fate;
  /** Delivered, and answered by a reset. */
  readonly isRefused: boolean;
  /** Stops between which it was lost or missed. */
  readonly between: readonly [string, string] | null;
  readonly reason: string;
  /** Numbers of the finding's steps that cite one of its frames, from 1. */
  readonly steps: readonly number[];
  /** What the client did not get back as it knows it: `src`, `dst`. */
  readonly notRestored: readonly string[];
}

export interface RewriteKey {
  readonly letter: string;
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  /** Translations first, then what forwarding does to every packet. */
  readonly rewrites: readonly RewriteText[];
  /** Packets that it was done to. */
  readonly packets: number;
}

export interface RewriteText {
  /** `ip.dst 172.30.249.115 → 10.128.3.214`, `tcp.seq_raw shifted by 4000` */
  readonly text: string;
  readonly translation: boolean;
}

export interface PacketTableData {
  readonly rows: readonly PacketRow[];
  readonly keys: readonly RewriteKey[];
  /** Indices of points that saw any of the rows, in path order as far as the connection says. */
  readonly points: readonly number[];
  /** Base of the rows' times, ns after the window's base. */
  readonly startNs: number;
}

/** Rows for these journeys of the snapshot, in the order given. */
export function buildPacketRows(
  snapshot: CaseSnapshot,
  journeys: readonly number[],
  finding: Finding | null,
): PacketTableData {
  const window = snapshot.journeys;
  const { referenceTime } = window.sightings;
  const { firstSighting } = window.journeys;
  const startNs = journeys.length === 0 ? 0 : referenceTime[firstSighting[journeys[0]]];
  const steps = stepsByFrame(finding);
  const keys = new KeyTable(snapshot);
  const numbers = window.connections.map(
    (id) => snapshot.connections.findIndex((connection) => connection.id === id) + 1,
  );
  const rows = journeys.map((journey) => {
    const first = firstSighting[journey];
    const sightings = Array.from(
      { length: window.journeys.sightingCount[journey] },
      (_, k) => first + k,
    );
    const { lostFrom, lostTo, flags } = window.journeys;
    const between: readonly [string, string] | null =
      lostFrom[journey] === NO_STOP || lostTo[journey] === NO_STOP
        ? null
        : [stopText(snapshot, lostFrom[journey]), stopText(snapshot, lostTo[journey])];
    return {
      journey,
      time: formatSeconds(referenceTime[first] - startNs),
      forward: window.journeys.direction[journey] === 0,
      connection: numbers[window.journeys.connection[journey]],
      labels: labelsOf(window, journey, first),
      retransmission: (flags[journey] & JOURNEY_RETRANSMISSION) !== 0,
      ambiguous: (flags[journey] & JOURNEY_AMBIGUOUS) !== 0,
      frames: framesByPoint(window, sightings),
      rewrites: keys.lettersOf(
        sightings,
        window.journeys.direction[journey] === 0 ? 'forward' : 'reverse',
      ),
      fate: FATES[window.journeys.fate[journey]],
      isRefused: FATE_REASONS[window.journeys.reason[journey]] === 'refused',
      between,
      reason: fateReasonText(window.journeys.reason[journey]),
      steps: stepsOf(window, sightings, steps),
      notRestored: notRestored(snapshot, journey),
    };
  });
  return { rows, keys: keys.finish(), points: pointsInOrder(snapshot, journeys), startNs };
}

const stopText = (snapshot: CaseSnapshot, stop: number): string =>
  formatStop(snapshot.points[stopPoint(stop)].id, stopPassage(stop));

function labelsOf(window: JourneyWindow, journey: number, row: number): readonly string[] {
  const { sightings } = window;
  const labels = packetLabels({
    protocol: window.protocols[window.journeys.connection[journey]],
    flags: sightings.flags[row],
    sequence: sightings.sequence[row],
    acknowledgement: sightings.acknowledgement[row],
    window: sightings.window[row],
    payloadLength: sightings.payloadLength[row],
    timestampValue: sightings.timestampValue[row],
    timestampEcho: sightings.timestampEcho[row],
    hasTimestamps: (sightings.status[row] & STATUS_TIMESTAMPS) !== 0,
    part: partOf(window, journey),
  });
  // Short of room, the window goes first, and a length of nothing; timestamps tell a packet from its retry and stay as long as they can.
  const withoutWindow = (label: string): string =>
    label.replace(/ win \d+/, '').replace(/ len 0\b/, '');
  const full = labels.filter((label) => / win \d+/.test(label));
  return [...full.flatMap((label) => [label, withoutWindow(label)]), ...labels.slice(full.length)];
}

function framesByPoint(
  { sightings }: JourneyWindow,
  rows: readonly number[],
): ReadonlyMap<number, string> {
  const frames = new Map<number, string>();
  for (const row of rows) {
    const point = sightings.point[row];
    const number = `${sightings.frame[row]}`;
    const text = sightings.branch[row] === 0 ? number : `(${number})`;
    const known = frames.get(point);
    frames.set(point, known === undefined ? text : `${known}, ${text}`);
  }
  return frames;
}

/** A frame as the key of a map. */
export const frameKey = (file: string, frame: number): string => `${frame} ${file}`;

function stepsByFrame(finding: Finding | null): ReadonlyMap<string, readonly number[]> {
  const steps = new Map<string, number[]>();
  finding?.steps.forEach((step, index) => {
    for (const { file, frame } of step.frames) {
      const key = frameKey(file, frame);
      steps.set(key, [...(steps.get(key) ?? []), index + 1]);
    }
  });
  return steps;
}

function stepsOf(
  { sightings, files }: JourneyWindow,
  rows: readonly number[],
  steps: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  const cited = rows.flatMap(
    (row) => steps.get(frameKey(files[sightings.capture[row]], sightings.frame[row])) ?? [],
  );
  return [...new Set(cited)].sort((a, b) => a - b);
}

function notRestored(snapshot: CaseSnapshot, journey: number): readonly string[] {
  const window = snapshot.journeys;
  const id = window.connections[window.journeys.connection[journey]];
  const connection = snapshot.connections.find((candidate) => candidate.id === id);
  const nearest = connection?.forwardStops[0];
  if (connection === undefined || nearest === undefined) return [];
  return findRestorationFaults(
    window,
    journey,
    connection.client,
    connection.server,
    snapshot.points.findIndex((point) => point.id === pointOfStop(nearest)),
  ).map((fault) => fault.end);
}

function pointsInOrder(snapshot: CaseSnapshot, journeys: readonly number[]): readonly number[] {
  const window = snapshot.journeys;
  const seen = new Set<number>();
  const ids = new Set<string>();
  for (const journey of journeys) {
    ids.add(window.connections[window.journeys.connection[journey]]);
    const first = window.journeys.firstSighting[journey];
    for (let k = 0; k < window.journeys.sightingCount[journey]; k++)
      seen.add(window.sightings.point[first + k]);
  }
  const way = snapshot.connections
    .filter((connection) => ids.has(connection.id))
    .flatMap((connection) => connection.points);
  const order = [...snapshot.view.lanes.order, ...way];
  const rank = (point: number): number => {
    const place = order.indexOf(snapshot.points[point].id);
    return place < 0 ? order.length + point : place;
  };
  return [...seen].sort((a, b) => rank(a) - rank(b));
}

/** Letters for what hops did, in order of first use. */
class KeyTable {
  private readonly keys = new Map<
    string,
    {
      direction: Direction;
      from: string;
      to: string;
      rewrites: readonly RewriteText[];
      packets: number;
    }
  >();

  constructor(private readonly snapshot: CaseSnapshot) {}

  lettersOf(rows: readonly number[], direction: Direction): readonly string[] {
    const window = this.snapshot.journeys;
    const { branch } = window.sightings;
    const way = rows.filter((row) => branch[row] === 0);
    return way.slice(1).flatMap((to, i) => {
      const rewrites = describeRewrites(deriveRewrites(window, way[i], to));
      if (rewrites.length === 0) return [];
      const [from, after] = [this.stopOf(way[i]), this.stopOf(to)];
      const entry = { direction, from, to: after, rewrites, packets: 0 };
      const signature = JSON.stringify(entry);
      const known = this.keys.get(signature) ?? entry;
      known.packets++;
      this.keys.set(signature, known);
      return [letter([...this.keys.keys()].indexOf(signature))];
    });
  }

  finish(): readonly RewriteKey[] {
    return [...this.keys.values()].map((entry, index) => ({ letter: letter(index), ...entry }));
  }

  private stopOf(row: number): string {
    const { sightings } = this.snapshot.journeys;
    return formatStop(this.snapshot.points[sightings.point[row]].id, sightings.passage[row]);
  }
}

function describeRewrites(rewrites: readonly Rewrite[]): readonly RewriteText[] {
  const texts = rewrites.map((rewrite) => ({
    text: `${rewrite.field} ${changeText(rewrite)}`,
    translation: isTranslationField(rewrite.field),
  }));
  return [
    ...texts.filter(({ translation }) => translation),
    ...texts.filter(({ translation }) => !translation),
  ];
}

/** Sequence numbers differ from packet to packet; what a hop does to them is a shift. */
const changeText = ({ field, before, after }: Rewrite): string =>
  field === 'tcp.seq_raw' || field === 'tcp.ack_raw'
    ? `shifted by ${sequenceDifference(Number(after), Number(before))}`
    : `${before || 'none'} → ${after || 'none'}`;

/** A … Z, AA, AB … */
function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}
