// What a rule that could not run would have to see, with the command that captures it: told from the roles of the points that are there.
import { type CaptureTarget, captureCommand } from '../guide/capture-commands';
import { parseEndpoint } from '../model/endpoint';
import type { Lack } from '../model/finding';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import type { NotApplicable } from './rule';

type Lacks = (facts: CaseFacts) => readonly Lack[];

const MEANWHILE = 'at the same time as the others';

const lack = (target: CaptureTarget, text: string): Lack => ({ text, ...captureCommand(target) });

/** Points on one way: the ends that were not captured, or else all in between. */
export const lacksSecondPoint: Lacks = onFacts((facts) => {
  const ends = missingEnds(facts);
  return ends.length > 0
    ? ends.map((address) => lack({ kind: 'pod', address }, MEANWHILE))
    : [lack({ kind: 'node' }, MEANWHILE)];
});

/** Both sides of a translation; nothing where there is no traffic that could be translated. */
const lacksTranslationOf = (protocol: string): Lacks =>
  onFacts((facts) =>
    facts.connections.some((connection) => connection.protocol === protocol)
      ? [
          lack({ kind: 'translation' }, MEANWHILE),
          ...missingEnds(facts).map((address) => lack({ kind: 'pod', address }, MEANWHILE)),
        ]
      : [],
  );
export const lacksTranslation = lacksTranslationOf('tcp');
export const lacksUdpTranslation = lacksTranslationOf('udp');

/** The beginning of connections that are there. */
export const lacksHandshakes: Lacks = onFacts((facts) =>
  hasTcp(facts) ? [lack(sameAgain(facts), 'begun before the connections are opened')] : [],
);

/** The answer of a rule on handshakes where there is none to judge; undefined where there is one. */
export const lacksOpenings = (facts: CaseFacts): NotApplicable | undefined =>
  facts.openings > 0
    ? undefined
    : {
        result: 'notApplicable',
        reason: 'No TCP handshake is in the captures.',
        lacks: lacksHandshakes(facts),
      };

/** … and where one point alone saw them; `reason` says what one point does not show. */
export const lacksOpeningsAtTwoPoints = (
  facts: CaseFacts,
  reason: string,
): NotApplicable | undefined =>
  lacksOpenings(facts) ??
  (facts.points.length < 2
    ? { result: 'notApplicable', reason, lacks: lacksSecondPoint(facts) }
    : undefined);

/** Their end. */
export const lacksClose: Lacks = onFacts((facts) =>
  hasTcp(facts) ? [lack(sameAgain(facts), 'until the connections have closed')] : [],
);

/** Long enough for a silence: the usual idle timeouts are 60, 240 and 350 s. */
export const lacksDuration: Lacks = onFacts((facts) =>
  hasTcp(facts) ? [lack(sameAgain(facts), 'for a quarter of an hour, silences included')] : [],
);

export const lacksUplinks: Lacks = onFacts(() => [lack({ kind: 'uplink' }, MEANWHILE)]);

/** Two points that share a clock. */
export const lacksOneHost: Lacks = onFacts(() => [lack({ kind: 'node' }, MEANWHILE)]);

const hasTcp = (facts: CaseFacts): boolean =>
  facts.connections.some(({ protocol }) => protocol === 'tcp');

/** The point that was captured, once more: a pod's own where its role tells, else the node. */
function sameAgain(facts: CaseFacts): CaptureTarget {
  const role = facts.points.find((point) => point.role?.address != null)?.role;
  if (role?.address == null) return { kind: 'node' };
  return { kind: role.kind === 'host-end' ? 'pod-port' : 'pod', address: role.address };
}

/**
 * Addresses of the busiest connection's ends that no point is the end of, the client's first. A service's address is no one's own: where it is
 * translated the endpoint behind counts, and where that is not seen nothing is said of it.
 */
function missingEnds(facts: CaseFacts): readonly string[] {
  const busiest = facts.connections
    .filter(({ protocol }) => protocol === 'tcp' || protocol === 'udp')
    .reduce<CaseFacts['connections'][number] | undefined>(
      (most, one) => (most === undefined || one.journeys > most.journeys ? one : most),
      undefined,
    );
  // Without any role nothing tells which of the two ends was captured.
  if (busiest === undefined || facts.points.every(({ role }) => role === null)) return [];
  const reached = busiest.legs.map(({ server }) => server).filter((one) => one !== busiest.server);
  const answered = busiest.handshake === 'complete' ? [busiest.server] : [];
  const ends = [busiest.client, ...(reached.length > 0 ? reached : answered)];
  const captured = new Set(
    facts.points.flatMap(({ role }) => (role?.address == null ? [] : [role.address])),
  );
  return [...new Set(ends.map((end) => parseEndpoint(end).address))].filter(
    (address) => !captured.has(address),
  );
}
