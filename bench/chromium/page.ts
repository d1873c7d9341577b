// The bench's own page in Chromium: reads one File by Blob.stream() in both ways and into columns, each from worker to worker, and tells how long each took.
import { RpcClient } from '../../workers/rpc';
import type { ParseWorkerQuestions } from '../../workers/worker-questions';

/** Seconds. */
export interface ChromiumTimes {
  /** Blob.stream() by its usual reader. */
  readonly stream: number;
  /** Blob.stream() into one buffer over and over. */
  readonly filling: number;
  readonly columns: number;
}

declare global {
  interface Window {
    measure?: () => Promise<ChromiumTimes>;
  }
}

const input = document.createElement('input');
input.type = 'file';
document.body.append(input);

const startWorker = (name: string): Worker => new Worker(`/${name}.mjs`, { type: 'module' });

const answerOf = <T>(worker: Worker): Promise<T> =>
  new Promise((resolve) => {
    worker.addEventListener('message', (event: MessageEvent<T>) => resolve(event.data), {
      once: true,
    });
  });

async function readStream(file: File, isFilling: boolean): Promise<number> {
  const worker = startWorker('read.worker');
  await answerOf(worker);
  const start = performance.now();
  const done = answerOf(worker);
  worker.postMessage({ file, isFilling });
  await done;
  const seconds = (performance.now() - start) / 1000;
  worker.terminate();
  return seconds;
}

async function readColumns(file: File): Promise<number> {
  const sink = startWorker('sink.worker');
  await answerOf(sink);
  const parser = startWorker('parse.worker');
  const client = new RpcClient<ParseWorkerQuestions>(parser);
  const { port1, port2 } = new MessageChannel();
  sink.postMessage(port1, [port1]);
  await client.ask('connectEngine', { port: port2, spoolFolder: 'bench' }, { transfer: [port2] });
  const start = performance.now();
  const done = answerOf<number>(sink);
  await client.ask('parse', { key: 1, file, keep: null });
  const frames = await done;
  const seconds = (performance.now() - start) / 1000;
  parser.terminate();
  sink.terminate();
  if (frames === 0) throw new Error('No frames arrived');
  return seconds;
}

window.measure = async () => {
  const file = input.files?.[0];
  if (file === undefined) throw new Error('No file');
  return {
    stream: await readStream(file, false),
    filling: await readStream(file, true),
    columns: await readColumns(file),
  };
};
