// Who knocks at many ports of one host, once each, is looking what is there: no user's connection fails when most of them are closed.
import { parseEndpoint } from '../model/endpoint';
import type { HandshakeFacts } from './handshake-facts';
import { THRESHOLDS } from './thresholds';

/** One client, more ports of one host than one service has, and hardly one of them tried again by another connection. */
export function isScan(handshakes: readonly HandshakeFacts[]): boolean {
  const tries = new Map<string, number>();
  const clients = new Set<string>();
  const hosts = new Set<string>();
  for (const { asked } of handshakes) {
    clients.add(parseEndpoint(asked.client).address);
    hosts.add(parseEndpoint(asked.server).address);
    tries.set(asked.server, (tries.get(asked.server) ?? 0) + 1);
  }
  return (
    clients.size === 1 &&
    hosts.size === 1 &&
    tries.size > THRESHOLDS.portsOfOneCause &&
    handshakes.length <= THRESHOLDS.scanTries * tries.size
  );
}

export const SCAN_TEXT =
  'One client tries many ports of one host, each hardly more than once: that is how a port scan looks, and then nobody’s connection failed.';
