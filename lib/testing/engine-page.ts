// The engine driven as the page drives it, without a page: captures begun and read one after the other, parsers' messages handed over.
import { Engine } from '../engine/engine';
import { parseCapture } from '../engine/parse-capture';
import type { CaptureKey } from '../engine/protocol';
import type { ByteSource } from '../read/byte-source';

export class EnginePage {
  private readonly waiting: (() => void)[] = [];
  readonly engine = new Engine(() => {
    if (this.engine.status().phase === 'ready') for (const go of this.waiting.splice(0)) go();
  });
  private nextKey: CaptureKey = 1;

  begin(source: ByteSource): CaptureKey {
    const key = this.nextKey++;
    this.engine.beginCapture(key, source.name, source.size);
    this.engine.attachSource(key, source);
    return key;
  }

  async read(key: CaptureKey, source: ByteSource): Promise<void> {
    const result = await parseCapture(source, {
      block: (block) => this.engine.handle({ type: 'block', key, block }),
      progress: (bytesRead, frames) =>
        this.engine.handle({ type: 'progress', key, bytesRead, frames }),
    });
    this.engine.handle(
      result.ok
        ? { type: 'done', key, summary: result.value }
        : { type: 'failed', key, warning: result.error },
    );
  }

  async open(sources: readonly ByteSource[]): Promise<CaptureKey[]> {
    const keys = sources.map((source) => this.begin(source));
    for (const [index, source] of sources.entries()) await this.read(keys[index], source);
    await this.ready();
    return keys;
  }

  ready(): Promise<void> {
    if (this.engine.status().phase === 'ready') return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
