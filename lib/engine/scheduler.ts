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
    this.run += 1;
    const own = this.run;
    await yieldToEventLoop();
    while (own === this.run) {
      const end = performance.now() + SLICE_MS;
      let step = steps.next();
      while (!step.done && performance.now() < end) step = steps.next();
      if (step.done) return step.value;
      onProgress(step.value);
      await yieldToEventLoop();
    }
    return undefined;
  }

  cancel(): void {
    this.run += 1;
  }
}
