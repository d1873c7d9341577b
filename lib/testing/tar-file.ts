// A tar archive from its entries, as GNU tar writes it: long names in an entry of their own before the file's.

export interface TarEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `0` file (default), `2` symbolic link … */
  readonly type?: string;
}

const BLOCK = 512;

export function tarFile(entries: readonly TarEntry[]): Uint8Array {
  const encoder = new TextEncoder();
  const blocks: Uint8Array[] = [];
  for (const { name, bytes, type = '0' } of entries) {
    if (name.length > 100) blocks.push(...entry('././@LongLink', encoder.encode(`${name}\0`), 'L'));
    blocks.push(...entry(name.slice(0, 100), bytes, type));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return Uint8Array.from(Buffer.concat(blocks));
}

function entry(name: string, bytes: Uint8Array, type: string): readonly Uint8Array[] {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write('ustar  \0', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
  return [header, bytes, padding];
}
