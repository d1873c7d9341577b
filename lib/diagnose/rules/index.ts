// The list of rules, in the order in which they are reported.
import type { Rule } from '../rule';
import { backlogDrop } from './backlog-drop';
import { badChecksumDrop } from './bad-checksum-drop';
import { captureDefect, captureWindow, clockFault } from './capture-notes';
import { challengeAck } from './challenge-ack';
import { conntrackTableFull } from './conntrack-table-full';
import { dnsRetry } from './dns-retry';
import { duplicateDelivery } from './duplicate-delivery';
import { foreignDomainReplyDrop } from './foreign-domain-reply-drop';
import { fragmentLoss } from './fragment-loss';
import { hairpinDrop } from './hairpin-drop';
import { halfUntranslatedReply } from './half-untranslated-reply';
import { idleFlowEviction } from './idle-flow-eviction';
import { idleTimeoutReset } from './idle-timeout-reset';
import { listenQueueOverflow } from './listen-queue-overflow';
import { loadBalancerHairpin } from './load-balancer-hairpin';
import { lostFin } from './lost-fin';
import { mtuBlackHole } from './mtu-black-hole';
import { newPodRace } from './new-pod-race';
import { offloadArtefact } from './offload-artefact';
import { outerChecksumDrop } from './outer-checksum-drop';
import { pathLoss } from './path-loss';
import { portReuseDelay } from './port-reuse-delay';
import { recycledEndpoint } from './recycled-endpoint';
import { refusedConnection } from './refused-connection';
import { repeatedSighting } from './repeated-sighting';
import { reversePathDrop } from './reverse-path-drop';
import { slowEndpoint } from './slow-endpoint';
import { slowHop } from './slow-hop';
import { snatPortExhaustion } from './snat-port-exhaustion';
import { snatPortRace } from './snat-port-race';
import { staleUdpTranslation } from './stale-udp-translation';
import { steadyDrop } from './steady-drop';
import { timestampRejectedSyn } from './timestamp-rejected-syn';
import { tupleCollision } from './tuple-collision';
import { unansweredArp } from './unanswered-arp';
import { untranslatedReply } from './untranslated-reply';
import { untranslatedSegmentReset } from './untranslated-segment-reset';
import { upcallDelay } from './upcall-delay';

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
  slowHop,
  pathLoss,
  duplicateDelivery,
  listenQueueOverflow,
  newPodRace,
  conntrackTableFull,
  snatPortExhaustion,
  backlogDrop,
  upcallDelay,
  idleFlowEviction,
  foreignDomainReplyDrop,
  reversePathDrop,
  timestampRejectedSyn,
  portReuseDelay,
  recycledEndpoint,
  hairpinDrop,
  loadBalancerHairpin,
  fragmentLoss,
  badChecksumDrop,
  captureWindow,
  captureDefect,
  clockFault,
  repeatedSighting,
  offloadArtefact,
];
