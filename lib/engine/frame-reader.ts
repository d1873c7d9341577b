// Frames of one capture as the inspector shows them: bytes from the source, decoded into layers. A compressed source is inflated once, when
// the first frame is asked for, and kept while the capture is held.
import type { FrameDetail } from '../model/protocol-tree';
import type { ByteSource } from '../read/byte-source';
import { openDecompressed } from '../read/inflate';
import { decodeTree } from '../wire/decode-tree';
import { type ReadCapture, readFrame } from './read-frame';

export class FrameReader {
  private opened: Promise<ByteSource | null> | undefined;

  /** `source` as the user has it. */
  constructor(private readonly source: ByteSource) {}

  /** Frame number `frame` (from 1); null where there is none or the file can no longer be read. */
  async read(capture: ReadCapture, frame: number): Promise<FrameDetail | null> {
    this.opened ??= openDecompressed(this.source).then(
      (opened) => (opened.ok ? opened.value.source : null),
      () => null,
    );
    const source = await this.opened;
    if (source === null) return null;
    const found = await readFrame(source, capture, frame - 1);
    if (found === undefined) return null;
    return {
      file: this.source.name,
      frame,
      time: found.timeNs,
      capturedLength: found.bytes.length,
      wireLength: found.wireLength,
      layers: decodeTree(found.bytes, found.linkType, found.wireLength),
      bytes: found.bytes,
    };
  }
}
