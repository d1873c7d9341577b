// The fitness check (PRODUCT.md 7): what these captures can't show, said before any verdict is drawn from them. fitness-counts.ts counts.
import { formatDuration } from '../../base/time';
import type { CaptureSummary } from '../../model/capture';
import type { FitnessCode, FitnessFinding } from '../../model/fitness';
import type { Correlation } from '../correlate';
import { captureName } from '../input/input';
import { findFilters } from './capture-filters';
import { type CaptureCounts, countFitness, EDGE_NS, type FitnessCounts } from './fitness-counts';

/** What must be met before a thing is said, each with its ground. */
const LEAST = {
  /** A packet or two at either end may be on the way while tcpdump starts or stops. */
  edgePackets: 3,
  /** More than this share of a capture's packets outside its span: verdicts lack more than a beginning. */
  edgeShare: 0.05,
  /** Packets passing in one silence: by chance, at a miss rate of a few per cent, that many in a row do not happen. */
  gapPackets: 8,
  missedPackets: 3,
  /** Share of unseen packets from which on losses can't be told from misses. */
  missedShare: 0.005,
  /** Connections that show one way before it is taken for the way things are. */
  oneWay: 3,
  /** Share of a capture's frames that may be cut before it matters. */
  cutShare: 0.01,
  hiddenPackets: 5,
  /** One is enough: the file itself says what it was asked for. */
  hiddenConnections: 1,
} as const;

/** Pairs of captures told one by one. */
const PAIRS_TOLD = 6;

/** Yields 0 … 1. Findings in the order of FITNESS_CODES, then of their captures. */
export function* checkFitness(
  correlation: Correlation,
): Generator<number, readonly FitnessFinding[]> {
  const counts = yield* countFitness(correlation);
  const report = new FitnessReport(correlation, counts);
  return report.findings();
}

class FitnessReport {
  private readonly told: FitnessFinding[] = [];

  constructor(
    private readonly correlation: Correlation,
    private readonly counts: FitnessCounts,
  ) {}

  findings(): readonly FitnessFinding[] {
    const { captures } = this.correlation.input;
    // A series is one capture, told by its first file.
    const each = captures.flatMap(({ summary, lead }, index) =>
      summary.frames > 0 && lead === index ? [index] : [],
    );
    this.tellSameFrames();
    if (each.length > 1)
      for (const index of each)
        if (this.counts.captures[index].shared === 0)
          this.tell(
            'nothing-in-common',
            'warning',
            [index],
            0,
            `${this.file(index)} shares no packet with any other capture: nothing joins it to them.`,
          );
    this.tellSpansApart(each);
    for (const index of each) this.tellEdges(index);
    for (const index of each) this.tellUnseen(index);
    for (const index of each) this.tellDrops(index);
    for (const index of each) this.tellHeadersCut(index);
    this.tellPayloadsCut(each);
    this.tellDirections(each);
    for (const index of each) this.tellHidden(index);
    for (const index of each) this.tellFilters(index);
    this.tellClocks();
    return this.told;
  }

  private tellSameFrames(): void {
    const { captures } = this.correlation.input;
    const byFingerprint = new Map<string, number[]>();
    captures.forEach(({ summary: { fingerprint, frames } }, index) => {
      if (frames > 0)
        byFingerprint.set(fingerprint, [...(byFingerprint.get(fingerprint) ?? []), index]);
    });
    for (const same of byFingerprint.values())
      if (same.length > 1)
        this.tell(
          'same-frames',
          'warning',
          same.map((index) => captures[index].lead),
          captures[same[0]].summary.frames,
          `${listed(same.map((index) => fileName(captures[index].file)))} hold the very same frames: one point, given more than once.`,
        );
  }

  private tellSpansApart(each: readonly number[]): void {
    const pairs = each
      .flatMap((a) => each.map((b) => [a, b] as const))
      .map(([a, b]) => ({
        a,
        b,
        apart: this.counts.captures[b].first - this.counts.captures[a].last,
      }))
      .filter(({ a, b, apart }) => a !== b && apart > 0);
    for (const { a, b, apart } of pairs.slice(0, PAIRS_TOLD))
      this.tell(
        'spans-apart',
        'warning',
        [a, b],
        0,
        `${this.file(a)} ends ${formatDuration(apart)} before ${this.file(b)} begins${this.comparable(a, b) ? '' : ', each by its own clock'}: they have no moment in common, and what one shows says nothing about the other.`,
      );
    const rest = pairs.slice(PAIRS_TOLD);
    if (rest.length > 0)
      this.tell(
        'spans-apart',
        'warning',
        [...new Set(rest.flatMap(({ a, b }) => [a, b]))],
        rest.length,
        `${rest.length} more pairs of captures have no moment in common.`,
      );
  }

