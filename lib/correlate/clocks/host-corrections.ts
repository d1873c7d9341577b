// Captures that someone took out of the host that they were counted to, or put on one with others.
import type { HostCorrection } from '../../model/corrections';
import type { CorrelationCapture } from '../input/input';

/** By capture: the lowest one of its group, as corrected; files of one recording stay together. */
export function regroup(
  captures: readonly Pick<CorrelationCapture, 'lead' | 'summary'>[],
  groups: readonly number[],
  corrections: readonly HostCorrection[],
): readonly number[] {
  if (corrections.length === 0) return groups;
  const leadOf = (fingerprint: string): number | undefined =>
    captures.find(({ summary }) => summary.fingerprint === fingerprint)?.lead;
  // Marks are numbers of no capture, so that whoever is taken out of a group leaves it whole.
  const marks = groups.map((group) => group + captures.length);
  const move = (isMoved: (capture: number) => boolean, mark: number): void => {
    marks.forEach((_, capture) => {
      if (isMoved(capture)) marks[capture] = mark;
    });
  };
  corrections.forEach((correction, order) => {
    const lead = leadOf(correction.capture);
    if (lead === undefined) return;
    if (correction.kind === 'alone')
      move((capture) => captures[capture].lead === lead, (order + 2) * captures.length);
    else {
      const other = leadOf(correction.other);
      if (other === undefined) return;
      const [from, into] = [marks[lead], marks[other]];
      move((capture) => marks[capture] === from, into);
    }
  });
  return marks.map((mark) => marks.indexOf(mark));
}
