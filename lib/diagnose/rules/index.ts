// The list of rules, in the order in which they are reported.
import type { Rule } from '../rule';
import { captureDefect, captureWindow, clockFault } from './capture-notes';
import { challengeAck } from './challenge-ack';
import { dnsRetry } from './dns-retry';
import { duplicateDelivery } from './duplicate-delivery';
import { halfUntranslatedReply } from './half-untranslated-reply';
import { idleTimeoutReset } from './idle-timeout-reset';
import { listenQueueOverflow } from './listen-queue-overflow';
import { lostFin } from './lost-fin';
import { mtuBlackHole } from './mtu-black-hole';
import { newPodRace } from './new-pod-race';
import { offloadArtefact } from './offload-artefact';
import { outerChecksumDrop } from './outer-checksum-drop';
import { pathLoss } from './path-loss';
import { refusedConnection } from './refused-connection';
import { repeatedSighting } from './repeated-sighting';
import { slowEndpoint } from './slow-endpoint';
import { snatPortRace } from './snat-port-race';
import { staleUdpTranslation } from './stale-udp-translation';
import { steadyDrop } from './steady-drop';
import { tupleCollision } from './tuple-collision';
import { unansweredArp } from './unanswered-arp';
import { untranslatedReply } from './untranslated-reply';
import { untranslatedSegmentReset } from './untranslated-segment-reset';

export const RULES: readonly Rule[] = [
  halfUntranslatedReply,
  untranslatedReply,
  untranslatedSegmentReset,
  tupleCollision,
  challengeAck,
  refusedConnection,
  steadyDrop,
  unansweredArp,
  staleUdpTranslation,
  snatPortRace,
  outerChecksumDrop,
  lostFin,
  idleTimeoutReset,
  mtuBlackHole,
  dnsRetry,
  slowEndpoint,
  pathLoss,
  duplicateDelivery,
  listenQueueOverflow,
  newPodRace,
  captureWindow,
  captureDefect,
  clockFault,
  repeatedSighting,
  offloadArtefact,
];
