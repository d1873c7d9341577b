// The list of rules, in the order in which they are reported.
import type { Rule } from '../rule';
import { duplicateDelivery } from './duplicate-delivery';
import { halfUntranslatedReply } from './half-untranslated-reply';
import { lostFin } from './lost-fin';
import { offloadArtefact } from './offload-artefact';
import { pathLoss } from './path-loss';
import { refusedConnection } from './refused-connection';
import { repeatedSighting } from './repeated-sighting';
import { steadyDrop } from './steady-drop';
import { tupleCollision } from './tuple-collision';
import { untranslatedReply } from './untranslated-reply';

export const RULES: readonly Rule[] = [
  halfUntranslatedReply,
  untranslatedReply,
  tupleCollision,
  refusedConnection,
  steadyDrop,
  lostFin,
  pathLoss,
  duplicateDelivery,
  repeatedSighting,
  offloadArtefact,
];
