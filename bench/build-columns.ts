// `node scripts/run.mjs bench/build-columns.ts FILE`: builds the columns of one capture, keeps them, prints the number of frames. What `bench read` times as a whole process.
import { parseCapture } from '../lib/engine/parse-capture';
import type { ParsedBlock } from '../lib/model/parsed-block';
import { openFileSource } from '../lib/read/node-file-source';

const path = process.argv[2];
if (path === undefined) {
  console.error('Name a capture');
  process.exit(2);
}
const source = await openFileSource(path, path);
const kept: ParsedBlock[] = [];
const parsed = await parseCapture(source, {
  block: (block) => {
    kept.push(block);
  },
  progress() {},
});
await source.close();
if (!parsed.ok) throw new Error(parsed.error.text);
console.log(kept.reduce((sum, { rows }) => sum + rows, 0));
