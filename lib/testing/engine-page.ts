// The engine driven as the page drives it, without a page: captures begun and read one after the other, parsers' messages handed over.
import { Engine } from '../engine/engine';
import { parseCapture } from '../engine/parse-capture';
import type { CaptureKey, EngineStatus } from '../engine/protocol';
import type { ByteSource } from '../read/byte-source';

export class EnginePage {
  private readonly waiting: { holds: (status: EngineStatus) => boolean; go: () => void }[] = [];
  readonly engine: Engine;
  private nextKey: CaptureKey = 1;

  /** `nowMs`: the clock by which the engine tells how long reading takes. */
  constructor(nowMs?: () => number) {
    this.engine = new Engine(() => {
      for (const waiting of this.waiting.splice(0)) this.waitFor(waiting.holds).then(waiting.go);
    }, nowMs);
  }

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
    return this.waitFor(({ phase }) => phase === 'ready');
  }

  /** Resolves when the engine's status is so. */
  waitFor(holds: (status: EngineStatus) => boolean): Promise<void> {
    if (holds(this.engine.status())) return Promise.resolve();
    return new Promise((go) => this.waiting.push({ holds, go }));
  }
}
