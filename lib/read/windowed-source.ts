// Many small reads one after the other, as listing an archive makes them: each asks the source for a window, and most find their bytes in the one before.
import type { ByteSource } from './byte-source';

const WINDOW_BYTES = 256 << 10;

/** The same bytes; reads smaller than a window are answered from one that stays in memory. */
export function windowedSource(source: ByteSource): ByteSource {
  let start = 0;
  let window = new Uint8Array(0);
  return {
    name: source.name,
    size: source.size,
    async read(offset, length) {
      if (length > WINDOW_BYTES / 2) return source.read(offset, length);
      const end = Math.min(offset + length, source.size);
      if (offset < start || end > start + window.length) {
        window = new Uint8Array(await source.read(offset, WINDOW_BYTES));
        start = offset;
      }
      return window.slice(offset - start, Math.max(offset, end) - start);
    },
  };
}
