// Connections that are led back to where they come from: at some point of their way a packet has one address at both ends.
import { counted } from '../base/counted';
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import { lacksHandshakes } from './lacks';
import { onFacts } from './on-facts';
import { firstSighting, type SightingFact } from './packet-facts';
import type { RuleAnswer } from './rule';
import { pointNames, sightingsOf, step, utc } from './story';
import { THRESHOLDS } from './thresholds';

export interface Returned {
  readonly handshake: HandshakeFacts;
  /** Where it has one address at both ends. */
  readonly seen: SightingFact;
  /** The address is not the client's own: a host masqueraded it, and got it back from outside. */
  readonly masqueraded: boolean;
}

/** Handshakes that fail while one of their SYNs has one address at both ends. */
export const findReturned = onFacts((facts): readonly Returned[] =>
  facts.handshakes.flatMap((handshake) => {
    const { syns, replies, completed, asked } = handshake;
    if (completed || replies.length > 0) return [];
    const client = parseEndpoint(asked.client).address;
    // A client that calls its own address by name is another matter: it never leaves its host.
    if (parseEndpoint(asked.server).address === client) return [];
    const seen = syns
      .flatMap(({ way, copies }) => [...way, ...copies])
      .find(
        ({ source, destination }) =>
          parseEndpoint(source).address === parseEndpoint(destination).address,
      );
    if (seen === undefined) return [];
    return [{ handshake, seen, masqueraded: parseEndpoint(seen.source).address !== client }];
  }),
);

export function judgeReturned(
  facts: CaseFacts,
  pick: (one: Returned) => boolean,
  tell: (facts: CaseFacts, found: readonly Returned[]) => Finding,
): RuleAnswer {
  if (facts.openings === 0)
    return {
      result: 'notApplicable',
      reason: 'No TCP handshake is in the captures.',
      lacks: lacksHandshakes(facts),
    };
  const found = findReturned(facts).filter(pick);
  if (found.length === 0)
    return {
      result: 'healthy',
      reason: `${counted(facts.openings, 'handshake')} seen: none fails with one address at both ends.`,
    };
  return {
    result: 'found',
    findings: [tell(facts, found)],
    reason: `${counted(found.length, 'connection')} led back to where ${found.length === 1 ? 'it comes' : 'they come'} from.`,
  };
}

export const tellReturned = (facts: CaseFacts, found: readonly Returned[]) => {
  const [{ handshake, seen }, ...others] = found;
  const { asked, syns } = handshake;
  return [
    step(
      `${asked.client} opens a connection to ${asked.server} at ${utc(facts, firstSighting(syns[0]))}, seen at ${pointNames(facts, syns[0].way)}.`,
      syns[0].way,
    ),
    step(
      `At ${facts.points[seen.point].name} it is ${seen.source} > ${seen.destination}: source and destination are one. ${counted(syns.length, 'SYN')} in all, and nothing answers.`,
      [seen],
    ),
    ...(others.length > 0
      ? [
          step(
            `The same happens to ${counted(others.length, 'more connection')}.`,
            sightingsOf(
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => one.handshake.syns.slice(0, 1)),
            ),
          ),
        ]
      : []),
  ];
};
