// Runs one generator of steps in slices, so that questions that came in meanwhile are answered between two of them.
import { yieldToEventLoop } from '../read/event-loop';

/** A slice of work between two looks at the queue. */
const SLICE_MS = 8;

export class Scheduler {
  private run = 0;

  /** Starts steps; what was running is dropped. Resolves with the result, or undefined when other steps or `cancel` took its place. */
  async start<T>(
    steps: Generator<number, T>,
    onProgress: (progress: number) => void,
  ): Promise<T | undefined> {
    const isWanted = this.claim();
    await yieldToEventLoop();
    while (isWanted()) {
      const end = performance.now() + SLICE_MS;
      let step = steps.next();
      while (!step.done && performance.now() < end) step = steps.next();
      if (step.done) return step.value;
      onProgress(step.value);
      await yieldToEventLoop();
    }
    return undefined;
  }

  /** For work that is no generator: what was running is dropped; whether anything took its place since. */
  claim(): () => boolean {
    this.run += 1;
    const own = this.run;
    return () => own === this.run;
  }

  cancel(): void {
    this.run += 1;
  }
}
