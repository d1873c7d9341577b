// The list of connections as the page's table asks for it: searched, sorted, grouped, a window at a time. The same over an analysis (lib/engine) and over a
// snapshot (lib/store). Rows are numbers: positions in the order of connections; what a window shows is picked for its rows alone.
import { closeWords } from './closing';
import type { ConnectionSummary, LossCount } from './connection';
import { type ConnectionGroup, type GroupBy, groupRows, groupTexts } from './connection-groups';
import { type ConnectionSort, OrderCache, rankTexts } from './connection-order';
import {
  CONNECTION_STATES,
  connectionGravity,
  connectionStateCode,
  isTroubled,
} from './connection-state';
import type { Finding, Severity } from './finding';

/** Bins of a connection's activity, over the span of all packets. */
export const ACTIVITY_BINS = 24;

const SEVERITY_CODES: Readonly<Record<Severity, number>> = { note: 1, warning: 2, failure: 3 };

/** Which rows, in which order. */
export interface ConnectionOrderQuestion {
  /** A display filter (lib/filter); or words that must all occur in the row's protocol, hint, endpoints (before or after NAT), state or rule ids. */
  readonly search: string;
  readonly sort: ConnectionSort;
  readonly descending: boolean;
  readonly group: GroupBy;
  /** Keys of the groups of which only the head is a row. */
  readonly folded: readonly string[];
}

export interface ConnectionListQuestion extends ConnectionOrderQuestion {
  readonly from: number;
  readonly count: number;
}

/** A window of the list; arrays have one element a row. The head of a group is a row too: its `groups` element is there, its `ids` element is empty. */
export interface ConnectionRows {
  readonly total: number;
  /** Connections that the search left, without heads. */
  readonly matched: number;
  readonly from: number;
  readonly ids: readonly string[];
  readonly groups: readonly (ConnectionGroup | null)[];
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  /** Endpoints nearest to the server, where NAT changed them; else empty. */
  readonly clientsAfter: readonly string[];
  readonly serversAfter: readonly string[];
  readonly protocols: readonly string[];
  /** What the first messages say (ConnectionMetrics.hint). */
  readonly hints: readonly string[];
  /** Ids of the points that saw it, in path order. */
  readonly points: readonly (readonly string[])[];
  readonly losses: readonly (readonly LossCount[])[];
  /** Ids of the findings that name it, worst first. */
  readonly findings: readonly (readonly string[])[];
  /** Codes of CONNECTION_STATES. */
  readonly state: Uint8Array;
  /** How it ended, and who ended it. */
  readonly closes: readonly Pick<ConnectionSummary, 'close' | 'closing'>[];
  /** ns after the base, and ns. */
  readonly firstTime: Float64Array;
  readonly duration: Float64Array;
  /** SYN to the client's acknowledgement of the SYN-ACK, ns; NaN where it was not seen. */
  readonly handshake: Float64Array;
  readonly packets: Uint32Array;
  /** On the wire, each packet counted once. */
  readonly bytes: Float64Array;
  readonly lost: Uint32Array;
  readonly retransmissions: Uint32Array;
  /** 0: none, 1: note, 2: warning, 3: failure: the worst finding that names the connection. */
  readonly severity: Uint8Array;
  /** ACTIVITY_BINS a row: packets of the bin, as a share of the row's fullest bin, 0 … 255; a bin with any is at least 1. */
  readonly activity: Uint8Array;
}

/** What summaries do not hold; computed when asked for. */
export interface ConnectionMetrics {
  bytes(position: number): number;
  /** NaN where it was not seen. */
  handshake(position: number): number;
  /** What its first messages say it is: `TLS 1.3 api.example.com (h2)`; empty where they do not. */
  hint(position: number): string;
  /** Packets in each of `counts.length` equal bins of the whole span. */
  countActivity(position: number, counts: Uint32Array): void;
}

export class ConnectionList {
  private readonly states: Uint8Array;
  private readonly severities: Uint8Array;
  /** Findings by position; most have none. */
  private readonly findings = new Map<number, Finding[]>();
  private readonly positions = new Map<string, number>();
  private readonly orders: OrderCache;
  private searched: { readonly text: string; readonly members: Uint8Array | null } = {
    text: '',
    members: null,
  };
  private laid: { readonly key: string; readonly rows: Float64Array; matched: number } | undefined;
  private groups: readonly ConnectionGroup[] = [];
  private laidMembers: Uint8Array | null = null;

