// The outcome of a connection at a glance, for lists: one word of its summary, and how grave it is.
import type { ConnectionSummary } from './connection';

/** The index is the code in windows of the connection list. Codes never leave the program. */
export const CONNECTION_STATES = [
  'open',
  'closed',
  'reset',
  'failed',
  'lossy',
  'exchange',
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** From what needs no look to what needs one. */
const GRAVITY: readonly ConnectionState[] = [
  'exchange',
  'closed',
  'open',
  'reset',
  'lossy',
  'failed',
];

/** Gravity of a code of CONNECTION_STATES; greater is graver. */
export const connectionGravity = (code: number): number => GRAVITY.indexOf(CONNECTION_STATES[code]);

export function connectionState(connection: ConnectionSummary): ConnectionState {
  const { handshake, close, lost } = connection;
  if (handshake === 'failed') return 'failed';
  if (lost > 0) return 'lossy';
  if (close === null) return 'exchange';
  if (close === 'reset') return 'reset';
  if (close === 'timeout') return 'failed';
  return close === 'fin' ? 'closed' : 'open';
}

export const connectionStateCode = (connection: ConnectionSummary): number =>
  CONNECTION_STATES.indexOf(connectionState(connection));

/** Severity from which on a finding that names the connection makes it one to look at: a warning. */
const TROUBLE_SEVERITY = 2;

/** Whether the connection is one to look at: it failed, lost packets, or a warning or failure names it. By its codes in the list. */
export const isTroubled = (state: number, severity: number): boolean =>
  severity >= TROUBLE_SEVERITY ||
  CONNECTION_STATES[state] === 'failed' ||
  CONNECTION_STATES[state] === 'lossy';
