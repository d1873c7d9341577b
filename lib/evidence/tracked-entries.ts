// Entries of connection tracking out of `conntrack -L`, /proc/net/nf_conntrack and `ovs-appctl dpctl/dump-conntrack`: who asked for what, and under which
// addresses the answer is expected. Several dumps in one file, each behind its line of `date`, are told apart by their moment.
import type { TrackedEntry } from '../model/evidence';
import { parseDate } from './dated-lines';

/** A node with its table full has 262,144 by default; more are not looked at. */
const MOST_ENTRIES = 300_000;

const LIST =
  /^(?:ipv[46]\s+\d+\s+)?(tcp|udp|sctp|dccp)\s+\d+\s+(?:(\d+)\s+)?(?:([A-Z][A-Z_0-9]*)\s+)?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) (?:packets=\d+ bytes=\d+ )?(?:\[UNREPLIED\] )?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/;
const DATAPATH =
  /^(tcp|udp|sctp),orig=\(src=([^,)]+),dst=([^,)]+),sport=(\d+),dport=(\d+)[^)]*\),reply=\(src=([^,)]+),dst=([^,)]+),sport=(\d+),dport=(\d+)/;
const STATE = /protoinfo=\(state=([A-Z_0-9]+)/;

/** In the order of the text; empty where it holds none. */
export function parseTrackedEntries(text: string): readonly TrackedEntry[] {
  const entries: TrackedEntry[] = [];
  let timeMs: number | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const dated = parseDate(line);
    if (dated !== undefined) timeMs = dated;
    const found = parseEntry(line);
    if (found !== undefined) entries.push({ line: index + 1, timeMs, ...found });
    if (entries.length >= MOST_ENTRIES) break;
  }
  return entries;
}

function parseEntry(line: string): Omit<TrackedEntry, 'line' | 'timeMs'> | undefined {
  const list = LIST.exec(line);
  if (list !== null) {
    const [, protocol, , state, ...ends] = list;
    return { protocol, state: state ?? null, ...tuplesOf(ends) };
  }
  const datapath = DATAPATH.exec(line);
  if (datapath === null) return undefined;
  const [, protocol, ...ends] = datapath;
  return { protocol, state: STATE.exec(line)?.[1] ?? null, ...tuplesOf(ends) };
}

/** Source, destination and ports, of the first packet and of its answer. */
function tuplesOf(ends: readonly string[]): Pick<TrackedEntry, 'original' | 'reply'> {
  const [source, destination, sport, dport, from, to, fromPort, toPort] = ends;
  return {
    original: { client: endpoint(source, sport), server: endpoint(destination, dport) },
    reply: { client: endpoint(to, toPort), server: endpoint(from, fromPort) },
  };
}

const endpoint = (address: string, port: string): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