  constructor(
    private readonly connections: readonly ConnectionSummary[],
    findings: readonly Finding[],
    private readonly metrics: ConnectionMetrics,
  ) {
    connections.forEach((connection, index) => {
      this.positions.set(connection.id, index);
    });
    this.states = Uint8Array.from(connections, connectionStateCode);
    this.severities = new Uint8Array(connections.length);
    for (const finding of findings)
      for (const id of finding.connections) {
        const index = this.positions.get(id);
        if (index === undefined) continue;
        this.findings.set(index, [...(this.findings.get(index) ?? []), finding]);
        this.severities[index] = Math.max(this.severities[index], SEVERITY_CODES[finding.severity]);
      }
    this.orders = new OrderCache(connections.length, (sort) => this.keys(sort));
  }

  positionOf(id: string): number | undefined {
    return this.positions.get(id);
  }

  /** By position: 1 where all words of the search occur; null: there are no words. */
  matchWords(search: string): Uint8Array | null {
    if (this.searched.text === search) return this.searched.members;
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const members =
      words.length === 0
        ? null
        : Uint8Array.from(this.connections, (connection, index) =>
            words.every((word) => this.hasWord(connection, index, word)) ? 1 : 0,
          );
    this.searched = { text: search, members };
    return members;
  }

  /** `members`: by position, 1 for those that the search left; null: all. */
  window(question: ConnectionListQuestion, members: Uint8Array | null): ConnectionRows {
    const { rows, matched } = this.layOut(question, members);
    const shown = rows.subarray(question.from, question.from + question.count);
    const positions = Array.from(shown);
    const of = <T>(pick: (connection: ConnectionSummary, position: number) => T, none: T): T[] =>
      positions.map((row) => (row < 0 ? none : pick(this.connections[row], row)));
    return {
      total: rows.length,
      matched,
      from: question.from,
      ids: of((c) => c.id, ''),
      groups: positions.map((row) => (row < 0 ? this.groups[-row - 1] : null)),
      clients: of((c) => c.client, ''),
      servers: of((c) => c.server, ''),
      clientsAfter: of((c) => endpointAfter(c, 'snat'), ''),
      serversAfter: of((c) => endpointAfter(c, 'dnat'), ''),
      protocols: of((c) => c.protocol, ''),
      hints: of((_, row) => this.metrics.hint(row), ''),
      points: of<readonly string[]>((c) => c.points, []),
      losses: of<readonly LossCount[]>((c) => c.losses, []),
      findings: of<readonly string[]>((_, row) => this.findingsOf(row).map(({ id }) => id), []),
      state: Uint8Array.from(of((_, row) => this.states[row], 0)),
      closes: of<Pick<ConnectionSummary, 'close' | 'closing'>>(
        ({ close, closing }) => ({ close, closing }),
        { close: null },
      ),
      firstTime: Float64Array.from(of((c) => c.firstTime, 0)),
      duration: Float64Array.from(of((c) => c.lastTime - c.firstTime, 0)),
      handshake: Float64Array.from(of((_, row) => this.metrics.handshake(row), Number.NaN)),
      packets: Uint32Array.from(of((c) => c.journeys, 0)),
      bytes: Float64Array.from(of((_, row) => this.metrics.bytes(row), 0)),
      lost: Uint32Array.from(of((c) => c.lost, 0)),
      retransmissions: Uint32Array.from(of((c) => c.retransmissions, 0)),
      severity: Uint8Array.from(of((_, row) => this.severities[row], 0)),
      activity: this.activityOf(positions),
    };
  }

  /**
   * The row of connection `id` (`step` 0), or of the next one in trouble after it (1) or before it (−1), round the ends. Without an id, or with one that is
   * not in the list, from its beginning. Null where there is none.
   */
  seek(
    question: ConnectionOrderQuestion,
    members: Uint8Array | null,
    id: string | null,
    step: -1 | 0 | 1,
  ): { readonly id: string; readonly row: number } | null {
    const { rows } = this.layOut(question, members);
    const position = id === null ? undefined : this.positions.get(id);
    const at = position === undefined ? -1 : rows.indexOf(position);
    if (step === 0) return at < 0 || id === null ? null : { id, row: at };
    const start = at < 0 && step < 0 ? 0 : at;
    for (let passed = 1; passed <= rows.length; passed += 1) {
      const row = (start + step * passed + 2 * rows.length) % rows.length;
      const found = rows[row];
      if (found >= 0 && isTroubled(this.states[found], this.severities[found]))
        return { id: this.connections[found].id, row };
    }
    return null;
  }

