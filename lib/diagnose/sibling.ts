// Failing beside succeeding: the nearest healthy connection to the one that a finding tells, and where the two part.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import type { Finding, FindingSibling } from '../model/finding';
import { connectionsReaching } from './by-server';
import type { CaseFacts } from './facts';
import { firstSighting, type PacketFact } from './packet-facts';
import { findPartings } from './partings';
import { FAILING_AND_HEALTHY } from './sides';
import { duration } from './story';
import { THRESHOLDS } from './thresholds';

/** Findings with their sibling, where there is one and something to see. Notes stay as they are, and what a rule compared by itself. */
export function compareFindings(
  facts: CaseFacts,
  findings: readonly Finding[],
): readonly Finding[] {
  const harmed = findings.filter(({ severity }) => severity !== 'note');
  if (harmed.length === 0) return findings;
  const looked = new Set(harmed.slice(0, THRESHOLDS.comparedFindings));
  const ailing = new Set(harmed.flatMap(({ connections }) => connections));
  const byId = new Map(
    facts.connections.filter(({ id }) => ailing.has(id)).map((one) => [one.id, one]),
  );
  return findings.map((finding) => {
    const told = byId.get(finding.connections[0]);
    if (told === undefined || !looked.has(finding) || finding.sibling !== null) return finding;
    return { ...finding, sibling: compare(facts, told, ailing) };
  });
}

function compare(
  facts: CaseFacts,
  failing: ConnectionSummary,
  ailing: ReadonlySet<string>,
): FindingSibling | null {
  const sibling = findSibling(facts, failing, ailing);
  if (sibling === undefined) return null;
  const partings = findPartings(
    { ...FAILING_AND_HEALTHY, points: facts.points, passages: facts.passages },
    packetsWithStrays(facts, failing),
    facts.packetsOf(sibling),
  );
  return partings.length === 0
    ? null
    : { connection: sibling.id, text: describe(failing, sibling), partings };
}

/** Replies that nobody joined to their SYN stand in connections of their own. */
function packetsWithStrays(facts: CaseFacts, connection: ConnectionSummary): readonly PacketFact[] {
  const own = facts.packetsOf(connection);
  const strays =
    facts.handshakes.find((handshake) => handshake.connection.id === connection.id)?.strays ?? [];
  if (strays.length === 0) return own;
  return [...own, ...strays.flatMap((stray) => facts.packetsOf(stray))].sort(
    (a, b) => firstSighting(a).referenceTime - firstSighting(b).referenceTime,
  );
}

/**
 * The healthy connection that has most in common: the same client and service first, then the same client and the endpoint behind it, then
 * another client. Of equals the nearest in time. Undefined: no healthy one has even the endpoint in common.
 */
export function findSibling(
  facts: Pick<CaseFacts, 'connections'>,
  failing: ConnectionSummary,
  ailing: ReadonlySet<string>,
): ConnectionSummary | undefined {
  const client = parseEndpoint(failing.client).address;
  const endpoints = new Set([failing.server, ...failing.legs.map(({ server }) => server)]);
  const related = new Set([...endpoints].flatMap((server) => connectionsReaching(facts, server)));
  let best: ConnectionSummary | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  let bestGap = Number.POSITIVE_INFINITY;
  for (const other of related) {
    if (other.protocol !== failing.protocol || ailing.has(other.id) || !isHealthy(other)) continue;
    const sameService = other.server === failing.server;
    const sameClient = parseEndpoint(other.client).address === client;
    const rank = (sameClient ? 0 : 2) + (sameService ? 0 : 1);
    const gap = Math.abs(other.firstTime - failing.firstTime);
    if (rank < bestRank || (rank === bestRank && gap < bestGap)) {
      best = other;
      bestRank = rank;
      bestGap = gap;
    }
  }
  return best;
}

export const isHealthy = (connection: ConnectionSummary): boolean =>
  connection.lost === 0 &&
  connection.reverseStops.length > 0 &&
  (connection.protocol !== 'tcp' ||
    (connection.handshake === 'complete' &&
      connection.close !== 'reset' &&
      connection.close !== 'timeout' &&
      connection.retransmissions === 0));

function describe(failing: ConnectionSummary, sibling: ConnectionSummary): string {
  return `${sibling.client} > ${sibling.server} succeeds, ${describeKinship(failing, sibling)}; the nearest such one in time.`;
}

/** `9 s after it: another client of the same service`; `common`: what they have in common where it is not the endpoint. */
export function describeKinship(
  failing: ConnectionSummary,
  sibling: ConnectionSummary,
  common = tellCommon(failing, sibling),
): string {
  const gap = sibling.firstTime - failing.firstTime;
  const when =
    gap === 0
      ? 'at the same time'
      : `${duration(Math.abs(gap))} ${gap < 0 ? 'before' : 'after'} it`;
  return `${when}: ${common}`;
}

function tellCommon(failing: ConnectionSummary, sibling: ConnectionSummary): string {
  const sameClient =
    parseEndpoint(failing.client).address === parseEndpoint(sibling.client).address;
  return sameClient
    ? failing.server === sibling.server
      ? 'the same pair of client and service'
      : 'the same client and the same endpoint, called by another address'
    : failing.server === sibling.server
      ? 'another client of the same service'
      : 'another client of the same endpoint';
}
