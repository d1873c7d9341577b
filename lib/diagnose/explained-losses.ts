// Connections whose losses have a finding of their own: path-loss leaves them out.

import { findUnansweredArp, harmedByArp } from './arp-facts';
import { findDamages } from './bad-checksum-facts';
import { findBlackHoles } from './black-hole-facts';
import { findDnsRetries } from './dns-retry-facts';
import { findIdleTimeouts } from './idle-timeout-facts';
import { findLoops } from './loop-facts';
import { findLostFins } from './lost-fin-facts';
import { onFacts } from './on-facts';
import { findOuterChecksumLosses } from './outer-checksum-facts';
import { findRefused } from './refused-facts';
import { findRefusedDatagrams, findRefusedMidway } from './refused-later-facts';
import { findRefusals, refusedConnections } from './reply-translation';
import { findPortRaces } from './rules/snat-port-race';
import { findServerSideRefusals } from './server-side-refusal';
import { findStaleTranslations } from './stale-translation-facts';
import { findSteadyDrops } from './steady-drop-facts';
import { findStrayRequests } from './stray-segment-facts';
import { findCollisions } from './tuple-collision-facts';

export const explainedConnections = onFacts(
  (facts): ReadonlySet<string> =>
    new Set([
      ...refusedConnections(findRefusals(facts)),
      ...findServerSideRefusals(facts).flatMap((group) =>
        group.map(({ handshake }) => handshake.connection.id),
      ),
      ...findRefused(facts).map(({ handshake }) => handshake.connection.id),
      ...findCollisions(facts).map(({ handshake }) => handshake.connection.id),
      ...findLostFins(facts).flatMap((group) => group.map(({ connection }) => connection.id)),
      ...findDnsRetries(facts).map(({ connection }) => connection.id),
      ...findBlackHoles(facts).flatMap(({ losses }) =>
        losses.map(({ connection }) => connection.id),
      ),
      ...findStrayRequests(facts).map(({ connection }) => connection.id),
      ...findIdleTimeouts(facts).map(({ connection }) => connection.id),
      ...findOuterChecksumLosses(facts).map(({ connection }) => connection.id),
      ...findPortRaces(facts).map(({ handshake }) => handshake.connection.id),
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
