// How long tasks of the page's thread take, in time of the processor, which a busy machine does not lengthen.
import type { Browser } from '@playwright/test';

/** What a user feels as a stutter: 50 ms, in µs. */
export const LONG_TASK_US = 50_000;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** µs: when it began, by the clock; how long it took by the clock, and in time of the processor. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
}

/** What the test itself asks of the page comes by this door. */
const OF_THE_TEST = 'blink.mojom.DevToolsSession';

/** Time of the processor, µs, that each task of the pages' main threads took while `action` went on; the test's own questions are none of the page's. */
export async function traceTasks(browser: Browser, action: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(undefined, { categories: ['toplevel'] });
  await action();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const events = trace.traceEvents;
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const asked = events.filter(
    ({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag === OF_THE_TEST,
  );
  const isAsked = ({ pid, tid, ts, dur = 0 }: TraceEvent): boolean =>
    asked.some(
      (other) => other.pid === pid && other.tid === tid && other.ts >= ts && other.ts <= ts + dur,
    );
  return events
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && threads.has(`${pid} ${tid}`))
    .filter((event) => (event.tdur ?? 0) <= LONG_TASK_US || !isAsked(event))
    .map(({ tdur }) => tdur ?? 0);
}
