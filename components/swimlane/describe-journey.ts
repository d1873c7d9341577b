// A journey in words: what the tooltip shows and a screen reader says of the line that others see.
import { absoluteNanoseconds, formatUtc } from '@/lib/base/time';
import { FATES, fateReasonText } from '@/lib/model/fate';
import { JOURNEY_AMBIGUOUS } from '@/lib/model/journey-window';
import { findRestorationFaults } from '@/lib/model/restoration';
import { deriveRewrites, journeyOfSighting, type Rewrite } from '@/lib/model/rewrites';
import { restorationTexts, translationTexts } from '@/lib/scene/badges';
import { formatTime, labelTexts } from '@/lib/scene/draw-labels';
import type { SceneLayout } from '@/lib/scene/layout';

/** `0.000380 s, [S.] seq …, reply, delivered: seen …; un-DNAT …`. */
export function describeJourney(layout: SceneLayout, journey: number): string {
  const { window, points } = layout.input;
  const { journeys, sightings } = window;
  const first = journeys.firstSighting[journey];
  const end = first + journeys.sightingCount[journey];
  const way: string[] = [];
  const translations: string[] = [];
  for (let row = first; row < end && sightings.branch[row] === 0; row++) {
    way.push(points[sightings.point[row]]?.name ?? '');
    if (row > first)
      translations.push(
        ...translationTexts(window, row - 1, row, journeys.direction[journey]).slice(0, 1),
      );
  }
  const fault = faultText(layout, journey);
  return [
    `${formatTime(layout, layout.facts.startNs[journey])} s`,
    labelTexts(layout, journey)[0],
    journeys.direction[journey] === 0 ? 'forward' : 'reverse',
    `seen at ${way.join(', ')}`,
    `${fateText(layout, journey)}`,
    ...translations,
    ...(fault === undefined ? [] : [fault]),
  ].join(' · ');
}

export interface SightingWords {
  readonly frame: string;
  readonly time: string;
  readonly label: string;
  readonly tuple: string;
  readonly fate: string;
  readonly fault: string | undefined;
  /** Against the sighting before on the way; empty at the first. */
  readonly rewrites: readonly Rewrite[];
}

export function describeSighting(layout: SceneLayout, sighting: number): SightingWords {
  const { window } = layout.input;
  const { sightings, journeys, strings } = window;
  const journey = journeyOfSighting(window, sighting);
  const isFirst = journeys.firstSighting[journey] === sighting;
  const time = BigInt(absoluteNanoseconds(BigInt(window.baseTime), sightings.time[sighting]));
  return {
    frame: `${window.files[sightings.capture[sighting]]} #${sightings.frame[sighting]}`,
    time: formatUtc(time).slice(11),
    label: labelTexts(layout, journey)[0],
    tuple: `${strings[sightings.source[sighting]]} → ${strings[sightings.destination[sighting]]}`,
    fate: fateText(layout, journey),
    fault: faultText(layout, journey),
    rewrites:
      isFirst || sightings.branch[sighting] !== 0
        ? []
        : deriveRewrites(window, sighting - 1, sighting),
  };
}

function fateText(layout: SceneLayout, journey: number): string {
  const { fate, reason, flags } = layout.input.window.journeys;
  return [
    `${FATES[fate[journey]]}: ${fateReasonText(reason[journey])}`,
    flags[journey] & JOURNEY_AMBIGUOUS ? 'one of several packets alike' : '',
  ]
    .filter((text) => text !== '')
    .join('; ');
}

function faultText(layout: SceneLayout, journey: number): string | undefined {
  const { window } = layout.input;
  const summary = layout.summaries[window.journeys.connection[journey]];
  const clientPoint = layout.pointIndex.get(summary?.points[0] ?? '');
  if (summary === undefined || clientPoint === undefined) return undefined;
  return restorationTexts(
    findRestorationFaults(window, journey, summary.client, summary.server, clientPoint),
  )[0];
}
