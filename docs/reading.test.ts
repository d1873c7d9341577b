// The list of what shows reading's promises names tests that exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const list = readFileSync(join(ROOT, 'docs', 'reading.md'), 'utf8');

/** `file` “name”, “another name” … of each row. */
const cited = [...list.matchAll(/`([\w./-]+\.(?:test|spec)\.ts)`((?:,? “[^”]+”)+)/g)].flatMap(
  ([, file, names]) => [...names.matchAll(/“([^”]+)”/g)].map(([, name]) => [file, name] as const),
);

it('finds the tests', () => {
  expect(cited.length).toBeGreaterThan(50);
});

it.each(cited)('%s has “%s”', (file, name) => {
  expect(readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")).toContain(name);
});
