// Builds what changed and serves it for all browser tests; HOPLANE_URL tells them where. The returned function stops the server.
import { ensureBuilt } from '../scripts/build.mjs';
import { serve } from '../scripts/serve.mjs';

const FIRST_PORT = 3111;
const LAST_PORT = 3119;

export default async function serveForTests(): Promise<() => Promise<void>> {
  if (!ensureBuilt()) throw new Error('The production build failed: its reason stands above');
  const { address, stop } = await serve(FIRST_PORT, LAST_PORT);
  process.env.HOPLANE_URL = address;
  return stop;
}
