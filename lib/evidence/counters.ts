// Counters out of what operators log beside captures: connection tracking, softnet, SNMP counters, drop flows of Open vSwitch and of its datapath, load of
// the processors. Samples of one file in its order, each behind the line of `date` that the article's script writes before it.
import type { CounterSample, CounterSeries } from '../model/evidence';
import { parseDate } from './dated-lines';
import { datapathDrop, dropFlow, type Take } from './drop-flows';

/** Reads one line into counters; answers whether it knew it. */
type Reader = (line: string, take: Take) => boolean;

/** Levels, which fall as well as rise. */
const LEVEL = /^conntrack (count|max)$|^cpu \S+ %/;
/** Samples of one series; a second apart they are more than a day. */
const MOST_SAMPLES = 100_000;

/**
 * All series of the text by name; empty where it holds none. Values of one sample that come by CPU are added up. The file's name tells what a bare number
 * is of: the article's script writes nf_conntrack_count and nf_conntrack_max without a word.
 */
export function parseCounters(text: string, file = ''): readonly CounterSeries[] {
  const series = new Map<string, CounterSample[]>();
  const readers = makeReaders(file);
  let timeMs: number | null = null;
  let sample = new Map<string, { line: number; value: number }>();
  const flush = (): void => {
    for (const [name, { line, value }] of sample) {
      const list = series.get(name) ?? [];
      if (list.length < MOST_SAMPLES) list.push({ line, timeMs, value });
      series.set(name, list);
    }
    sample = new Map();
  };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const dated = parseDate(line);
    if (dated !== undefined || HEADERS.test(line)) flush();
    if (dated !== undefined) timeMs = dated;
    const take: Take = (name, value) => {
      const before = sample.get(name);
      if (before === undefined) sample.set(name, { line: index + 1, value });
      else before.value += value;
    };
    readers.some((reader) => reader(line, take));
  }
  flush();
  return [...series].map(([name, samples]) => ({ name, isLevel: LEVEL.test(name), samples }));
}

/** What begins a further sample where no date does. */
const HEADERS = /^(entries\s|OFPST_FLOW|NXST_FLOW|flow-dump from|#kernel|cpu=0\s)|\s%idle$/;

const makeReaders = (file: string): readonly Reader[] => [
  conntrackTable(),
  conntrackStatistics,
  snmp,
  dropFlow,
  datapathDrop,
  softnet,
  tableSize(file),
  processorLoad(),
];

/** /proc/net/stat/nf_conntrack: names, then a row of hexadecimal numbers a CPU; `entries` is of all, and stands in each row. */
function conntrackTable(): Reader {
  let names: readonly string[] = [];
  return (line, take) => {
    if (/^entries\s.*\binsert_failed\b/.test(line)) {
      names = line.split(/\s+/);
      return true;
    }
    const values = line.split(/\s+/);
    if (names.length === 0 || values.length !== names.length || !values.every(isHex)) return false;
    values.forEach((value, column) => {
      if (names[column] !== 'entries')
        take(`conntrack ${names[column]}`, Number.parseInt(value, 16));
    });
    return true;
  };
}

const isHex = (text: string): boolean => /^[0-9a-f]{8}$/.test(text);

/** `conntrack -S`: `cpu=0 found=1 invalid=0 insert=0 insert_failed=0 drop=0 …` */
function conntrackStatistics(line: string, take: Take): boolean {
  if (!/^cpu=\d+\s.*\binsert_failed=\d+/.test(line)) return false;
  for (const [, name, value] of line.matchAll(/(\w+)=(\d+)/g))
    if (name !== 'cpu') take(`conntrack ${name}`, Number(value));
  return true;
}

/** `nstat -az`: `TcpExtListenOverflows           5                  0.0` */
function snmp(line: string, take: Take): boolean {
  const found = /^((?:Ip|Icmp|Tcp|Udp)\w+)\s+(\d+)\s+[\d.]+$/.exec(line);
  if (found === null) return false;
  take(found[1], Number(found[2]));
  return true;
}

/** /proc/net/softnet_stat: a row of hexadecimal numbers a CPU, the second counts packets dropped. */
function softnet(line: string, take: Take): boolean {
  const values = line.split(/\s+/);
  if (values.length < 9 || values.length > 15 || !values.every(isHex)) return false;
  take('softnet dropped', Number.parseInt(values[1], 16));
  return true;
}

/** `net.netfilter.nf_conntrack_count = 3`, and a bare number in a file that is named so. */
function tableSize(file: string): Reader {
  const named = /nf_conntrack_(count|max)/.exec(file)?.[1];
  return (line, take) => {
    const found = /^(?:net\.netfilter\.|net\.)nf_conntrack_(count|max) ?= ?(\d+)$/.exec(line);
    const bare = named !== undefined && /^\d+$/.test(line);
    if (found === null && !bare) return false;
    take(`conntrack ${found?.[1] ?? named}`, Number(found?.[2] ?? line));
    return true;
  };
}

/** `mpstat -P ALL`: a head with the names, a row for all processors and one each. Its times have no zone, and are not used. */
function processorLoad(): Reader {
  let names: readonly string[] = [];
  return (line, take) => {
    if (/\bCPU\s+%usr\b.*%idle$/.test(line)) {
      names = line.slice(line.indexOf('CPU')).split(/\s+/);
      return true;
    }
    const row = /^(?:\d\d:\d\d:\d\d(?: [AP]M)?|Average:)\s+(all|\d+)\s+([\d.,\s]+)$/.exec(line);
    if (names.length === 0 || row === null || line.startsWith('Average')) return false;
    const values = row[2].trim().split(/\s+/);
    if (values.length !== names.length - 1) return false;
    for (const name of ['%soft', '%idle']) {
      const at = names.indexOf(name) - 1;
      if (at >= 0) take(`cpu ${row[1]} ${name}`, Number(values[at].replace(',', '.')));
    }
    return true;
  };
}
