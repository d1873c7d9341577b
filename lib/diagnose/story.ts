// The plain sentences of findings: times, tuples, gaps, names of points, and the frames that a step cites.
import { counted } from '../base/counted';
import { formatDuration, formatSeconds, formatUtc, NANOSECONDS_PER_SECOND } from '../base/time';
import type { Direction } from '../model/connection';
import type { Finding, FindingStep, FrameReference } from '../model/finding';
import { laneName, laneStop } from '../model/lane-name';
import { formatStop } from '../model/stop';
import type { CaseFacts } from './facts';
import type { Tuple } from './handshake-facts';
import { firstSighting, type PacketFact, type SightingFact, tupleOf } from './packet-facts';
import type { SynRetries } from './syn-retries';
import { THRESHOLDS } from './thresholds';

/** `2021-02-15 13:53:53.103262 UTC`, by the clock of the capture that saw it. */
export const utc = (facts: CaseFacts, sighting: SightingFact): string =>
  `${formatUtc(facts.baseTime + BigInt(Math.round(sighting.time)))} UTC`;

export const tuple = ({ client, server }: Tuple): string => `${client} > ${server}`;

/** `source > destination` as its sender wrote it. */
export const tupleOfPacket = (packet: PacketFact): string => tupleOf(firstSighting(packet));

/** `a`, `a and b`, `a, b and c`. */
export const listed = (texts: readonly string[]): string =>
  texts.length < 2
    ? (texts[0] ?? '')
    : `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]}`;

/** `10.0.0.1`, `3 clients`. */
export const clientsText = (clients: readonly string[]): string =>
  clients.length === 1 ? clients[0] : counted(clients.length, 'client');

/** Names of the points of these sightings, each once, in their order. */
export const pointNames = (
  facts: Pick<CaseFacts, 'points'>,
  sightings: readonly SightingFact[],
): string => listed([...new Set(sightings.map(({ point }) => facts.points[point].name))]);

/** `1.01, 2.05, 4.04 and 8.08 s` */
export const gapList = (gaps: readonly number[]): string =>
  `${listed(gaps.map((gap) => formatSeconds(gap, 2)))} s`;

/** What names of stops are made of. */
export type Named = Pick<CaseFacts, 'points' | 'passages'>;

/** Name of a direction's stop, as its lane has it: `tun0′`. */
export const stopName = (facts: Named, stop: string, direction: Direction): string =>
  laneName(
    laneStop(stop, direction, facts.passages),
    (id) => facts.points.find((point) => point.id === id)?.name ?? id,
  );

/** The same of a sighting of a packet that runs this way. */
export const placeName = (
  facts: Named,
  { point, passage }: Pick<SightingFact, 'point' | 'passage'>,
  direction: Direction,
): string => stopName(facts, formatStop(facts.points[point].id, passage), direction);

/** `between tun0′ and veth1`: the two stops of a hop, as packets of the direction pass them. */
export const betweenText = (
  facts: Named,
  stops: readonly [string, string],
  direction: Direction,
): string => `between ${stops.map((stop) => stopName(facts, stop, direction)).join(' and ')}`;

/** What the gaps say of who sent the SYN again. */
export const retrySentence = ({ class: kind, gaps }: SynRetries): string => {
  const times = gapList(gaps);
  switch (kind) {
    case 'exponential':
      return `after ${times}, with the same sequence number: one connect() retried by the kernel`;
    case 'linear':
      return `after ${times}, with the same sequence number: one connect() retried by the kernel (with the linear timeouts of Linux 6.5 and later)`;
    case 'application':
      return `after ${times}, with new sequence numbers: the application tries again`;
    case 'irregular':
      return `after ${times}`;
    case 'none':
      return '';
  }
};

/** `94.45 s`, `1.01 s`, `120 s`, `12 µs`: seconds to the hundredth, as retries are told. */
export const duration = (nanoseconds: number): string =>
  nanoseconds < NANOSECONDS_PER_SECOND
    ? formatDuration(nanoseconds)
    : `${formatSeconds(nanoseconds, 2).replace(/\.00$/, '')} s`;

/** Sightings of all packets on the way, packet by packet. */
export const sightingsOf = (packets: readonly PacketFact[]): readonly SightingFact[] =>
  packets.flatMap((packet) => packet.way);

/** A step that cites these frames, each once and at most so many of one file. */
export function step(text: string, sightings: readonly SightingFact[]): FindingStep {
  const perFile = new Map<string, number>();
  const seen = new Set<string>();
  const frames: FrameReference[] = [];
  for (const { file, frame } of sightings) {
    const key = `${file}#${frame}`;
    const count = perFile.get(file) ?? 0;
    if (seen.has(key) || count >= THRESHOLDS.citedFrames) continue;
    seen.add(key);
    perFile.set(file, count + 1);
    frames.push({ file, frame });
  }
  return { text, frames };
}

/** Parts of a finding that most rules leave as they are. */
export const emptyParts = {
  cause: null,
  direction: null,
  evidence: [],
  alternatives: [],
  confirm: [],
  sibling: null,
  times: [],
} satisfies Partial<Finding>;

/** Stable: the rule, and the connection's id, which is its first frame's key. */
export const findingId = (rule: string, connection: string): string => `${rule}-${connection}`;
