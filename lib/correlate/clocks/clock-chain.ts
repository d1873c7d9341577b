// A host's clock from that of a host whose clock is known and the offset between the two. Where a clock stepped, some of its times may be of either
// side of the step (and of a clock that steps back, times come twice): there the bound holds every line that may be meant.
import { type Bound, type Sample, unbound } from './clock-bounds';
import { ALWAYS, type OffsetSegment } from './clock-segments';
import { boundOf, type ClockLine, offsetOf, type SolvedHost } from './clocks';

/** So long before the first sample and after the last one, or for this part of the time between them, a clock is taken to run on as it did: steps are seldom. */
const REACH_NS = 60e9;
const REACH_SHARE = 1 / 16;

/** The same with the time far from all samples cut off: nothing bounds the lines there. */
export function withinReach(
  segments: readonly OffsetSegment[],
  samples: readonly Sample[],
): readonly OffsetSegment[] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of samples) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const reach = Math.max(REACH_NS, (last - first) * REACH_SHARE);
  const [begin, end] = [first - reach, last + reach];
  const [head, tail] = [segments[0], segments[segments.length - 1]];
  const inner = segments.map((segment, index) => ({
    ...segment,
    ...(index === 0 ? { from: begin, firstSure: begin } : {}),
    ...(index === segments.length - 1 ? { lastSure: end } : {}),
  }));
  return [
    { ...unbound(head), ...ALWAYS, lastSure: begin },
    ...inner,
    { ...unbound(tail), ...ALWAYS, from: end, firstSure: end },
  ];
}

/** A line of a clock, and between which of its own times it may hold, and surely does. */
interface SpannedLine extends ClockLine {
  readonly may: readonly [from: number, to: number];
  readonly does: readonly [from: number, to: number];
}

/**
 * Lines of the far host's clock, in order of its own time. `slack`: ns that the offset may be off by besides. `disorder`: how far its captures have
 * frames behind later ones: its times come twice within so much, and no more; Infinity where it was set back.
 */
export function chainClock(
  known: Pick<SolvedHost, 'segments'>,
  offsets: readonly OffsetSegment[],
  slack: number,
  disorder: number,
): readonly ClockLine[] {
  return layOut(
    offsets.flatMap((segment, index) =>
      spannedLines(known, offsets, segment, index, { slack, disorder }),
    ),
  );
}

/** A line for each line of the near clock that the segment reaches over. */
function spannedLines(
  { segments: near }: Pick<SolvedHost, 'segments'>,
  offsets: readonly OffsetSegment[],
  segment: OffsetSegment,
  index: number,
  { slack, disorder }: { readonly slack: number; readonly disorder: number },
): SpannedLine[] {
  const [before, behind] = [offsets[index - 1], offsets[index + 1]];
  const begin = Math.min(before?.lastSure ?? segment.firstSure, segment.firstSure);
  const end = Math.max(behind?.firstSure ?? segment.lastSure, segment.lastSure);
  // It may have been the near clock that stepped, and that between two packets: all that time either line may hold.
  const earliest = before === undefined ? begin : showsBy(before, begin);
  const latest = behind === undefined ? end : showsBy(behind, end);
  return near.flatMap((line, place): SpannedLine[] => {
    // Where the near clock's own line changes, the link's goes on: what is unsure there stands in the near clock's bounds.
    const nearEnd = near[place + 1]?.from ?? Number.POSITIVE_INFINITY;
    const clip = (from: number, to: number): readonly [number, number] => [
      showsBy(segment, Math.max(from, line.from)),
      showsBy(segment, Math.min(to, nearEnd)),
    ];
    const may = clip(begin, end);
    if (may[0] >= may[1]) return [];
    const from = segment.from >= line.from ? startOf(segment, before) : showsBy(segment, line.from);
    const does = clip(segment.firstSure, segment.lastSure);
    const wide = [
      Math.max(
        line.from <= begin ? Math.min(may[0], earliest) : may[0],
        (before?.farEnd ?? ALWAYS.farEnd) - disorder,
      ),
      Math.min(
        nearEnd >= end ? Math.max(may[1], latest) : may[1],
        (behind?.farBegin ?? ALWAYS.farBegin) + disorder,
      ),
    ] as const;
    return [{ ...chainLine(line, segment, slack), from, may: wide, does }];
  });
}

