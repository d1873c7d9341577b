// The command itself, as Node runs it: how a package is loaded there differs from what the tests' own loader does.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, ROOT));

it.each(['cpe.pcap.xz', 'cpe.pcap.zst'])('opens %s in the terminal', (name) => {
  const printed = execFileSync(
    process.execPath,
    [at('scripts/hoplane.mjs'), 'packets', at(`e2e/captures/packed/${name}`)],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect(printed.split('\n').length).toBeGreaterThan(2);
});

it.skipIf(process.platform === 'win32')('reads what comes through a pipe', () => {
  const command = `"${process.execPath}" "${at('scripts/hoplane.mjs')}" packets <(cat "${at('e2e/captures/packed/cpe.pcap.zst')}")`;
  const printed = execFileSync('bash', ['-c', command], { encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(printed.split('\n').length).toBeGreaterThan(2);
});
