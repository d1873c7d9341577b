// Rotated series: files that one tcpdump or dumpcap wrote one after the other are one capture, and each interface in them one point.
// Recognised by their names, held to by their content: the same interfaces, spans that follow each other.
import type { CaptureSummary } from '../../model/capture';

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

/** A file's place in the series that it may belong to. */
interface SeriesName {
  /** Folder and all of the name that the members share. */
  readonly key: string;
  readonly name: string;
  /** Number that the writer counted, 0 where it wrote none yet; null: it wrote a date. */
  readonly number: number | null;
  /** Named without a number: the first of a series without -W. */
  readonly plain: boolean;
}

const COMPRESSED = /\.(gz|zst|xz)$/i;
const ENDING = String.raw`\.(?:pcapng|pcap|ntar|cap|dmp|dump)`;
/** `x.pcap12`: tcpdump -C; with -W from 0 on, padded with zeros. */
const COUNTED = new RegExp(`^(.*${ENDING})(\\d{1,9})$`, 'i');
const PLAIN = new RegExp(`^(.*)(${ENDING})$`, 'i');
/** `x_00012_20210301120000`: dumpcap's ring; `x_20210301120000_00012` as its newer versions may be told. */
const RING = /^(.*)_(\d{5,})_(20\d{12})$/;
const RING_DATE_FIRST = /^(.*)_(20\d{12})_(\d{5,})$/;

const DATE = '(?:19|20)\\d\\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\\d|3[01])';
const CLOCK = '(?:[01]\\d|2[0-3])[-_.:h]?[0-5]\\d(?:[-_.:m]?[0-5]\\d)?';
/** What `-G` has strftime write: a date, with the time of day or without; else seconds since 1970, or a time of day with its seconds. */
const MOMENTS: readonly RegExp[] = [
  new RegExp(`[-_. ]?(?<!\\d)${DATE}(?:[-T_. ]*${CLOCK})?(?!\\d)Z?`, 'g'),
  /[-_. ]?(?<!\d)1\d{9}(?!\d)/g,
  /[-_. ]?(?<!\d)(?:[01]\d|2[0-3])([-_.:]?)[0-5]\d\1[0-5]\d(?!\d)Z?/g,
];

/** Without the first kind of moment that stands in it. */
function undate(stem: string): string {
  for (const moment of MOMENTS) {
    const undated = stem.replace(moment, '');
    if (undated !== stem) return undated;
  }
  return stem;
}

const bareName = (stem: string, fallback: string): string =>
  stem.replace(/^[-_. ]+|[-_. ]+$/g, '') || fallback;

/** Undefined: a name that no rotation gives. A plain `x.pcap` is the first file of `x.pcap1`, where there is one. */
export function parseSeriesName(file: string): SeriesName | undefined {
  const folder = file.replace(/[^\\/]*$/, '');
  const base = file.slice(folder.length).replace(COMPRESSED, '');
  const counted = COUNTED.exec(base);
  const [, named = '', ending = ''] = PLAIN.exec(counted?.[1] ?? base) ?? [];
  if (ending === '') return undefined;
  const ring = counted === null ? RING.exec(named) : null;
  if (ring !== null) return ringName(folder, ring[1], ending, ring[2]);
  const dateFirst = counted === null ? RING_DATE_FIRST.exec(named) : null;
  if (dateFirst !== null) return ringName(folder, dateFirst[1], ending, dateFirst[3]);
  const undated = undate(named);
  if (undated !== named)
    return {
      key: `${folder}${undated}${ending} by date`,
      name: bareName(undated, named),
      number: null,
      plain: false,
    };
  return {
    key: `${folder}${named}${ending}`,
    name: named,
    number: Number(counted?.[2] ?? 0),
    plain: counted === null,
  };
}

const ringName = (folder: string, stem: string, ending: string, number: string): SeriesName => ({
  key: `${folder}${stem}${ending} ring`,
  name: bareName(stem, stem),
  number: Number(number),
  plain: false,
});

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
  const counted = group.flatMap(({ number }) => number ?? []);
  if (new Set(counted).size < counted.length) return undefined;
  const members = group
    .flatMap(({ index, name, number, span }) =>
      span === null ? [] : { index, name, number, ...span },
    )
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.index - b.index));
  if (members.length === 0) return undefined;
  const overlaps = members.some(
    ({ first }, place) => place > 0 && first < members[place - 1].last - OVERLAP_NS,
  );
  if (overlaps) return undefined;
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
