// The connection list in groups: connections of one service, pod or client under a head that sums them up.
import type { ConnectionSummary } from './connection';
import { connectionGravity, isTroubled } from './connection-state';

/** `service`: the server as clients name it. `pod`: the address that serves, after NAT. `client`: the client's address. */
export const GROUPINGS = ['none', 'service', 'pod', 'client'] as const;
export type GroupBy = (typeof GROUPINGS)[number];

export interface ConnectionGroup {
  readonly key: string;
  readonly connections: number;
  /** Connections in trouble (connection-state.ts). */
  readonly troubled: number;
  readonly packets: number;
  readonly lost: number;
  readonly retransmissions: number;
  /** The gravest state among them, a code of CONNECTION_STATES. */
  readonly state: number;
  /** The worst finding that names one of them: 0 none … 3 a failure. */
  readonly severity: number;
  readonly folded: boolean;
}

/** The group's key of each connection. */
export function groupTexts(
  connections: readonly ConnectionSummary[],
  group: Exclude<GroupBy, 'none'>,
): readonly string[] {
  switch (group) {
    case 'service':
      return connections.map((connection) => connection.server);
    case 'client':
      return connections.map((connection) => addressOf(connection.client));
    case 'pod':
      return connections.map(({ server, translations }) =>
        addressOf(
          translations.findLast((one) => one.kind === 'dnat' && one.direction === 'forward')
            ?.after ?? server,
        ),
      );
  }
}

/** `10.0.0.1:80` → `10.0.0.1`, `[fd00::1]:80` → `fd00::1`; what has no port stays. */
function addressOf(endpoint: string): string {
  const bracketed = /^\[(.+)\]:\d+$/.exec(endpoint)?.[1];
  if (bracketed !== undefined) return bracketed;
  const parts = endpoint.split(':');
  return parts.length === 2 ? parts[0] : endpoint;
}

/** Groups in the order of their first rows; rows keep theirs within a group. Row −1 − g is the head of group g. */
export function groupRows(
  ordered: Uint32Array,
  texts: readonly string[],
  folded: ReadonlySet<string>,
  connections: readonly ConnectionSummary[],
  states: Uint8Array,
  severities: Uint8Array,
): { readonly rows: Float64Array; readonly groups: readonly ConnectionGroup[] } {
  const members = new Map<string, number[]>();
  for (const position of ordered) {
    const key = texts[position];
    const group = members.get(key);
    if (group === undefined) members.set(key, [position]);
    else group.push(position);
  }
  const rows = new Float64Array(ordered.length + members.size);
  const groups: ConnectionGroup[] = [];
  let count = 0;
  for (const [key, positions] of members) {
    const isFolded = folded.has(key);
    const sums = {
      troubled: 0,
      packets: 0,
      lost: 0,
      retransmissions: 0,
      state: states[positions[0]],
      severity: 0,
    };
    for (const position of positions) {
      const { journeys, lost, retransmissions } = connections[position];
      sums.packets += journeys;
      sums.lost += lost;
      sums.retransmissions += retransmissions;
      sums.severity = Math.max(sums.severity, severities[position]);
      sums.troubled += isTroubled(states[position], severities[position]) ? 1 : 0;
      if (connectionGravity(states[position]) > connectionGravity(sums.state))
        sums.state = states[position];
    }
    groups.push({ key, connections: positions.length, ...sums, folded: isFolded });
    rows[count++] = -groups.length;
    if (!isFolded) for (const position of positions) rows[count++] = position;
  }
  return { rows: rows.subarray(0, count), groups };
}