  private tellEdges(index: number): void {
    const { early, late, seen, first, last } = this.counts.captures[index];
    const severity = (count: number): 'note' | 'warning' =>
      count > LEAST.edgeShare * (seen + count) ? 'warning' : 'note';
    const { begin, end } = this.widestSpan(index);
    if (early >= LEAST.edgePackets)
      this.tell(
        'late-start',
        severity(early),
        [index],
        early,
        `${this.file(index)} has its first frame ${formatDuration(first - begin)} after the earliest capture: ${packets(early)} that others saw, and whose like come to it, ran before. Whether they reached it is not known.`,
      );
    if (late >= LEAST.edgePackets)
      this.tell(
        'early-end',
        severity(late),
        [index],
        late,
        `${this.file(index)} has its last frame ${formatDuration(end - last)} before the latest capture ends: ${packets(late)} that others saw, and whose like come to it, ran after. Whether they reached it is not known.`,
      );
  }

  /** First and last moment of the captures whose clocks compare with this one's. */
  private widestSpan(index: number): { begin: number; end: number } {
    const near = this.counts.captures.filter(
      (_, other) =>
        this.correlation.input.captures[other].summary.frames > 0 &&
        (other === index || this.comparable(other, index)),
    );
    return {
      begin: Math.min(...near.map(({ first }) => first)),
      end: Math.max(...near.map(({ last }) => last)),
    };
  }

  private tellUnseen(index: number): void {
    const counts = this.counts.captures[index];
    let inGaps = 0;
    for (const { from, to, missed } of findGaps(counts)) {
      inGaps += missed;
      this.tell(
        'gap',
        'warning',
        [index],
        missed,
        `${this.file(index)} has no frame for ${formatDuration(to - from)} while ${packets(missed)} passed it, seen before and behind: a part of the capture is absent.`,
      );
    }
    const missed = counts.missed - inGaps;
    if (missed < LEAST.missedPackets) return;
    const share = missed / (counts.seen + missed);
    this.tell(
      'capture-misses',
      share >= LEAST.missedShare ? 'warning' : 'note',
      [index],
      missed,
      `${this.file(index)} missed ${packets(missed)} (${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %) that were seen or acknowledged behind it: the network carried them. That a packet is absent there is no proof that it was lost.`,
    );
  }

  private tellDrops(index: number): void {
    const dropped = this.sum(index, ({ dropped }) => dropped ?? 0);
    const frames = this.frames(index);
    if (dropped === 0) return;
    this.tell(
      'drops',
      'warning',
      [index],
      dropped,
      `${this.file(index)} says that ${packets(dropped)} were dropped while it was taken (${frames} frames were kept): absent there need not mean lost.`,
    );
  }

  private tellHeadersCut(index: number): void {
    const frames = this.frames(index);
    const { headersCut } = this.counts.captures[index];
    if (headersCut > LEAST.cutShare * frames)
      this.tell(
        'headers-cut',
        'warning',
        [index],
        headersCut,
        `${headersCut} of ${frames} frames of ${this.file(index)} are cut within their headers: ports and sequence numbers are not in the file, and these packets can't be found at other points. Take at least 128 bytes of each, 192 inside tunnels.`,
      );
  }

  /** One snapshot length, as a rule, for all captures: told once. */
  private tellPayloadsCut(each: readonly number[]): void {
    const cutOf = (index: number): number => this.counts.captures[index].payloadCut;
    const cut = each.filter((index) => cutOf(index) > LEAST.cutShare * this.frames(index));
    if (cut.length === 0) return;
    const total = cut.reduce((sum, index) => sum + cutOf(index), 0);
    this.tell(
      'payload-cut',
      'note',
      cut,
      total,
      `${listed(cut.map((index) => this.file(index)))}: ${packets(total)} without TCP timestamps ${total === 1 ? 'is' : 'are'} cut before the end of what a payload is known by. They are told apart by lengths, IP IDs and order alone.`,
    );
  }

