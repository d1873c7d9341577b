// The command line as a user calls it: through npm, bundled, with its exit status. What it prints is tested in cli/.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from './root.mjs';

const elsewhere = mkdtempSync(join(tmpdir(), 'hoplane-elsewhere-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

const hoplane = (cwd: string, ...words: string[]) =>
  spawnSync('npm', ['--prefix', ROOT, 'run', '--silent', 'hoplane', '--', ...words], {
    cwd,
    encoding: 'utf8',
  });

describe('npm run hoplane', { timeout: 60_000 }, () => {
  it('hands arguments, output and exit status through', () => {
    const file = 'public/samples/article-3.1/article-3.1-cpe.pcap.gz';
    const { status, stdout } = hoplane(ROOT, 'packets', file);
    expect(status).toBe(0);
    const [header, first] = stdout.split('\n');
    expect(header.startsWith('file\tframe.number\t')).toBe(true);
    expect(first.startsWith(`${file}\t1\t`)).toBe(true);
  });

  it('takes files from where the user stands', () => {
    writeFileSync(join(elsewhere, 'broken.pcap'), 'no capture');
    const { status, stdout, stderr } = hoplane(elsewhere, 'packets', 'broken.pcap');
    expect(stderr).toContain('broken.pcap');
    expect(stdout).not.toContain(elsewhere);
    expect(status).toBe(1);
  });

  it('ends with 2 on wrong usage', () => {
    expect(hoplane(ROOT, 'analyse').status).toBe(2);
  });
});
