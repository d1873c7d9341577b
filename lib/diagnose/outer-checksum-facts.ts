// Packets that are last seen inside a tunnel whose outer UDP checksum is wrong.
import { STATUS_OUTER_CHECKSUM_WRONG } from '../model/packet-status';
import type { LossFact } from './loss-facts';
import { onFacts } from './on-facts';
import { lastSighting, type SightingFact } from './packet-facts';

/** Losses whose last sighting is tunnelled with a wrong outer checksum. */
export const findOuterChecksumLosses = onFacts((facts): readonly LossFact[] => {
  const isWrong = ({ status }: SightingFact): boolean =>
    (status & STATUS_OUTER_CHECKSUM_WRONG) !== 0;
  const losses = facts.losses.filter(({ packet }) => isWrong(lastSighting(packet)));
  if (losses.length === 0) return [];
  // Where such packets arrive all the same, the checksum is not what drops them (a sending host's own tap may show it unfinished).
  const harmless = new Set(
    [...facts.sample, ...losses.flatMap(({ connection }) => facts.packetsOf(connection))]
      .filter(({ fate }) => fate === 'delivered')
      .flatMap(({ way }) => way.slice(0, -1).filter(isWrong))
      .map(({ point }) => point),
  );
  return losses.filter(({ packet }) => !harmless.has(lastSighting(packet).point));
});
