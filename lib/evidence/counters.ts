// Counters out of what operators log beside captures: connection tracking, softnet, SNMP counters, drop flows of Open vSwitch. Samples of one file in
// its order, each behind the line of `date` that the article's script writes before it.
import type { CounterSample, CounterSeries } from '../model/evidence';

type Take = (name: string, value: number) => void;

/** Reads one line into counters; answers whether it knew it. */
type Reader = (line: string, take: Take) => boolean;

/** All series of the text by name; empty where it holds none. Values of one sample that come by CPU are added up. */
export function parseCounters(text: string): readonly CounterSeries[] {
  const series = new Map<string, CounterSample[]>();
  const readers = makeReaders();
  let timeMs: number | null = null;
  let sample = new Map<string, { line: number; value: number }>();
  const flush = (): void => {
    for (const [name, { line, value }] of sample) {
      const list = series.get(name) ?? [];
      list.push({ line, timeMs, value });
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
  return [...series].map(([name, samples]) => ({ name, samples }));
}

/** What begins a further sample where no date does. */
const HEADERS = /^(entries\s|OFPST_FLOW|NXST_FLOW|#kernel|cpu=0\s)/;

/** `Sun Nov 22 18:06:23 UTC 2026`, `2026-11-22T18:06:23Z`; undefined: it is no date. In another zone than UTC the moment is not known: null. */
function parseDate(line: string): number | null | undefined {
  const words = /^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d ([A-Z]+ )?\d{4}$/.exec(line);
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(line);
  if (words === null && !isIso) return undefined;
  const zone = words?.[1]?.trim();
  if (words !== null && zone !== 'UTC' && zone !== 'GMT') return null;
  const time = Date.parse(line);
  return Number.isNaN(time) ? null : time;
}

const makeReaders = (): readonly Reader[] => [
  conntrackTable(),
  conntrackStatistics,
  snmp,
  dropFlow,
  softnet,
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

/** `ovs-ofctl dump-flows`: flows that drop, named by table and match. */
function dropFlow(line: string, take: Take): boolean {
  const found = /\b(table=\d+), n_packets=(\d+), .*?(priority=\S+) actions=drop$/.exec(line);
  if (found === null) return false;
  take(`flow ${found[1]},${found[3]} actions=drop`, Number(found[2]));
  return true;
}

/** /proc/net/softnet_stat: a row of hexadecimal numbers a CPU, the second counts packets dropped. */
function softnet(line: string, take: Take): boolean {
  const values = line.split(/\s+/);
  if (values.length < 9 || values.length > 15 || !values.every(isHex)) return false;
  take('softnet dropped', Number.parseInt(values[1], 16));
  return true;
}
