// Counters collected beside the captures, held against the findings: one that rises while the connections concerned were there speaks for its cause,
// one that was watched and stood still speaks against.
import { formatUtc } from '../base/time';
import type { CounterSample, CounterSeries, Evidence } from '../model/evidence';
import type { Finding } from '../model/finding';
import type { CaseFacts } from './facts';
import { THRESHOLDS } from './thresholds';

interface Speaking {
  /** Counters that count up where the finding's cause is at work. */
  readonly counters: RegExp;
  /** What a rise means, and what a standstill. */
  readonly rises: string;
  readonly still: string;
  /** What a standstill takes from the confidence; 0: the finding stands without that cause. */
  readonly takes: number;
}

const INVALID = /^conntrack invalid$|ct_state=\S*\+inv/;

const SPEAKING: Readonly<Record<string, Speaking>> = {
  'tuple-collision': {
    counters: /^conntrack (insert_failed|drop)$|ct_state=\S*\+inv/,
    rises: 'connection tracking refuses packets, as it does where a tuple is taken',
    still:
      'connection tracking that these counters speak of refused nothing; another one (of the switch, in user space) may have',
    takes: 0,
  },
  'dns-retry': {
    counters: /^conntrack (insert_failed|clashres|clash_resolve)$/,
    rises: 'connection tracking lost insertions: the race of two queries on one socket',
    still: 'no insertion failed: what lost the query is not the race of connection tracking',
    takes: 0,
  },
  'snat-port-race': {
    counters: /^conntrack (insert_failed|drop)$/,
    rises: 'connection tracking lost insertions, one for each port that was taken twice',
    still: 'no insertion failed, as one must for each port that is taken twice',
    takes: 0.2,
  },
  'snat-port-exhaustion': {
    counters: /^conntrack (insert_failed|drop)$/,
    rises: 'connection tracking found no port',
    still: 'connection tracking dropped nothing',
    takes: 0.2,
  },
  'conntrack-table-full': {
    counters: /^conntrack (drop|early_drop)$/,
    rises: 'connection tracking dropped packets, as it does where its table is full',
    still: 'connection tracking dropped nothing',
    takes: 0.2,
  },
  'untranslated-segment-reset': {
    counters: INVALID,
    rises: 'connection tracking took packets for invalid, and does not translate such',
    still: 'connection tracking took no packet for invalid',
    takes: 0.1,
  },
  'lost-fin': {
    counters: INVALID,
    rises: 'connection tracking took packets for invalid',
    still: 'connection tracking took no packet for invalid',
    takes: 0,
  },
  'bad-checksum-drop': {
    counters: /^(Tcp|Udp)InCsumErrors$|^conntrack invalid$/,
    rises: 'packets with a wrong checksum were thrown away',
    still: 'nobody counted a wrong checksum',
    takes: 0.2,
  },
  'outer-checksum-drop': {
    counters: /^UdpInCsumErrors$/,
    rises: 'datagrams with a wrong checksum were thrown away',
    still: 'nobody counted a wrong checksum',
    takes: 0.1,
  },
  'listen-queue-overflow': {
    counters: /^TcpExtListen(Overflows|Drops)$/,
    rises: 'the accept queue overflowed',
    still: 'no accept queue overflowed',
    takes: 0.3,
  },
  'reverse-path-drop': {
    counters: /^TcpExtIPReversePathFilter$/,
    rises: 'the reverse-path filter dropped packets',
    still: 'the reverse-path filter dropped nothing',
    takes: 0.3,
  },
  'timestamp-rejected-syn': {
    counters: /^TcpExtPAWSPassive\w*$/,
    rises: 'SYNs were refused for their timestamps',
    still: 'no SYN was refused for its timestamp',
    takes: 0.3,
  },
  'backlog-drop': {
    counters: /^softnet dropped$/,
    rises: 'the backlog of a processor overflowed',
    still: 'no backlog overflowed',
    takes: 0.3,
  },
  'mtu-black-hole': {
    counters: /^Ip(Ext)?FragFails$/,
    rises: 'the host refused to fragment packets that were too large',
    still: 'the host whose counters these are refused no packet for its size',
    takes: 0,
  },
  'steady-drop': {
    counters: /^flow .*actions=drop$/,
    rises: 'the switch drops by this flow',
    still: 'no flow of the switch dropped anything',
    takes: 0.1,
  },
  'foreign-domain-reply-drop': {
    counters: /^flow .*actions=drop$/,
    rises: 'the switch drops by this flow',
    still: 'no flow of the switch dropped anything',
    takes: 0.2,
  },
  'path-loss': {
    counters: /^flow .*actions=drop$|^softnet dropped$/,
    rises: 'packets were dropped here',
    still: 'nothing was dropped where these counters count',
    takes: 0,
  },
};

