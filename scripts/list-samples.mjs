// Writes public/samples/samples.json, the list behind the page's samples, from the words below and the files beside it.
// Run it after a file of a sample changed; scripts/list-samples.test.ts fails while the list is stale.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './root.mjs';

const FOLDER = join(ROOT, 'public', 'samples');

/** What each sample is called and what it teaches, in the order the page shows them. */
const WORDS = [
  {
    id: 'article-3.1',
    title: 'The article’s case 3.1: a reply that is half translated',
    teaches:
      'SYN-ACKs leave the server pod and reach the client with the pod’s address instead of the service’s: the client resets what it did not ask for.',
  },
  {
    id: 'article-3.2',
    title: 'The article’s case 3.2: two connections claim one tuple',
    teaches:
      'A direct connection uses the very tuple that a service connection holds after NAT: its SYNs die in the switch until the old entry goes.',
  },
  {
    id: 'sdn-nat-untranslated',
    title: 'Half-translated replies among healthy connections',
    teaches:
      'Five points of one path. Three connections fail like case 3.1, the others pass: the same hop, seen doing it right and wrong.',
  },
  {
    id: 'sdn-tuple-collision',
    title: 'Tuple collision, seen at five points',
    teaches:
      'The SYNs of case 3.2 with every point of the path captured: they enter the switch and never come out.',
  },
  {
    id: 'sdn-healthy',
    title: 'A healthy path, for comparison',
    teaches:
      'Service connections that succeed: every packet passes tun0 twice, before and after NAT, in both directions.',
  },
];

/** The list as it should be; sizes are those of the compressed files, as they are served. */
export function listSamples() {
  return WORDS.map((sample) => ({
    ...sample,
    files: readdirSync(join(FOLDER, sample.id))
      .filter((name) => name.endsWith('.pcap.gz'))
      .sort()
      .map((name) => ({ name, size: statSync(join(FOLDER, sample.id, name)).size })),
  }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(FOLDER, 'samples.json'), `${JSON.stringify(listSamples(), null, 2)}\n`);
}
