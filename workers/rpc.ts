// Questions and answers between threads: one typed map of question → answer, errors as values, cancel, transfer lists, and notices that nobody asked for.
// The shells of both ends are engine.worker.ts, parse.worker.ts, report.worker.ts and lib/store/engine-gateway.ts.
import { failure, type Result, success } from '../lib/base/result';

/** An interface whose members are `{ question; answer }`. */
export type QuestionMap<M> = { readonly [K in keyof M]: { question: unknown; answer: unknown } };

/** Why a question has no answer: a bug in the other thread, or that thread is gone. */
export interface RpcFailure {
  readonly message: string;
}

/** What both a Worker, a MessagePort and a worker's own global scope can do. */
export interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

type Request =
  | { readonly kind: 'ask'; readonly id: number; readonly name: PropertyKey; question: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

type Response =
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown, RpcFailure> }
  | { readonly kind: 'notice'; readonly value: unknown };

export interface AskOptions {
  /** Aborting rejects the call with AbortError and tells the other thread. */
  readonly signal?: AbortSignal;
  readonly transfer?: Transferable[];
}

interface PendingAnswer {
  readonly resolve: (result: Result<unknown, RpcFailure>) => void;
}

/** The asking end. `N` is the type of notices that the other end may send. */
export class RpcClient<M extends QuestionMap<M>, N = never> {
  private readonly pending = new Map<number, PendingAnswer>();
  private nextId = 1;
  private closed: RpcFailure | null = null;

  constructor(
    private readonly endpoint: Endpoint,
    onNotice?: (notice: N) => void,
  ) {
    endpoint.addEventListener('message', (event) => {
      const response = event.data as Response;
      if (response.kind === 'notice') {
        // What was on its way when the other thread broke would undo what is said of its end.
        if (this.closed === null) onNotice?.(response.value as N);
        return;
      }
      this.pending.get(response.id)?.resolve(response.result);
    });
  }

  ask<K extends keyof M>(
    name: K,
    question: M[K]['question'],
    { signal, transfer = [] }: AskOptions = {},
  ): Promise<Result<M[K]['answer'], RpcFailure>> {
    if (signal?.aborted) return Promise.reject(abortError());
    if (this.closed !== null) return Promise.resolve(failure(this.closed));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        if (!this.pending.delete(id)) return;
        this.endpoint.postMessage({ kind: 'cancel', id } satisfies Request, []);
        reject(abortError());
      };
      this.pending.set(id, {
        resolve: (result) => {
          this.pending.delete(id);
          signal?.removeEventListener('abort', cancel);
          resolve(result);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.endpoint.postMessage({ kind: 'ask', id, name, question } satisfies Request, transfer);
    });
  }

  /** Answers all open and later questions with `reason`, and hears no more notices: the other thread is gone. */
  close(reason: string): void {
    this.closed = { message: reason };
    for (const answer of [...this.pending.values()]) answer.resolve(failure(this.closed));
  }
}

export type Handlers<M extends QuestionMap<M>> = {
  readonly [K in keyof M]: (
    question: M[K]['question'],
    signal: AbortSignal,
  ) => M[K]['answer'] | Promise<M[K]['answer']>;
};

/** The answering end: returns the function that sends a notice. `transferOf` lists what of an answer is given away instead of copied. */
export function serve<M extends QuestionMap<M>, N = never>(
  endpoint: Endpoint,
  handlers: Handlers<M>,
  transferOf: (name: keyof M, answer: unknown) => Transferable[] = () => [],
): (notice: N) => void {
  const running = new Map<number, AbortController>();
  const send = (response: Response, transfer: Transferable[] = []) =>
    endpoint.postMessage(response, transfer);

  const answer = async (id: number, name: keyof M, question: unknown) => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const value = await handlers[name](question as M[keyof M]['question'], controller.signal);
      if (!controller.signal.aborted)
        send({ kind: 'answer', id, result: success(value) }, transferOf(name, value));
    } catch (error) {
      if (!controller.signal.aborted)
        send({ kind: 'answer', id, result: failure({ message: describeError(error) }) });
    } finally {
      running.delete(id);
    }
  };

  endpoint.addEventListener('message', (event) => {
    const request = event.data as Request;
    if (request.kind === 'ask') void answer(request.id, request.name as keyof M, request.question);
    else if (request.kind === 'cancel') running.get(request.id)?.abort();
  });
  return (notice) => send({ kind: 'notice', value: notice });
}

/** Buffers of the typed arrays in `value` that may be given away: whole, unshared, each once. Looks into plain objects and arrays of objects. */
export function ownedBuffers(value: unknown): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (part: unknown) => {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength)
        buffers.add(part.buffer);
    } else if (part !== null && typeof part === 'object' && !Array.isArray(part)) {
      for (const member of Object.values(part)) visit(member);
    }
  };
  visit(value);
  return [...buffers].filter((buffer) => buffer.byteLength > 0);
}

const abortError = () => new DOMException('The question was withdrawn', 'AbortError');

const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
