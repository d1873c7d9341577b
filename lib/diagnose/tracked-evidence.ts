// Entries of connection tracking beside the captures: the very entry that holds a tuple, or that shows how a connection was translated.
import { counted } from '../base/counted';
import type { ConnectionSummary } from '../model/connection';
import type { Evidence, TrackedEntry, TrackedTuple } from '../model/evidence';
import type { Finding } from '../model/finding';
import { atMoment } from './counter-facts';
import type { CaseFacts } from './facts';

import type { Testimony } from './testimony';
import { THRESHOLDS } from './thresholds';

type Filed = TrackedEntry & { readonly file: string };

/** Which entries speak for a rule's finding about this connection, and what each says. */
interface Reading {
  readonly speaksFor: (entry: TrackedEntry, legs: Legs) => boolean;
  readonly says: string;
  readonly ground: string;
}

interface Legs {
  /** As the client asked, and under every name that some point saw, `client server`. */
  readonly asked: string;
  readonly seen: ReadonlySet<string>;
}

const keyOf = ({ client, server }: TrackedTuple): string => `${client} ${server}`;
const isTranslated = ({ original, reply }: TrackedEntry): boolean =>
  original.client !== reply.client || original.server !== reply.server;

const READINGS: Readonly<Record<string, Reading>> = {
  'tuple-collision': {
    // The connection's own SYNs are not let in: an entry with its tuple is another's.
    speaksFor: ({ original, reply }, { seen }) =>
      seen.has(keyOf(reply)) || seen.has(keyOf(original)),
    says: 'this entry holds the tuple that the lost SYNs ask for',
    ground: 'Connection tracking holds the tuple, as its own table beside the captures shows.',
  },
  'half-untranslated-reply': {
    speaksFor: (entry, { asked, seen }) =>
      isTranslated(entry) &&
      keyOf(entry.original) === asked &&
      entry.original.client !== entry.reply.client &&
      entry.original.server !== entry.reply.server &&
      seen.has(keyOf(entry.reply)),
    says: 'source and destination are both translated, so that an answer needs both translated back',
    ground:
      'Connection tracking knows both translations, as its own table beside the captures shows.',
  },
  'untranslated-reply': {
    speaksFor: (entry, { asked }) => isTranslated(entry) && keyOf(entry.original) === asked,
    says: 'the translation is known, and the answers pass by it',
    ground:
      'Connection tracking knows the translation, as its own table beside the captures shows.',
  },
  'stale-udp-translation': {
    speaksFor: (entry, { asked, seen }) =>
      isTranslated(entry) && keyOf(entry.original) === asked && seen.has(keyOf(entry.reply)),
    says: 'this entry leads the client to the endpoint that is gone',
    ground:
      'The entry that is out of date is in connection tracking’s own table beside the captures.',
  },
};

/** What entries say of the finding's connections. */
export function entriesSay(
  facts: CaseFacts,
  finding: Finding,
  evidence: readonly Evidence[],
): readonly Testimony[] {
  const reading = READINGS[finding.rule];
  const isExhausted = finding.rule === 'snat-port-exhaustion';
  if (reading === undefined && !isExhausted) return [];
  const entries = evidence.flatMap((one) =>
    one.kind === 'tracking'
      ? one.entries.map((entry): Filed => ({ file: one.file, ...entry }))
      : [],
  );
  if (entries.length === 0) return [];
  const ids = new Set(finding.connections);
  const concerned = facts.connections.filter(({ id }) => ids.has(id));
  if (reading === undefined) return countPorts(concerned, entries);
  const legs = concerned.map(legsOf);
  const found = entries.filter((entry) => legs.some((one) => reading.speaksFor(entry, one)));
  if (found.length === 0) return [];
  // One entry a tuple: dumps that follow each other repeat them.
  const once = [...new Map(found.map((entry) => [keyOf(entry.original), entry])).values()];
  return [
    {
      speaks: 'for',
      takes: 0,
      ground: reading.ground,
      told: once.slice(0, THRESHOLDS.citedEntries).map((entry) => ({
        file: entry.file,
        line: entry.line,
        text: tell(entry, reading.says),
        speaks: 'for',
      })),
    },
  ];
}

const legsOf = (connection: ConnectionSummary): Legs => ({
  asked: keyOf(connection),
  seen: new Set(connection.legs.map(keyOf)),
});

function tell({ original, reply, state, timeMs, ...entry }: Filed, says: string): string {
  const under = isTranslated({ original, reply, state, timeMs, ...entry })
    ? `, answered as ${reply.server} > ${reply.client}`
    : '';
  return `Connection tracking has ${original.client} > ${original.server}${under}${state === null ? '' : ` (${state})`}${atMoment(timeMs)}: ${says}.`;
}

/** Source ports that entries hold towards the server: nearly all, and none is left. */
function countPorts(
  concerned: readonly ConnectionSummary[],
  entries: readonly Filed[],
): readonly Testimony[] {
  const servers = new Set(concerned.map(({ server }) => server));
  const ports = new Map<string, Filed>();
  for (const entry of entries)
    if (servers.has(entry.original.server) && entry.original.client !== entry.reply.client)
      ports.set(entry.reply.client, entry);
  const example = [...ports.values()][0];
  if (example === undefined) return [];
  const isShort = ports.size >= THRESHOLDS.exhaustedPorts;
  const speaks = isShort ? 'for' : 'against';
  const text = `Connection tracking holds ${counted(ports.size, 'translated source port')} towards ${example.original.server}: ${isShort ? 'as many as a host has' : 'far fewer than a host has'}.`;
  return [
    {
      speaks,
      takes: 0.2,
      ground: 'The source ports in use were counted in connection tracking’s own table.',
      told: [{ file: example.file, line: example.line, text, speaks }],
    },
  ];
}
