// What each hop does to addresses and ports as a whole, over all connections: which are rewritten to which on the way there and on the way back, and for how
// many of them the replies undo it. One connection's own table is lib/model/translation-table.ts.

import type { AnalysisView } from './analysis-view';
import type { ConnectionSummary, Direction, Translation, TranslationKind } from './connection';
import { parseEndpoint } from './endpoint';
import { pointOfStop } from './stop';
import { countReplies, kindWord, type PairVerdict, pairTranslations } from './translation-table';

export interface HopRewrite {
  readonly kind: TranslationKind;
  /** Endpoints of a DNAT and what undoes it; of an SNAT addresses, since each connection has ports of its own. */
  readonly before: string;
  readonly after: string;
  readonly connections: number;
  /** … whose port stayed as it was. */
  readonly portsKept: number;
  /** Of the way there: connections by what became of it in their replies. The rest were too many to be looked at. */
  readonly undone: Readonly<Partial<Record<PairVerdict, number>>>;
}

export interface HopTranslations {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** Those of most connections first. */
  readonly rewrites: readonly HopRewrite[];
}

/** Connections that are looked at for whether their replies came back whole, and packets of each. */
const LOOKED_AT = 500;
const LOOKED_PACKETS = 2000;
const YIELD_CONNECTIONS = 512;

interface RewriteCount {
  readonly kind: TranslationKind;
  readonly before: string;
  readonly after: string;
  connections: number;
  portsKept: number;
  readonly undone: Partial<Record<PairVerdict, number>>;
}

/** Hops in order of direction and stops. Yields 0 … 1. */
export function* mapTranslations(
  view: AnalysisView,
): Generator<number, readonly HopTranslations[]> {
  const hops = new Map<string, HopTranslations & { readonly counts: Map<string, RewriteCount> }>();
  const pointIndex = new Map(view.points.map(({ id }, index) => [id, index]));
  let looked = 0;
  const count = (translation: Translation): RewriteCount => {
    const { from, to, direction } = translation;
    const hopKey = `${direction} ${from} ${to}`;
    const hop = hops.get(hopKey) ?? { from, to, direction, rewrites: [], counts: new Map() };
    hops.set(hopKey, hop);
    const { kind, before, after } = shortened(translation);
    const key = `${kind} ${before} ${after}`;
    const known = hop.counts.get(key) ?? {
      kind,
      before,
      after,
      connections: 0,
      portsKept: 0,
      undone: {},
    };
    hop.counts.set(key, known);
    known.connections += 1;
    if (parseEndpoint(translation.before).port === parseEndpoint(translation.after).port)
      known.portsKept += 1;
    return known;
  };
  for (const [index, connection] of view.connections.entries()) {
    if (connection.translations.length === 0) continue;
    const clientPoint = pointIndex.get(clientPointOf(connection) ?? '') ?? -1;
    const isSuspect = mayBeBroken(connection);
    const isOpen = isSuspect && looked < LOOKED_AT;
    if (isOpen) looked += 1;
    if (isOpen || index % YIELD_CONNECTIONS === 0) yield index / view.connections.length;
    const replies = isOpen
      ? countReplies(connection, view.journeysOf([index], LOOKED_PACKETS), clientPoint)
      : { replies: cameBack(connection) ? 1 : 0, faults: [] };
    for (const { forward, reverse, verdict } of pairTranslations(connection, replies)) {
      if (reverse !== null) count(reverse);
      if (forward === null) continue;
      const { undone } = count(forward);
      if (isOpen || !isSuspect) undone[verdict] = (undone[verdict] ?? 0) + 1;
    }
  }
  return [...hops.values()]
    .map(({ from, to, direction, counts }) => ({
      from,
      to,
      direction,
      rewrites: [...counts.values()].sort(
        (a, b) => b.connections - a.connections || (a.before < b.before ? -1 : 1),
      ),
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ from, to, direction }: HopTranslations): string => `${direction} ${from} ${to}`;

/** Ports of an SNAT are the connection's own. */
function shortened({
  kind,
  before,
  after,
}: Translation): Pick<HopRewrite, 'kind' | 'before' | 'after'> {
  return kind === 'dnat' || kind === 'un-dnat'
    ? { kind, before, after }
    : { kind, before: parseEndpoint(before).address, after: parseEndpoint(after).address };
}

const clientPointOf = ({ forwardStops }: ConnectionSummary): string | undefined =>
  forwardStops[0] && pointOfStop(forwardStops[0]);

const cameBack = (connection: ConnectionSummary): boolean =>
  connection.reverseStops.some((stop) => pointOfStop(stop) === clientPointOf(connection));

/** The client's own point shows the connection under another name than the client calls it by: replies may have come so. */
const mayBeBroken = (connection: ConnectionSummary): boolean =>
  connection.legs.some(
    ({ point, client, server }) =>
      point === clientPointOf(connection) &&
      (client !== connection.client || server !== connection.server),
  );

/** Of the way there: connections that might have been broken, and were not looked at. */
export function countUnlooked({ kind, connections, undone }: HopRewrite): number {
  if (kind !== 'dnat' && kind !== 'snat') return 0;
  return Object.values(undone).reduce((left, number) => left - number, connections);
}

const VERDICT_WORDS: Readonly<Partial<Record<PairVerdict, string>>> = {
  inverse: 'undone in the replies',
  restored: 'undone where it was not seen',
  broken: 'NOT undone: replies come to the client under another name',
  unknown: 'no reply seen',
};

/** `DNAT 172.30.0.1:443 → 10.1.0.9:8443: 8 connections; 7 undone in the replies; 1 no reply seen`. */
export function describeRewrite(rewrite: HopRewrite): string {
  const { kind, before, after, connections, portsKept, undone } = rewrite;
  const unlooked = countUnlooked(rewrite);
  const ports =
    kind === 'dnat' || kind === 'un-dnat'
      ? ''
      : portsKept === connections
        ? ', ports kept'
        : portsKept === 0
          ? ', ports changed'
          : `, ${portsKept} with their port kept`;
  const verdicts = Object.entries(undone).flatMap(([verdict, number]) => {
    const words = VERDICT_WORDS[verdict as PairVerdict];
    return words === undefined ? [] : [`${number === connections ? '' : `${number} `}${words}`];
  });
  return [
    `${kindWord(kind)} ${before === after ? before : `${before} → ${after}`}: ${connections.toLocaleString('en-GB')} ${connections === 1 ? 'connection' : 'connections'}${ports}`,
    ...verdicts,
    ...(unlooked > 0 ? [`${unlooked} not looked at`] : []),
  ].join('; ');
}
