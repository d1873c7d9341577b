// Where the time of a request went: the client that sends it, each hop there, the server, each hop back; beside a typical one of the same service.
import type { TimeShare } from '../model/finding';
import { errorsOf } from './elapsed';
import type { CaseFacts } from './facts';
import { firstSighting, type PacketFact } from './packet-facts';
import type { ServerWait } from './request-facts';
import { placeName } from './story';

/** From the first byte of the request at the client's point to the first byte of the response there, in the order of the way. */
export function shareTimes(
  facts: CaseFacts,
  wait: ServerWait,
  typical: ServerWait | null,
): readonly TimeShare[] {
  const usual = new Map(
    (typical === null ? [] : partsOf(facts, typical)).map(({ part, ns }) => [part, ns]),
  );
  return partsOf(facts, wait).map((share) => ({
    ...share,
    usualNs: usual.get(share.part) ?? null,
  }));
}

type Part = Omit<TimeShare, 'usualNs'>;

function partsOf(
  facts: CaseFacts,
  { begun, request, response, at, waitNs }: ServerWait,
): readonly Part[] {
  const sending = firstSighting(request).referenceTime - firstSighting(begun).referenceTime;
  return [
    { part: 'client, to send its request', ns: sending, errorNs: 0 },
    ...hopsOf(facts, request),
    { part: `server, at ${facts.points[at.point].name}`, ns: waitNs, errorNs: 0 },
    ...hopsOf(facts, response),
  ];
}

const hopsOf = (facts: CaseFacts, { way, direction }: PacketFact): readonly Part[] =>
  way.slice(1).map((to, index) => {
    const from = way[index];
    return {
      part: `${direction === 'forward' ? 'there' : 'back'}: ${placeName(facts, from, direction)} to ${placeName(facts, to, direction)}`,
      ns: to.referenceTime - from.referenceTime,
      errorNs: errorsOf(facts).between(from, to, direction),
    };
  });
