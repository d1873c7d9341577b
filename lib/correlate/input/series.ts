// Rotated series: files that one tcpdump or dumpcap wrote one after the other are one capture, and each interface in them one point.
// Recognised by their names, held to by their content: the same interfaces, spans that follow each other.
import type { CaptureSummary } from '../../model/capture';
import { parseSeriesName, type SeriesName } from './series-name';
import { bearsOut } from './told-moments';

/** Files of one series, in order of time; the first one leads: points, stations and clocks go by it. */
export interface Series {
  /** Indices of the captures given. */
  readonly members: readonly number[];
  /** What the names have in common: `x` of `x.pcap0`, `x.pcap1`. */
  readonly name: string;
  /** By member: nothing is absent between the one before and it. */
  readonly goesOn: readonly boolean[];
}

export interface NamedCapture {
  readonly file: string;
  readonly summary: CaptureSummary;
}

/** Frames of several CPUs are written out of order by as much: a file can begin so long before the last frame of the one before. */
const OVERLAP_NS = 100_000_000n;
/** Where names carry no number, a silence up to this is how traffic is; a longer one may be a file that is absent. */
export const SILENCE_NS = 2_000_000_000n;

/** The series among the captures; in the order of their first members' places. */
export function findSeries(captures: readonly NamedCapture[]): readonly Series[] {
  const groups = new Map<string, Candidate[]>();
  captures.forEach(({ file, summary }, index) => {
    const parsed = parseSeriesName(file);
    if (parsed === undefined) return;
    const base = BigInt(summary.baseTime);
    const { firstTime, lastTime } = summary;
    const candidate: Candidate = {
      ...parsed,
      index,
      links: summary.interfaces.map(({ name, linkType }) => `${linkType} ${name}`).join('\n'),
      span:
        firstTime === null || lastTime === null
          ? null
          : {
              first: base + BigInt(Math.round(firstTime)),
              last: base + BigInt(Math.round(lastTime)),
            },
    };
    groups.set(parsed.key, [...(groups.get(parsed.key) ?? []), candidate]);
  });
  return [...groups.values()].flatMap((group) => seriesOf(group) ?? []);
}

interface Candidate extends SeriesName {
  readonly index: number;
  /** Interfaces, as text. */
  readonly links: string;
  /** null: it holds no frame, as the first file of a writer to whom nothing came before it turned. */
  readonly span: Span | null;
}

/** ns since 1970. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

function seriesOf(alike: readonly Candidate[]): Series | undefined {
  // With -W the first file has a number, too: the plain one is another capture.
  const group = alike.some(({ number, plain }) => number === 0 && !plain)
    ? alike.filter(({ plain }) => !plain)
    : alike;
  if (group.length < 2 || group.some(({ links }) => links !== group[0].links)) return undefined;
  // Without an ending a number may be anything: a writer begins with none, or with 0.
  if (group[0].bare && !group.some(({ number }) => number === 0)) return undefined;
  const counted = group.flatMap(({ number }) => number ?? []);
  if (new Set(counted).size < counted.length) return undefined;
  const members = group
    .flatMap(({ index, name, number, told, span }) =>
      span === null ? [] : { index, name, number, told, ...span },
    )
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.index - b.index));
  if (members.length === 0 || !bearsOut(members)) return undefined;
  const overlaps = members.some(
    ({ first }, place) => place > 0 && first < members[place - 1].last - OVERLAP_NS,
  );
  if (overlaps) return undefined;
  const pauses = members.some(
    ({ first }, place) => place > 0 && first - members[place - 1].last > SILENCE_NS,
  );
  if (group[0].bare && pauses) return undefined;
  const empty = group.filter(({ span }) => span === null);
  const emptyNumbers = new Set(empty.map(({ number }) => number));
  const least = Math.min(...counted);
  const most = Math.max(...counted);
  // A ring (-W) begins again at its least number.
  const after = (number: number): number => {
    const next = number === most ? least : number + 1;
    return emptyNumbers.has(next) && next !== number ? after(next) : next;
  };
  const goesOn = members.map(({ number, first }, place) => {
    if (place === 0) return true;
    const before = members[place - 1];
    return number === null || before.number === null
      ? first - before.last <= SILENCE_NS
      : number === after(before.number);
  });
  // Files without a frame have no place in time: they stand at the end.
  return {
    members: [...members, ...empty].map(({ index }) => index),
    name: members[0].name,
    goesOn: [...goesOn, ...empty.map(() => true)],
  };
}
