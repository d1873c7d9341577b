// What became of a packet, and on what ground. Codes stand in the journey tables; the words are here alone.

export const FATES = ['unknown', 'delivered', 'lost', 'missed'] as const;
export type Fate = (typeof FATES)[number];
export const FATE_UNKNOWN = 0;
export const FATE_DELIVERED = 1;
export const FATE_LOST = 2;
export const FATE_MISSED = 3;

/** Grounds of a fate; the index is the code. Order is part of no format: codes never leave the program, the words do. */
export const FATE_REASONS = [
  'seen-at-receiver',
  'seen-at-last-point',
  'acknowledged',
  'sent-again',
  'never-acknowledged',
  'seen-at-one-point',
  'capture-window',
  'no-way-known',
  'not-decidable',
  'superseded',
  'not-seen-further',
  'capture-misses',
  'cut-short',
  'answered-on-the-way',
  'capture-drops',
  'icmp-error',
  'datagram-incomplete',
  'delivered-in-vain',
  'fell-silent',
  'refused',
  'shown-elsewhere',
  'to-a-group',
  'other-way',
] as const;
export type FateReason = (typeof FATE_REASONS)[number];

const WORDS: Readonly<Record<FateReason, string>> = {
  'seen-at-receiver': 'seen where the receiver is, addressed to its own MAC',
  'seen-at-last-point': 'seen at the last point of its way',
  acknowledged: 'the receiver acknowledged it',
  'sent-again': 'never seen further on, and sent again',
  'never-acknowledged': 'never seen further on, and never acknowledged',
  'seen-at-one-point': 'seen at one point alone',
  'capture-window': 'the next capture does not cover this moment',
  'no-way-known': 'no other packet shows where this one should have gone',
  'not-decidable': 'the packets do not decide it',
  superseded: 'never seen further on, but later data was acknowledged',
  'not-seen-further': 'never seen further on, while the next capture was running',
  'cut-short': 'captured too short to be told from other packets',
  'answered-on-the-way':
    'a proxy on the way took it, answered for the receiver, and made a handshake of its own',
  'capture-misses': 'never seen further on, but the next capture missed other packets too',
  'icmp-error': 'never seen further on, and an ICMP error says that a router dropped it',
  'datagram-incomplete':
    'never seen further on: another fragment of its datagram was lost before, and without that the rest is dropped',
  'delivered-in-vain':
    'seen where the receiver is, in vain: another fragment of its datagram was lost',
  'fell-silent':
    'never seen further on and never answered, like all that followed: the next capture fell silent just then',
  refused: 'it came to its receiver, which refused it: a reset answers it',
  'shown-elsewhere':
    'never seen further on, but the next capture shows the same content in another conversation, which nothing else joins to this one',
  'to-a-group': 'sent to a group, which has no one receiver: seen wherever the captures show it',
  'other-way':
    'not seen at the next capture, which others on this connection go round: packets come here without passing it',
  'capture-drops': 'never seen further on, but the next capture says that it dropped packets then',
};

export const fateReasonCode = (reason: FateReason): number => FATE_REASONS.indexOf(reason);
export const fateReasonText = (code: number): string => WORDS[FATE_REASONS[code]];
