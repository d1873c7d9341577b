// `node scripts/run.mjs bench/many-connections.ts FOLDER [CONNECTIONS]` writes the captures of a case in which one connection of very many fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildManyConnections } from '../lib/testing/many-connections';

const [folder, connections = '100000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: bench/many-connections.ts FOLDER [CONNECTIONS]');
const count = Number(connections);
const { captures, failing, lastSeen } = buildManyConnections(count, Math.floor(count * 0.73));
mkdirSync(folder, { recursive: true });
for (const { name, bytes } of captures) writeFileSync(join(folder, name), bytes);
console.log(
  `${count} connections; ${failing} fails, last seen as ${lastSeen.file} #${lastSeen.frame}`,
);
