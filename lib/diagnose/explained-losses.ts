// Connections whose losses have a finding of their own: path-loss leaves them out.
import type { CaseFacts } from './facts';
import { findSteadyDrops } from './steady-drop-facts';
import { findCollisions } from './tuple-collision-facts';

export const explainedConnections = (facts: CaseFacts): ReadonlySet<string> =>
  new Set([
    ...findCollisions(facts).map(({ handshake }) => handshake.connection.id),
    ...findSteadyDrops(facts).flatMap(({ handshakes }) =>
      handshakes.map(({ connection }) => connection.id),
    ),
  ]);