  /** Rows in order: positions, and −1 − g for the head of group g. */
  private layOut(
    { sort, descending, group, folded }: ConnectionOrderQuestion,
    members: Uint8Array | null,
  ): { readonly rows: Float64Array; readonly matched: number } {
    const key = `${sort} ${descending} ${group} ${folded.join('\n')}`;
    if (this.laid?.key === key && this.laidMembers === members) return this.laid;
    const ordered = this.orders.rows(sort, descending, members);
    if (group === 'none') {
      this.groups = [];
      this.laid = { key, rows: Float64Array.from(ordered), matched: ordered.length };
    } else {
      const { rows, groups } = groupRows(
        ordered,
        groupTexts(this.connections, group),
        new Set(folded),
        this.connections,
        this.states,
        this.severities,
      );
      this.groups = groups;
      this.laid = { key, rows, matched: ordered.length };
    }
    this.laidMembers = members;
    return this.laid;
  }

  private keys(sort: ConnectionSort): Float64Array {
    const { connections, metrics } = this;
    const numbers = (pick: (c: ConnectionSummary, position: number) => number) =>
      Float64Array.from(connections, pick);
    switch (sort) {
      case 'client':
        return rankTexts(connections.map((c) => c.client));
      case 'server':
        return rankTexts(connections.map((c) => c.server));
      case 'after':
        return rankTexts(
          connections.map((c) => endpointAfter(c, 'dnat') || endpointAfter(c, 'snat')),
        );
      case 'protocol':
        return rankTexts(connections.map((c) => c.protocol));
      case 'hint':
        return rankTexts(connections.map((_, row) => metrics.hint(row)));
      case 'state':
        return numbers(
          (_, row) =>
            this.severities[row] * CONNECTION_STATES.length + connectionGravity(this.states[row]),
        );
      case 'findings':
        return numbers((_, row) => this.severities[row] * 1000 + this.findingsOf(row).length);
      case 'points':
        return numbers((c) => c.points.length);
      case 'duration':
        return numbers((c) => c.lastTime - c.firstTime);
      case 'handshake':
        return numbers((_, row) => metrics.handshake(row));
      case 'close':
        return rankTexts(connections.map(closeWords));
      case 'packets':
        return numbers((c) => c.journeys);
      case 'bytes':
        return numbers((_, row) => metrics.bytes(row));
      case 'lost':
        return numbers((c) => c.lost);
      case 'retransmissions':
        return numbers((c) => c.retransmissions);
      case 'time':
        return numbers((c) => c.firstTime);
    }
  }

  private findingsOf(position: number): readonly Finding[] {
    return this.findings.get(position) ?? [];
  }

  private activityOf(positions: readonly number[]): Uint8Array {
    const activity = new Uint8Array(positions.length * ACTIVITY_BINS);
    const counts = new Uint32Array(ACTIVITY_BINS);
    positions.forEach((row, at) => {
      if (row < 0) return;
      counts.fill(0);
      this.metrics.countActivity(row, counts);
      const most = counts.reduce((a, b) => Math.max(a, b), 0);
      for (let bin = 0; bin < ACTIVITY_BINS; bin += 1)
        if (counts[bin] > 0)
          activity[at * ACTIVITY_BINS + bin] = Math.max(1, Math.round((255 * counts[bin]) / most));
    });
    return activity;
  }

  private hasWord(connection: ConnectionSummary, position: number, word: string): boolean {
    const { protocol, client, server, handshake, legs } = connection;
    return (
      client.includes(word) ||
      server.includes(word) ||
      protocol.includes(word) ||
      this.metrics.hint(position).toLowerCase().includes(word) ||
      CONNECTION_STATES[this.states[position]].includes(word) ||
      (handshake?.includes(word) ?? false) ||
      closeWords(connection).includes(word) ||
      legs.some((leg) => leg.client.includes(word) || leg.server.includes(word)) ||
      this.findingsOf(position).some(({ rule }) => rule.includes(word))
    );
  }
}

/** The endpoint that the last translation of this kind on the way forward wrote; empty: none did. */
const endpointAfter = ({ translations }: ConnectionSummary, kind: 'snat' | 'dnat'): string =>
  translations.findLast((one) => one.kind === kind && one.direction === 'forward')?.after ?? '';
