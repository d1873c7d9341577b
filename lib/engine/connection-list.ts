// The list of connections as the page's table asks for it: searched, sorted, a window at a time.
import type { ConnectionSummary } from '../model/connection';
import {
  CONNECTION_STATES,
  connectionGravity,
  connectionStateCode,
} from '../model/connection-state';
import type { Diagnosis, Severity } from '../model/finding';
import type { FilterMatches } from './filter-run';
import type { ConnectionListQuestion, ConnectionListWindow, ConnectionSort } from './protocol';

const SEVERITY_CODES: Readonly<Record<Severity, number>> = { note: 1, warning: 2, failure: 3 };

/** What the list needs of each connection besides its summary; computed once per analysis. */
export class ConnectionList {
  private readonly states: Uint8Array;
  private readonly severities: Uint8Array;
  private readonly texts: readonly string[];
  private readonly positions = new Map<string, number>();

  constructor(
    private readonly connections: readonly ConnectionSummary[],
    diagnosis: Diagnosis,
  ) {
    connections.forEach((connection, index) => {
      this.positions.set(connection.id, index);
    });
    this.states = Uint8Array.from(connections, connectionStateCode);
    this.severities = new Uint8Array(connections.length);
    const rules = connections.map(() => new Set<string>());
    for (const finding of diagnosis.findings)
      for (const id of finding.connections) {
        const index = this.positions.get(id);
        if (index === undefined) continue;
        rules[index].add(finding.rule);
        this.severities[index] = Math.max(this.severities[index], SEVERITY_CODES[finding.severity]);
      }
    this.texts = connections.map((connection, index) =>
      searchText(connection, CONNECTION_STATES[this.states[index]], rules[index]),
    );
  }

  positionOf(id: string): number | undefined {
    return this.positions.get(id);
  }

  /** Rows whose text has all the words of the search. */
  search(question: ConnectionListQuestion, revision: number): ConnectionListWindow {
    const words = question.search.toLowerCase().split(/\s+/).filter(Boolean);
    const found: number[] = [];
    this.texts.forEach((text, index) => {
      if (words.every((word) => text.includes(word))) found.push(index);
    });
    return this.window(question, found, null, revision);
  }

  /** Rows of which the filter lets a packet through. */
  filtered(
    question: ConnectionListQuestion,
    { connections, journeyCount }: FilterMatches,
    revision: number,
  ): ConnectionListWindow {
    const found: number[] = [];
    connections.forEach((matches, index) => {
      if (matches !== 0) found.push(index);
    });
    return this.window(question, found, journeyCount, revision);
  }

  private window(
    question: ConnectionListQuestion,
    found: number[],
    matchedPackets: number | null,
    revision: number,
  ): ConnectionListWindow {
    const compare = this.comparison(question.sort);
    const sign = question.descending ? -1 : 1;
    found.sort((a, b) => sign * compare(a, b) || a - b);
    const rows = found.slice(question.from, question.from + question.count);
    const of = <T>(pick: (connection: ConnectionSummary) => T): T[] =>
      rows.map((index) => pick(this.connections[index]));
    return {
      revision,
      matchedPackets,
      filterError: null,
      total: found.length,
      from: question.from,
      ids: of((c) => c.id),
      clients: of((c) => c.client),
      servers: of((c) => c.server),
      protocols: of((c) => c.protocol),
      state: Uint8Array.from(rows, (index) => this.states[index]),
      firstTime: Float64Array.from(of((c) => c.firstTime)),
      duration: Float64Array.from(of((c) => c.lastTime - c.firstTime)),
      packets: Uint32Array.from(of((c) => c.journeys)),
      lost: Uint32Array.from(of((c) => c.lost)),
      retransmissions: Uint32Array.from(of((c) => c.retransmissions)),
      translated: Uint8Array.from(of((c) => (c.translations.length > 0 ? 1 : 0))),
      severity: Uint8Array.from(rows, (index) => this.severities[index]),
    };
  }

  private comparison(sort: ConnectionSort): (a: number, b: number) => number {
    const connections = this.connections;
    const byText = (pick: (c: ConnectionSummary) => string) => (a: number, b: number) => {
      const [x, y] = [pick(connections[a]), pick(connections[b])];
      return x < y ? -1 : x > y ? 1 : 0;
    };
    const byNumber = (pick: (c: ConnectionSummary) => number) => (a: number, b: number) =>
      pick(connections[a]) - pick(connections[b]);
    switch (sort) {
      case 'client':
        return byText((c) => c.client);
      case 'server':
        return byText((c) => c.server);
      case 'protocol':
        return byText((c) => c.protocol);
      case 'state':
        return (a, b) =>
          this.severities[a] - this.severities[b] ||
          connectionGravity(this.states[a]) - connectionGravity(this.states[b]);
      case 'duration':
        return byNumber((c) => c.lastTime - c.firstTime);
      case 'packets':
        return byNumber((c) => c.journeys);
      case 'lost':
        return byNumber((c) => c.lost);
      case 'retransmissions':
        return byNumber((c) => c.retransmissions);
      case 'time':
        return byNumber((c) => c.firstTime);
    }
  }
}

const searchText = (
  connection: ConnectionSummary,
  state: string,
  rules: ReadonlySet<string>,
): string =>
  [
    connection.protocol,
    connection.client,
    connection.server,
    state,
    connection.handshake,
    connection.close,
    ...connection.legs.flatMap((leg) => [leg.client, leg.server]),
    ...rules,
  ]
    .join(' ')
    .toLowerCase();