/** Where the far clock's times are taken to be of a segment: half way between what surely was before it, and what surely is of it. */
function startOf(segment: OffsetSegment, before: OffsetSegment | undefined): number {
  const [last, first] = [before?.farEnd ?? ALWAYS.farEnd, segment.farBegin];
  return Number.isFinite(first - last) && last <= first
    ? last + (first - last) / 2
    : showsBy(segment, segment.from);
}

/** What the far clock shows, while the segment holds, at a time of the near one. */
const showsBy = ({ offset, slope, epoch }: OffsetSegment, time: number): number =>
  Number.isFinite(time) ? time + offset + slope * (time - epoch) : time;

function chainLine(
  near: ClockLine,
  segment: OffsetSegment,
  slack: number,
): Omit<ClockLine, 'from'> {
  const { epoch, offset, slope, bound } = segment;
  const nearSlope = near.driftPpm * 1e-6;
  // The near clock is the far one's time less the offset: by the far one's time the offset grows a little slower.
  const perFar = slope / (1 + slope);
  return {
    epoch: epoch + offset,
    offsetNs: near.offsetNs + nearSlope * (epoch - near.epoch) + offset,
    driftPpm: (nearSlope * (1 - perFar) + perFar) * 1e6,
    ...(near.unsure ? { unsure: true as const } : {}),
    bounds: [
      ...near.bounds.map((other) => ({ ...other, epoch: other.epoch + offset })),
      { ...bound, epoch: bound.epoch + offset },
      ...(slack > 0 ? [steadyBound(slack)] : []),
    ],
  };
}

const steadyBound = (ns: number): Bound => ({ epoch: 0, lines: [{ offset: ns, slope: 0 }] });

/** What holds from each time on at which a line begins or ends to be possible, or sure. */
function layOut(lines: readonly SpannedLine[]): readonly ClockLine[] {
  if (lines.length === 1) return [{ ...bare(lines[0]), from: Number.NEGATIVE_INFINITY }];
  const marks = new Set([Number.NEGATIVE_INFINITY]);
  for (const { from, may, does } of lines)
    for (const time of [from, ...may, ...does]) if (Number.isFinite(time)) marks.add(time);
  const times = [...marks].sort((a, b) => a - b);
  const laid: { line: ClockLine; choice: SpannedLine; plain: boolean }[] = [];
  times.forEach((from, index) => {
    const to = times[index + 1] ?? Number.POSITIVE_INFINITY;
    const within = ([begin, end]: readonly [number, number]): boolean => begin < to && end > from;
    const possible = lines.filter(({ may }) => within(may));
    const last = laid[laid.length - 1];
    const choice = chosen(possible, from, within) ?? last?.choice ?? lines[0];
    const rivals = possible.filter((line) => line !== choice);
    const plain = rivals.length === 0 && possible.length > 0;
    if (plain && last?.plain && last.choice === choice) return;
    const unsure = plain ? {} : widened(choice, rivals, from, to);
    laid.push({ line: { ...bare(choice), ...unsure, from }, choice, plain });
  });
  return laid.map(({ line }) => line);
}

const bare = ({ may: _, does: __, ...line }: SpannedLine): ClockLine => line;

/** Of the lines that may hold: the last one that surely does, for times that come twice; else the last one that has begun. */
function chosen(
  possible: readonly SpannedLine[],
  time: number,
  within: (span: readonly [number, number]) => boolean,
): SpannedLine | undefined {
  const bounded = possible.filter((line) => Number.isFinite(boundOf(line, time)));
  const from = bounded.length > 0 ? bounded : possible;
  return (
    from.findLast(({ does }) => within(does)) ??
    from.findLast((line) => line.from <= time) ??
    from[0]
  );
}

/** Between two times, lines and bounds being straight or convex, the greatest error is at one of them. */
function widened(
  choice: ClockLine,
  rivals: readonly ClockLine[],
  from: number,
  to: number,
): Pick<ClockLine, 'bounds' | 'unsure'> {
  const ends = [from, to].filter(Number.isFinite);
  const errors = ends.flatMap((time) => [
    boundOf(choice, time),
    ...rivals.map(
      (rival) => Math.abs(offsetOf(rival, time) - offsetOf(choice, time)) + boundOf(rival, time),
    ),
  ]);
  const greatest = ends.length < 2 ? Number.POSITIVE_INFINITY : Math.max(...errors);
  return { bounds: [steadyBound(greatest)], unsure: true };
}
