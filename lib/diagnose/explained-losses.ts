// Connections whose losses have a finding of their own: rules that go by what a hop loses leave them out. The other half, with the rules that go by the hop as
// well, is explained-connections.ts.

import { findUnansweredArp, harmedByArp } from './arp-facts';
import { findDamages } from './bad-checksum-facts';
import { findBlackHoles } from './black-hole-facts';
import { findDnsRetries } from './dns-retry-facts';
import { findIdleTimeouts } from './idle-timeout-facts';
import { findLoops } from './loop-facts';
import { onFacts } from './on-facts';
import { findOuterChecksumLosses } from './outer-checksum-facts';
import { findRefused } from './refused-facts';
import { findRefusedDatagrams, findRefusedMidway } from './refused-later-facts';
import { findRefusals, refusedConnections } from './reply-translation';
import { findServerSideRefusals } from './server-side-refusal';
import { findStaleTranslations } from './stale-translation-facts';
import { findSteadyDrops } from './steady-drop-facts';
import { findStrayRequests } from './stray-segment-facts';
import { findCollisions } from './tuple-collision-facts';

/** By rules that go by what a connection's own packets show, whatever else its hop loses. */
export const explainedByThemselves = onFacts(
  (facts): ReadonlySet<string> =>
    new Set([
      ...refusedConnections(findRefusals(facts)),
      ...findServerSideRefusals(facts).flatMap((group) =>
        group.map(({ handshake }) => handshake.connection.id),
      ),
      ...findRefused(facts).map(({ handshake }) => handshake.connection.id),
      ...findCollisions(facts).map(({ handshake }) => handshake.connection.id),
      ...findDnsRetries(facts).map(({ connection }) => connection.id),
      ...findBlackHoles(facts).flatMap(({ losses }) =>
        losses.map(({ connection }) => connection.id),
      ),
      ...findStrayRequests(facts).map(({ connection }) => connection.id),
      ...findIdleTimeouts(facts).map(({ connection }) => connection.id),
      ...findOuterChecksumLosses(facts).map(({ connection }) => connection.id),
      ...findUnansweredArp(facts).flatMap((arp) => harmedByArp(facts, arp).map(({ id }) => id)),
      ...findDamages(facts).flatMap(({ connections }) => connections),
      ...findLoops(facts).flatMap(({ packets }) => packets.map(({ connection }) => connection)),
      ...[...findRefusedMidway(facts), ...findRefusedDatagrams(facts)].map(
        ({ connection }) => connection.id,
      ),
      ...findStaleTranslations(facts).map(({ connection }) => connection.id),
      ...findSteadyDrops(facts).flatMap(({ handshakes }) =>
        handshakes.map(({ connection }) => connection.id),
      ),
    ]),
);
