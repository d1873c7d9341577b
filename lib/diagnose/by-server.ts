// Connections by the server they asked for, and by every server that a leg of them shows: so that no rule goes through all connections for each server.
import type { ConnectionSummary } from '../model/connection';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';

const asked = onFacts((facts) => {
  const byServer = new Map<string, ConnectionSummary[]>();
  for (const connection of facts.connections) add(byServer, connection.server, connection);
  return byServer;
});

const reached = onFacts((facts: Pick<CaseFacts, 'connections'>) => {
  const byServer = new Map<string, ConnectionSummary[]>();
  for (const connection of facts.connections)
    for (const server of new Set(connection.legs.map((leg) => leg.server)))
      add(byServer, server, connection);
  return byServer;
});

function add(
  byServer: Map<string, ConnectionSummary[]>,
  server: string,
  connection: ConnectionSummary,
): void {
  const list = byServer.get(server);
  if (list === undefined) byServer.set(server, [connection]);
  else list.push(connection);
}

/** Those whose client asked for the endpoint, in order of time. */
export const connectionsTo = (facts: CaseFacts, server: string): readonly ConnectionSummary[] =>
  asked(facts).get(server) ?? [];

/** Those that some point saw going to the endpoint, translated or not, in order of time. */
export const connectionsReaching = (
  facts: Pick<CaseFacts, 'connections'>,
  server: string,
): readonly ConnectionSummary[] => reached(facts).get(server) ?? [];
