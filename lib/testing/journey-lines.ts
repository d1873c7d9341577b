// Journeys as lines that a test reads like a table: `udp 10.0.0.1:53>10.0.0.2:53 in#1 out#1 delivered`, in order of time.
import type { AnalysisView } from '../model/analysis-view';
import { FATES } from '../model/fate';
import { JOURNEY_AMBIGUOUS, JOURNEY_BYTES } from '../model/journey-window';

/** A line a journey of all connections: protocol, sightings with the journey's bytes where it has any, fate, and whether it is ambiguous. */
export function journeyLines(view: AnalysisView): string[] {
  const window = view.journeysOf(view.connections.map((_, index) => index));
  const { journeys, journeyCount, sightings, files } = window;
  return Array.from({ length: journeyCount }, (_, j) => {
    const seen = Array.from({ length: journeys.sightingCount[j] }, (_, k) => {
      const s = journeys.firstSighting[j] + k;
      return `${files[sightings.capture[s]].replace(/\.pcap(ng)?$/, '')}#${sightings.frame[s]}`;
    });
    const bytes =
      journeys.flags[j] & JOURNEY_BYTES ? [`${journeys.byteStart[j]}-${journeys.byteEnd[j]}`] : [];
    const ambiguous = journeys.flags[j] & JOURNEY_AMBIGUOUS ? ['ambiguous'] : [];
    const { protocol } = view.connections[journeys.connection[j]];
    const way = journeys.direction[j] === 0 ? '>' : '<';
    return [protocol, way, ...bytes, ...seen, FATES[journeys.fate[j]], ...ambiguous].join(' ');
  });
}
