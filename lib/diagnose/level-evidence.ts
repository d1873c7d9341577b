// Levels collected beside the captures: how full the table of connection tracking was, how busy the processors.
import type { Evidence } from '../model/evidence';
import type { Finding } from '../model/finding';
import { atMoment, type LevelSample, levelsWithin, type Span } from './counter-facts';
import type { Testimony } from './testimony';
import { THRESHOLDS } from './thresholds';

/** What levels say of the finding's cause. */
export function levelsSay(
  { rule }: Finding,
  evidence: readonly Evidence[],
  span: Span,
): readonly Testimony[] {
  if (rule === 'conntrack-table-full') return tableSays(evidence, span) ?? [];
  if (rule === 'backlog-drop' || rule === 'upcall-delay') return loadSays(evidence, span) ?? [];
  return [];
}

function tableSays(evidence: readonly Evidence[], span: Span): readonly Testimony[] | undefined {
  const counts = levelsWithin(evidence, /^conntrack count$/, span);
  const limit = levelsWithin(evidence, /^conntrack max$/, span).at(0);
  if (counts.length === 0 || limit === undefined || limit.value === 0) return undefined;
  const highest = counts.reduce((most, one) => (one.value > most.value ? one : most));
  const share = highest.value / limit.value;
  const isFull = share >= THRESHOLDS.tableFullShare;
  const isRoomy = share <= THRESHOLDS.tableRoomyShare;
  if (!isFull && !isRoomy) return undefined;
  return [
    testimony(highest, isFull, {
      takes: 0.3,
      ground: isFull
        ? 'The table of connection tracking was full, as was logged beside the captures.'
        : 'The table of connection tracking had room, as was logged beside the captures.',
      text: `nf_conntrack_count is ${highest.value} of ${limit.value} at most${atMoment(highest.timeMs)}: ${isFull ? 'no room for a new entry' : 'the table is not full'}.`,
    }),
  ];
}

function loadSays(evidence: readonly Evidence[], span: Span): readonly Testimony[] | undefined {
  const idle = levelsWithin(evidence, /^cpu \d+ %idle$/, span);
  if (idle.length === 0) return undefined;
  const busiest = idle.reduce((least, one) => (one.value < least.value ? one : least));
  const isBusy = busiest.value <= THRESHOLDS.busyIdlePercent;
  const [, cpu] = busiest.name.split(' ');
  // mpstat writes local times without their zone.
  const isUndated = busiest.timeMs === null;
  return [
    testimony(busiest, isBusy, {
      takes: 0.1,
      isUndated,
      ground: `${isBusy ? 'A processor had nothing left' : 'No processor was near its limit'}, as was logged beside the captures${isUndated ? '; the log does not say in which zone its times are, so that it may be of another moment' : ''}.`,
      text: `Processor ${cpu} is ${busiest.value} % idle${atMoment(busiest.timeMs)}, the least of ${idle.length} samples: ${isBusy ? 'packets wait for it' : 'none was short of time'}.`,
    }),
  ];
}

const testimony = (
  { file, line }: LevelSample,
  isFor: boolean,
  {
    text,
    takes,
    ground,
    isUndated = false,
  }: { text: string; takes: number; ground: string; isUndated?: boolean },
): Testimony => {
  const speaks = isFor ? 'for' : 'against';
  return { speaks, takes, ground, isUndated, told: [{ file, line, text, speaks }] };
};
