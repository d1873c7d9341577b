// Which captures share a host, in words: for the command line, the page, the report and the roles of points.
import { formatDuration } from '../base/time';
import type { HostSharing } from './connection';

/** `one host, certain: packets both ways leave their clocks no room to differ` */
export function describeSharing({ confidence, apartNs }: HostSharing): string {
  if (confidence === 'certain')
    return 'one host, certain: packets both ways leave their clocks no room to differ';
  if (confidence === 'by-hand' && apartNs === 0) return 'one host, as said by hand';
  const ground = confidence === 'by-hand' ? 'as said by hand' : 'likely';
  return apartNs === null
    ? `one host, ${ground}: their clocks agree as far as packets tell, and nothing bounds by how much they may differ`
    : `one host, ${ground}: by the packets their clocks differ by ${formatDuration(apartNs)} at most`;
}
