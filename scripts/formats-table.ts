// `node scripts/run.mjs scripts/formats-table.ts` writes README's table of formats from the tables of readers and decoders; formats-table.test.ts fails while it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { ARCHIVES } from '../lib/read/archives';
import { COMPRESSIONS } from '../lib/read/compressions';
import { CONTAINERS } from '../lib/read/containers';
import { LAYERS, type Layer, PAYLOAD_LAYERS } from '../lib/wire/layers';
import { LINK_TYPES } from '../lib/wire/link-types';

const BEGIN = '<!-- formats: made by scripts/formats-table.ts -->';
const END = '<!-- formats: end -->';

const titlesOf = (kind: Layer['kind']): string =>
  LAYERS.filter((layer) => layer.kind === kind)
    .map(({ title }) => title)
    .join(', ');

/** `raw IP (12, 14, 101)`: link types of one name together, in the order of the table. */
function linkTypes(): string {
  const numbers = new Map<string, number[]>();
  for (const { name, number } of LINK_TYPES)
    numbers.set(name, [...(numbers.get(name) ?? []), number]);
  return [...numbers].map(([name, list]) => `${name} (${list.join(', ')})`).join(', ');
}

/** The table, of lines each ended. */
export function formatsTable(): string {
  const rows: [string, string][] = [
    ['Captures', CONTAINERS.map(({ name }) => name).join('; ')],
    ['Compressed', COMPRESSIONS.map(({ name, ending }) => `${name} (${ending})`).join(', ')],
    ['Archives', ARCHIVES.map(({ endings }) => endings.join(' ')).join(' ')],
    ['Link types', linkTypes()],
    ['Between link and network', titlesOf('tag')],
    ['Network', titlesOf('network')],
    ['Tunnels, followed to the innermost packet', `${titlesOf('tunnel')}, IP in IP, 6in4`],
    ['Above', titlesOf('transport')],
    ['Named, or read at its head', PAYLOAD_LAYERS.map(({ title }) => title).join(', ')],
  ];
  return [
    '| what | read |',
    '|---|---|',
    ...rows.map(([what, read]) => `| ${what} | ${read} |`),
    '',
  ].join('\n');
}

/** The text with the table in its place; throws where the place is not marked. */
export function withFormatsTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('README.md has no place for the table of formats');
  return `${readme.slice(0, begin + BEGIN.length)}\n${formatsTable()}${readme.slice(end)}`;
}

if (process.argv[1]?.endsWith('formats-table.ts'))
  writeFileSync('README.md', withFormatsTable(readFileSync('README.md', 'utf8')));