/** What a rise adds to a verdict, and to a consideration, which it takes above what packets alone allow. */
const ADDS = 0.05;
const ADDS_TO_NOTE = 0.3;
const MOST_OF_NOTE = 0.85;

/** The finding with what the evidence says of it; itself where that is nothing. */
export function weighEvidence(
  facts: CaseFacts,
  finding: Finding,
  evidence: readonly Evidence[],
): Finding {
  const speaking = SPEAKING[finding.rule];
  if (speaking === undefined || evidence.length === 0) return finding;
  const span = spanOf(facts, finding);
  const watched = evidence
    .flatMap((one) =>
      one.kind === 'counters' ? one.series.map((series) => ({ file: one.file, series })) : [],
    )
    .filter(({ series }) => speaking.counters.test(series.name))
    .flatMap(({ file, series }) => {
      const change = changeWithin(series, span);
      return change === undefined ? [] : [{ file, name: series.name, ...change }];
    });
  if (watched.length === 0) return finding;
  const risen = watched.filter(({ first, last }) => last.value > first.value);
  const speaks = risen.length > 0 ? 'for' : 'against';
  const told = (risen.length > 0 ? risen : watched).map(({ file, name, first, last }) => ({
    file,
    line: last.line,
    text: sentence(name, first, last, risen.length > 0 ? speaking.rises : speaking.still),
    speaks,
  })) satisfies Finding['evidence'];
  const isNote = finding.severity === 'note';
  const by = risen.length > 0 ? (isNote ? ADDS_TO_NOTE : ADDS) : -speaking.takes;
  const confidence = Math.min(
    isNote ? MOST_OF_NOTE : 0.99,
    Math.max(0.05, finding.confidence + by),
  );
  return {
    ...finding,
    confidence: Math.round(confidence * 100) / 100,
    grounds: [...finding.grounds, { text: groundText(risen.length > 0, by), speaks }],
    evidence: [...finding.evidence, ...told],
  };
}

const groundText = (isRising: boolean, by: number): string =>
  isRising
    ? 'A counter collected beside the captures rises with it.'
    : `Counters collected beside the captures stand still${by === 0 ? ', which leaves other causes' : ''}.`;

/** From the first to the last packet of the finding's connections, milliseconds since 1970; null: it has none. */
function spanOf(facts: CaseFacts, finding: Finding): readonly [number, number] | null {
  const ids = new Set(finding.connections);
  const concerned = facts.connections.filter(({ id }) => ids.has(id));
  if (concerned.length === 0) return null;
  const base = Number(facts.baseTime / 1_000_000n);
  return [
    base + Math.min(...concerned.map(({ firstTime }) => firstTime)) / 1e6,
    base + Math.max(...concerned.map(({ lastTime }) => lastTime)) / 1e6,
  ];
}

/**
 * The last sample before the span and the first behind it; undefined: fewer than two, or all of another time. A counter that is 0 at the end
 * has never risen, with nothing before it to compare.
 */
function changeWithin(
  { samples }: CounterSeries,
  span: readonly [number, number] | null,
): { readonly first: CounterSample; readonly last: CounterSample } | undefined {
  const slack = THRESHOLDS.sampleSlackMs;
  const end = samples[samples.length - 1];
  const isBehind = span === null || end.timeMs === null || end.timeMs >= span[1] - slack;
  if (end.value === 0 && isBehind) return { first: end, last: end };
  let [from, to] = [0, samples.length - 1];
  if (span !== null && samples.every(({ timeMs }) => timeMs !== null)) {
    while (from + 1 < samples.length && samples[from + 1].timeMs! <= span[0] - slack) from += 1;
    while (to > 0 && samples[to - 1].timeMs! >= span[1] + slack) to -= 1;
    if (samples[to].timeMs! < span[0] - slack || samples[from].timeMs! > span[1] + slack)
      return undefined;
  }
  return to > from ? { first: samples[from], last: samples[to] } : undefined;
}

function sentence(name: string, first: CounterSample, last: CounterSample, means: string): string {
  if (first === last)
    return `${name} is 0${last.timeMs === null ? '' : ` at ${utcSecond(last.timeMs)} UTC`} and has never risen: ${means}.`;
  const when =
    first.timeMs === null || last.timeMs === null
      ? 'from its first sample to its last'
      : `from ${utcSecond(first.timeMs)} to ${utcSecond(last.timeMs)} UTC`;
  return last.value > first.value
    ? `${name} rises by ${last.value - first.value}, to ${last.value}, ${when}: ${means}.`
    : `${name} stands still at ${last.value} ${when}: ${means}.`;
}

const utcSecond = (timeMs: number): string =>
  formatUtc(BigInt(Math.round(timeMs)) * 1_000_000n).slice(0, 19);
