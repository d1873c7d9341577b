// Words that stand in every summary where they are exact: between which two points it happens, how many of all connections to the service it
// befalls, and what those have in common in their translation that none of the others has.
import { counted } from '../base/counted';
import type { ConnectionSummary, Translation } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import { connectionsTo } from './by-server';
import type { CaseFacts } from './facts';
import { betweenText, stopName } from './story';
import { THRESHOLDS } from './thresholds';

/** The finding with what its summary lacks of that. */
export function withPlaceAndShare(facts: CaseFacts, finding: Finding): Finding {
  const added = [tellPlace(facts, finding), tellShare(facts, finding)].filter(
    (text) => text !== '',
  );
  return added.length === 0
    ? finding
    : { ...finding, summary: [finding.summary, ...added].join(' ') };
}

/** Empty where the summary, or the title, names both already. */
function tellPlace(facts: CaseFacts, { between, direction, summary, title }: Finding): string {
  if (between === null) return '';
  const names = between.map((stop) => stopName(facts, stop, direction ?? 'forward'));
  if (names.every((name) => isNamed(summary, name) || isNamed(title, name))) return '';
  return `It happens ${betweenText(facts, between, direction ?? 'forward')}.`;
}

/** By itself: `eth1` is not named by `eth10`, nor `tun0` by `tun0′`. */
const isNamed = (text: string, name: string): boolean =>
  text
    .split(name)
    .some(
      (before, index, parts) =>
        index + 1 < parts.length &&
        !/[\p{L}\p{N}_-]$/u.test(before) &&
        !/^(?:[\p{L}\p{N}_′-]|\.[\p{L}\p{N}])/u.test(parts[index + 1]),
    );

/** Of openings that failed or were slow alone: of those all are looked at, so that counts are exact. */
function tellShare(facts: CaseFacts, { connections, summary }: Finding): string {
  // A rule that looks at losses looks at so many connections and no more.
  if (connections.length >= THRESHOLDS.lossConnections) return '';
  const ids = new Set(connections);
  const concerned = facts.handshakes
    .map(({ connection }) => connection)
    .filter(({ id }) => ids.has(id));
  if (concerned.length === 0) return '';
  const joined = facts.handshakes.flatMap(({ strays, connection }) =>
    ids.has(connection.id) ? strays : [],
  );
  if (concerned.length + new Set(joined).size !== ids.size) return '';
  const [{ server }] = concerned;
  if (concerned.some((one) => one.server !== server)) return '';
  const others = connectionsTo(facts, server).filter(
    ({ id, protocol, handshake }) => protocol === 'tcp' && handshake !== 'unseen' && !ids.has(id),
  );
  if (others.length === 0) return '';
  const all = concerned.length + others.length;
  const opened = others.filter(({ handshake }) => handshake === 'complete');
  const share = summary.includes(`${concerned.length} of ${all} `)
    ? []
    : [
        `That is ${concerned.length} of the ${counted(all, 'connection')} to ${server} whose SYN is in the captures${concerned.every(({ handshake }) => handshake === 'failed') ? `; ${tellOthers(opened.length, others.length)}` : ''}.`,
      ];
  return [...share, ...tellTrait(concerned, opened)].join(' ');
}

function tellOthers(opened: number, others: number): string {
  if (others === 1) return `the other one ${opened === 1 ? 'opened' : 'did not open'}`;
  if (opened === others) return `the other ${others} opened`;
  return opened === 0
    ? `none of the other ${others} opened`
    : `${opened} of the other ${others} opened`;
}

/** What a translation can give a connection; null: not seen of this one. */
interface Trait {
  readonly words: string;
  readonly has: (connection: ConnectionSummary) => boolean | null;
}

const lastThere = (
  { translations }: ConnectionSummary,
  kind: Translation['kind'],
): Translation | undefined => translations.findLast((one) => one.kind === kind);

const changesPort = ({ before, after }: Translation): boolean =>
  parseEndpoint(before).port !== parseEndpoint(after).port;

const PORT_CHANGED: Trait = {
  words: 'whose source port was changed on the way there',
  has: (connection) => {
    const snat = lastThere(connection, 'snat');
    if (snat !== undefined) return changesPort(snat);
    // Without its destination's translation in the captures, the far side may not be there either.
    return lastThere(connection, 'dnat') === undefined ? null : false;
  },
};

const ledTo = (endpoint: string): Trait => ({
  words: `that were led to ${endpoint}`,
  has: (connection) => {
    const dnat = lastThere(connection, 'dnat');
    return dnat === undefined ? null : dnat.after === endpoint;
  },
});

/** Of all that it befalls and of none that it spares; told where chance alone would hardly part them so. */
function tellTrait(
  concerned: readonly ConnectionSummary[],
  spared: readonly ConnectionSummary[],
): readonly string[] {
  if (chanceOfParting(concerned.length, spared.length) > THRESHOLDS.chanceOfTrait) return [];
  const endpoint = lastThere(concerned[0], 'dnat')?.after;
  const traits = [PORT_CHANGED, ...(endpoint === undefined ? [] : [ledTo(endpoint)])];
  const parting = traits.find(
    ({ has }) =>
      concerned.every((one) => has(one) === true) && spared.every((one) => has(one) === false),
  );
  return parting === undefined
    ? []
    : [
        `These are exactly the ones ${parting.words}: ${concerned.length} of ${concerned.length}, against 0 of the ${spared.length} that opened.`,
      ];
}

/** That a mark which so many of all have falls on just these: one over the number of ways to choose them. */
function chanceOfParting(concerned: number, spared: number): number {
  let chance = 1;
  for (let index = 1; index <= concerned; index++) chance *= index / (spared + index);
  return chance;
}
