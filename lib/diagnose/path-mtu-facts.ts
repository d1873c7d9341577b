// Path MTU discovery as it should be: packets too large for a link are dropped, ICMP says so, and the sender makes them smaller (RFC 1191, RFC 8201).

import type { CaseFacts } from './facts';
import { icmpErrorsAbout } from './icmp-facts';
import type { LossFact } from './loss-facts';
import { firstSighting, lastSighting } from './packet-facts';
import { THRESHOLDS } from './thresholds';

/** IP and TCP headers without options: no packet is smaller than its payload and these. */
const LEAST_HEADERS = 40;
/** TCP options take no more. */
const MOST_OPTIONS = 40;

/** Whether the packet was lost for its size, its sender was told so, and its bytes arrived soon after: nothing is wrong then. */
export function isMtuDiscovery(facts: CaseFacts, loss: LossFact): boolean {
  const { connection, packet, stallNs } = loss;
  if (stallNs === null || stallNs >= THRESHOLDS.warningStallNs) return false;
  const errors = (icmpErrorsAbout(facts).get(connection.id) ?? []).filter(
    ({ kind, quoted }) => kind === 'too-big' && quoted.direction === packet.direction,
  );
  const size = lastSighting(packet).payloadLength + LEAST_HEADERS;
  // Errors are sent at a limited rate: one stands for all that were as large and left before the sender knew.
  return errors.some(
    ({ quoted, packet: error }) =>
      (quoted.quote.mtu > 0 ? size + MOST_OPTIONS > quoted.quote.mtu : quoted.packet === packet) &&
      firstSighting(packet).referenceTime <=
        firstSighting(error).referenceTime + THRESHOLDS.warningStallNs,
  );
}
