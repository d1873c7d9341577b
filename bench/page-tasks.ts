// Tasks of the page's thread out of a trace of Chromium: how long each took by the clock, and in processor time, which a busy machine does not lengthen.

export interface PageTask {
  readonly clockMs: number;
  readonly processorMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: by the clock, and of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;

/** Of the page's thread with most to do: that of the page, not of an empty tab. `trace`: JSON with the category `toplevel`. */
export function readPageTasks(trace: Buffer): readonly PageTask[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const tasks = new Map<string, PageTask[]>();
  for (const event of traceEvents)
    if (event.name === 'thread_name' && event.args.name === 'CrRendererMain')
      tasks.set(threadOf(event), []);
  for (const event of traceEvents)
    if (event.name.endsWith('RunTask') && event.ph === 'X')
      tasks.get(threadOf(event))?.push({
        clockMs: (event.dur ?? 0) / 1000,
        processorMs: (event.tdur ?? 0) / 1000,
      });
  return [...tasks.values()].reduce((most, some) => (some.length > most.length ? some : most), []);
}
