// One row of the connection list out of the pages that were asked for.
import type { ConnectionSummary, LossCount } from '@/lib/model/connection';
import type { ConnectionGroup } from '@/lib/model/connection-groups';
import { ACTIVITY_BINS } from '@/lib/model/connection-list';
import { PAGE_ROWS } from '@/lib/store/connection-list';
import type { ConnectionPages } from '@/lib/store/workspace-state';

/** Code of a failure in the list's `severity`. */
export const FAILURE = 3;

export interface RowContent {
  readonly id: string;
  readonly protocol: string;
  /** What its first messages say; empty where they do not. */
  readonly hint: string;
  readonly client: string;
  readonly server: string;
  /** Empty where NAT left it alone. */
  readonly clientAfter: string;
  readonly serverAfter: string;
  readonly state: number;
  readonly severity: number;
  readonly ending: Pick<ConnectionSummary, 'close' | 'closing'>;
  readonly firstTime: number;
  readonly duration: number;
  readonly handshake: number;
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly losses: readonly LossCount[];
  readonly retransmissions: number;
  readonly points: readonly string[];
  readonly findings: readonly string[];
  readonly activity: Uint8Array;
}

const pageOf = (list: ConnectionPages, row: number) => {
  const page = list.pages[Math.floor(row / PAGE_ROWS)];
  const at = row - (page?.from ?? 0);
  return page === undefined || at >= page.ids.length ? undefined : { page, at };
};

/** undefined: the page is not there yet, or the row is the head of a group. */
export function readRow(list: ConnectionPages, row: number): RowContent | undefined {
  const place = pageOf(list, row);
  if (place === undefined || place.page.groups[place.at] !== null) return undefined;
  const { page, at } = place;
  return {
    id: page.ids[at],
    protocol: page.protocols[at],
    hint: page.hints[at],
    client: page.clients[at],
    server: page.servers[at],
    clientAfter: page.clientsAfter[at],
    serverAfter: page.serversAfter[at],
    state: page.state[at],
    severity: page.severity[at],
    ending: page.closes[at],
    firstTime: page.firstTime[at],
    duration: page.duration[at],
    handshake: page.handshake[at],
    packets: page.packets[at],
    bytes: page.bytes[at],
    lost: page.lost[at],
    losses: page.losses[at],
    retransmissions: page.retransmissions[at],
    points: page.points[at],
    findings: page.findings[at],
    activity: page.activity.subarray(at * ACTIVITY_BINS, (at + 1) * ACTIVITY_BINS),
  };
}

export function readGroup(list: ConnectionPages, row: number): ConnectionGroup | null {
  const place = pageOf(list, row);
  return place?.page.groups[place.at] ?? null;
}
