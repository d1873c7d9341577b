// All connections whose losses have a finding of their own: path-loss leaves them out.
import { explainedByThemselves } from './explained-losses';
import { findLostFins } from './lost-fin-facts';
import { onFacts } from './on-facts';
import { findPortRaces } from './rules/snat-port-race';

export const explainedConnections = onFacts(
  (facts): ReadonlySet<string> =>
    new Set([
      ...explainedByThemselves(facts),
      ...findLostFins(facts).flatMap((group) => group.map(({ connection }) => connection.id)),
      ...findPortRaces(facts).map(({ handshake }) => handshake.connection.id),
    ]),
);
