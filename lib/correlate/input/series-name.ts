// Names that tcpdump and dumpcap give the files of a rotated series: numbers counted, dates written; series.ts holds them to what the files contain.
import { readToldMoment, type ToldMoment } from './told-moments';

/** A file's place in the series that it may belong to. */
export interface SeriesName {
  /** Folder and all of the name that the members share. */
  readonly key: string;
  readonly name: string;
  /** Number that the writer counted, 0 where it wrote none yet; null: it wrote a date. */
  readonly number: number | null;
  /** Named without a number: the first of a series without -W. */
  readonly plain: boolean;
  /** A moment that may be none (`x-12.pcap`): the frames' times must bear it out; null: the name needs no witness. */
  readonly told: ToldMoment | null;
  /** No ending tells that a number at the name's end was counted by a writer: only files that follow each other at once are a series. */
  readonly bare: boolean;
}

const COMPRESSED = /\.(gz|zst|xz)$/i;
const ENDING = String.raw`\.(?:pcapng|pcap|ntar|cap|dmp|dump)`;
/** `x.pcap12`: tcpdump -C; with -W from 0 on, padded with zeros. */
const COUNTED = new RegExp(`^(.*${ENDING})(\\d{1,9})$`, 'i');
/** A name without an ending that is known, its number apart. */
const BARE = /^(.*\D)(\d{0,9})$/;
const PLAIN = new RegExp(`^(.*)(${ENDING})$`, 'i');
/** `x_00012_20210301120000`: dumpcap's ring; `x_20210301120000_00012` as its newer versions may be told. */
const RING = /^(.*)_(\d{5,})_(20\d{12})$/;
const RING_DATE_FIRST = /^(.*)_(20\d{12})_(\d{5,})$/;

const bareName = (stem: string, fallback: string): string =>
  stem.replace(/^[-_. ]+|[-_. ]+$/g, '') || fallback;

/** Undefined: a name that no rotation gives. A plain `x.pcap` is the first file of `x.pcap1`, where there is one. */
export function parseSeriesName(file: string): SeriesName | undefined {
  const folder = file.replace(/[^\\/]*$/, '');
  const base = file.slice(folder.length).replace(COMPRESSED, '');
  const counted = COUNTED.exec(base);
  const [, named = '', ending = ''] = PLAIN.exec(counted?.[1] ?? base) ?? [];
  if (ending === '') return bareSeriesName(folder, base);
  const ring = counted === null ? RING.exec(named) : null;
  if (ring !== null) return ringName(folder, ring[1], ending, ring[2]);
  const dateFirst = counted === null ? RING_DATE_FIRST.exec(named) : null;
  if (dateFirst !== null) return ringName(folder, dateFirst[1], ending, dateFirst[3]);
  const { stem, told } = readToldMoment(named);
  if (stem !== named)
    return {
      key: `${folder}${stem}${ending} by ${told?.unit ?? 'date'}`,
      name: bareName(stem, named),
      number: null,
      plain: false,
      told,
      bare: false,
    };
  return {
    ...COUNTED_NAME,
    key: `${folder}${named}${ending}`,
    name: named,
    number: Number(counted?.[2] ?? 0),
    plain: counted === null,
  };
}

const COUNTED_NAME = { told: null, bare: false };

/** `tcpdump -w trace -C 10` writes trace, trace1, trace2. */
function bareSeriesName(folder: string, base: string): SeriesName | undefined {
  const [, stem, number] = BARE.exec(base) ?? [];
  if (stem === undefined) return undefined;
  return {
    key: `${folder}${stem} bare`,
    name: stem,
    number: Number(number),
    plain: number === '',
    told: null,
    bare: true,
  };
}

const ringName = (folder: string, stem: string, ending: string, number: string): SeriesName => ({
  ...COUNTED_NAME,
  key: `${folder}${stem}${ending} ring`,
  name: bareName(stem, stem),
  number: Number(number),
  plain: false,
});
