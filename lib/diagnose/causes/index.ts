// The cause of each verdict, beside the verdict itself: packets prove what happened, and rarely why. One entry a rule; considerations and notes have none.
import type { Finding, FindingCause } from '../../model/finding';
import type { CaseFacts } from '../facts';
import {
  causeOfDamagedTunnel,
  causeOfDelay,
  causeOfDnsRetry,
  causeOfDoubling,
  causeOfIdleReset,
  causeOfLargeLoss,
  causeOfLostFin,
  causeOfPathLoss,
  causeOfSteadyDrop,
} from './drops';
import {
  causeOfChallenge,
  causeOfRefusal,
  causeOfSilentNeighbour,
  causeOfSlowness,
} from './endpoints';
import {
  causeOfCollision,
  causeOfHalfTranslation,
  causeOfPortRace,
  causeOfStaleTranslation,
  causeOfStraySegment,
  causeOfUntranslatedReply,
} from './translation';

type CauseOf = (facts: CaseFacts, finding: Finding) => FindingCause;

const CAUSES: Readonly<Record<string, CauseOf>> = {
  'half-untranslated-reply': causeOfHalfTranslation,
  'untranslated-reply': causeOfUntranslatedReply,
  'untranslated-segment-reset': causeOfStraySegment,
  'tuple-collision': causeOfCollision,
  'snat-port-race': causeOfPortRace,
  'stale-udp-translation': causeOfStaleTranslation,
  'lost-fin': causeOfLostFin,
  'path-loss': causeOfPathLoss,
  'steady-drop': causeOfSteadyDrop,
  'dns-retry': causeOfDnsRetry,
  'mtu-black-hole': causeOfLargeLoss,
  'duplicate-delivery': causeOfDoubling,
  'outer-checksum-drop': causeOfDamagedTunnel,
  'idle-timeout-reset': causeOfIdleReset,
  'refused-connection': causeOfRefusal,
  'unanswered-arp': causeOfSilentNeighbour,
  'challenge-ack': causeOfChallenge,
  'slow-endpoint': causeOfSlowness,
  'slow-hop': causeOfDelay,
};

/** The finding with its cause, where its rule is one that tells what happened. */
export const withCause = (facts: CaseFacts, finding: Finding): Finding => {
  const causeOf = CAUSES[finding.rule];
  return causeOf === undefined ? finding : { ...finding, cause: causeOf(facts, finding) };
};
