// Connections that cannot close: every transmission of a FIN vanishes at a hop that loses nothing else without a cause of its own.

import { explainedByThemselves } from './explained-losses';
import type { LossFact } from './loss-facts';
import { onFacts } from './on-facts';

/** One a connection and direction: the loss of its first FIN. Grouped by hop. */
export const findLostFins = onFacts((facts): readonly (readonly LossFact[])[] => {
  const hopOf = ({ from, to, packet }: LossFact): string => `${from} ${to} ${packet.direction}`;
  const explained = explainedByThemselves(facts);
  const lossy = new Set(
    facts.losses
      .filter(
        ({ matters, packet, connection }) =>
          matters && packet.kind !== 'fin' && !explained.has(connection.id),
      )
      .map(hopOf),
  );
  const groups = new Map<string, LossFact[]>();
  for (const loss of facts.losses) {
    const { packet, proven, stallNs, transmissions } = loss;
    if (packet.kind !== 'fin' || !proven || stallNs !== null) continue;
    if (transmissions.length < 2 || transmissions[0] !== packet || lossy.has(hopOf(loss))) continue;
    const list = groups.get(hopOf(loss));
    if (list === undefined) groups.set(hopOf(loss), [loss]);
    else list.push(loss);
  }
  return [...groups.values()];
});
