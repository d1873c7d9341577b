import { describe, expect, it } from 'vitest';
import { articleSnapshot } from '../testing/article-snapshot';
import { CONNECTION_STATES, connectionGravity, connectionState } from './connection-state';

const [article] = articleSnapshot.connections;

describe('connectionState', () => {
  it.each([
    [{ handshake: 'failed', close: 'timeout', lost: 2 }, 'failed'],
    [{ handshake: 'complete', close: 'timeout', lost: 0 }, 'failed'],
    [{ handshake: 'complete', close: 'reset', lost: 1 }, 'lossy'],
    [{ handshake: 'complete', close: 'reset', lost: 0 }, 'reset'],
    [{ handshake: 'complete', close: 'fin', lost: 0 }, 'closed'],
    [{ handshake: 'unseen', close: 'open', lost: 0 }, 'open'],
    [{ handshake: null, close: null, lost: 0 }, 'exchange'],
  ] as const)('%o is %s', (outcome, state) => {
    expect(connectionState({ ...article, ...outcome })).toBe(state);
  });
});

describe('connectionGravity', () => {
  it('ranks every state, a failure highest', () => {
    const ranked = CONNECTION_STATES.map((state, code) => [connectionGravity(code), state] as const)
      .sort(([a], [b]) => a - b)
      .map(([, state]) => state);
    expect(ranked).toEqual(['exchange', 'closed', 'open', 'reset', 'lossy', 'failed']);
  });
});
