// The words behind ConnectionListWindow.state, and what each means to a reader. The type ties them to the engine's own list.
import type { CONNECTION_STATES } from '../engine/protocol';

export const CONNECTION_STATE_NAMES: typeof CONNECTION_STATES = [
  'open',
  'closed',
  'reset',
  'failed',
  'lossy',
  'exchange',
];
export type ConnectionStateName = (typeof CONNECTION_STATES)[number];

export const CONNECTION_STATE_WORDS: Readonly<Record<ConnectionStateName, string>> = {
  open: 'open at the end of the captures',
  closed: 'closed in order',
  reset: 'ended by a reset',
  failed: 'never established',
  lossy: 'packets lost',
  exchange: 'messages without a connection',
};