  private tellDirections(each: readonly number[]): void {
    const { lively, oneWayEverywhere } = this.counts;
    if (oneWayEverywhere > 0 && oneWayEverywhere * 2 > lively) {
      this.tell(
        'answers-missing',
        'warning',
        each,
        oneWayEverywhere,
        `${oneWayEverywhere} of ${lively} TCP connections with several packets show one direction only, at every point: a filter names one direction, or the other takes a way where nothing was captured.`,
      );
      return;
    }
    for (const index of each) {
      const { oneWay, bothWays } = this.counts.captures[index];
      if (oneWay < LEAST.oneWay || bothWays > 0) continue;
      this.tell(
        'one-way',
        'note',
        [index],
        oneWay,
        `${this.file(index)} shows one direction of all ${oneWay} TCP connections that others show both ways: the answers take another way, or a filter left them out. An answer absent there is no loss.`,
      );
    }
  }

  private tellHidden(index: number): void {
    const { hidden, leaving, hiddenPoints } = this.counts.captures[index];
    if (hidden < LEAST.hiddenPackets || leaving * 10 > hidden) return;
    this.tell(
      'translation-hidden',
      'warning',
      [index],
      hidden,
      `${this.file(index)} was taken on all interfaces: ${packets(hidden)} come in there and are seen translated or routed behind the host, but never leaving it. A filter on an address, such as a service's, hides what was translated: take it without one.`,
      [...hiddenPoints],
    );
  }

  private tellFilters(index: number): void {
    for (const { text, hidden } of findFilters(this.correlation, index))
      this.tell(
        'filtered',
        hidden >= LEAST.hiddenConnections ? 'warning' : 'note',
        [index],
        hidden,
        hidden >= LEAST.hiddenConnections
          ? `${this.file(index)} was taken with the filter “${text}”, which names an address that is translated: ${hidden === 1 ? 'a connection goes' : `${hidden} connections go`} on under other addresses, and packets that bear them never came into the file. Take it without the filter.`
          : `${this.file(index)} was taken with the filter “${text}”: what it leaves out is absent there, and is no loss.`,
      );
  }

  private tellClocks(): void {
    const { hosts } = this.correlation.clocks;
    for (const state of ['unknown', 'one-way'] as const)
      for (const host of hosts) {
        const captures = host.captures.filter((index) => {
          const { summary, lead } = this.correlation.input.captures[index];
          return summary.frames > 0 && lead === index;
        });
        if (host.state !== state || captures.length === 0) continue;
        const files = listed(captures.map((index) => this.file(index)));
        this.tell(
          state === 'unknown' ? 'clock-unknown' : 'clock-one-way',
          state === 'unknown' ? 'warning' : 'note',
          captures,
          host.samples,
          state === 'unknown'
            ? `The clock of ${files} can't be compared with the others': no packet ties it to them. Times there stand as they were written.`
            : `The clock of ${files} is known from packets of one direction only: its offset may be off by as long as they took, and no latency to or from there is told.`,
        );
      }
  }

  private comparable(a: number, b: number): boolean {
    return this.correlation.clocks.comparable(a, b);
  }

  private file(index: number): string {
    return captureName(this.correlation.input, index);
  }

  private frames(index: number): number {
    return this.sum(index, ({ frames }) => frames);
  }

  /** Over the files of the capture. */
  private sum(index: number, of: (summary: CaptureSummary) => number): number {
    const { captures } = this.correlation.input;
    return captures[index].members.reduce((sum, member) => sum + of(captures[member].summary), 0);
  }

  private tell(
    code: FitnessCode,
    severity: 'note' | 'warning',
    captures: readonly number[],
    count: number,
    text: string,
    only?: readonly number[],
  ): void {
    const { points, captures: files } = this.correlation.input;
    const about = new Set(captures.flatMap((index) => files[index].members));
    this.told.push({
      code,
      severity,
      captures: [...about].sort((a, b) => a - b).map((index) => `c${index + 1}`),
      points: points.flatMap(({ id, capture }, point) =>
        (only === undefined ? about.has(capture) : only.includes(point)) ? [id] : [],
      ),
      count,
      text,
    });
  }
}

interface Gap {
  readonly from: number;
  readonly to: number;
  readonly missed: number;
}

/** Silences of a capture in which packets passed it. */
function findGaps({ silences, missedTimes }: CaptureCounts): readonly Gap[] {
  const times = [...missedTimes].sort((a, b) => a - b);
  let at = 0;
  return silences
    .map(([from, to]): Gap => {
      while (at < times.length && times[at] < from - EDGE_NS) at += 1;
      const first = at;
      while (at < times.length && times[at] < to + EDGE_NS) at += 1;
      return { from, to, missed: at - first };
    })
    .filter(({ missed }) => missed >= LEAST.gapPackets);
}

const fileName = (file: string): string => file.replace(/^.*[\\/]/, '');

const packets = (count: number): string => (count === 1 ? 'one packet' : `${count} packets`);

const listed = (names: readonly string[]): string =>
  names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
