import { afterEach, describe, expect, it } from 'vitest';
import { type Endpoint, type Handlers, ownedBuffers, RpcClient, serve } from './rpc';

interface Questions {
  double: { question: number; answer: number };
  fail: { question: null; answer: never };
  wait: { question: null; answer: string };
  bytes: { question: Uint8Array<ArrayBuffer>; answer: Uint8Array<ArrayBuffer> };
}

/** Node 20 has no Promise.withResolvers. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((give) => {
    resolve = give;
  });
  return { promise, resolve };
}

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function connect(handlers: Partial<Handlers<Questions>>, onNotice?: (notice: string) => void) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  const notify = serve<Questions, string>(
    port2 as Endpoint,
    handlers as Handlers<Questions>,
    (_name, answer) => ownedBuffers(answer),
  );
  return { client: new RpcClient<Questions, string>(port1 as Endpoint, onNotice), notify };
}

describe('questions between threads', () => {
  it('gives each question its own answer, whatever the order they come in', async () => {
    const { client } = connect({
      double: async (value) => {
        await new Promise((resolve) => setTimeout(resolve, value === 1 ? 20 : 0));
        return value * 2;
      },
    });
    const answers = await Promise.all([client.ask('double', 1), client.ask('double', 2)]);
    expect(answers).toEqual([
      { ok: true, value: 2 },
      { ok: true, value: 4 },
    ]);
  });

  it('answers what threw with an error as a value', async () => {
    const { client } = connect({
      fail: () => {
        throw new RangeError('no such row');
      },
    });
    expect(await client.ask('fail', null)).toEqual({
      ok: false,
      error: { message: 'RangeError: no such row' },
    });
  });

  it('rejects a withdrawn question with AbortError and tells the other thread', async () => {
    const heard = withResolvers<boolean>();
    const { client } = connect({
      wait: (_question, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            heard.resolve(signal.aborted);
            resolve('too late');
          }),
        ),
    });
    const controller = new AbortController();
    const answer = client.ask('wait', null, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(await heard.promise).toBe(true);
  });

  it('does not ask at all when withdrawn before', async () => {
    const { client } = connect({});
    await expect(client.ask('wait', null, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('moves buffers instead of copying them, both ways', async () => {
    const { client } = connect({ bytes: (question) => question });
    const bytes = new Uint8Array([1, 2, 3]);
    const answer = await client.ask('bytes', bytes, { transfer: [bytes.buffer] });
    expect(bytes.byteLength).toBe(0);
    expect(answer).toEqual({ ok: true, value: new Uint8Array([1, 2, 3]) });
  });

  it('answers open and later questions when the other thread is gone', async () => {
    const { client } = connect({ wait: () => new Promise(() => undefined) });
    const answer = client.ask('wait', null);
    client.close('gone');
    const gone = { ok: false, error: { message: 'gone' } };
    expect([await answer, await client.ask('double', 1)]).toEqual([gone, gone]);
  });

  it('passes on notices', async () => {
    const heard = withResolvers<string>();
    const { notify } = connect({}, heard.resolve);
    notify('half done');
    expect(await heard.promise).toBe('half done');
  });

  it('hears no notice that arrives after the other thread is known to be gone', async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    const heard: string[] = [];
    const client = new RpcClient<Questions, string>(port1, (notice) => heard.push(notice));
    const arrived = withResolvers<void>();
    port1.addEventListener('message', () => arrived.resolve());
    port1.start();
    serve<Questions, string>(port2 as Endpoint, {} as Handlers<Questions>, () => [])('late');
    client.close('gone');
    await arrived.promise;
    expect(heard).toEqual([]);
  });
});

describe('ownedBuffers', () => {
  it('takes whole unshared buffers once, and leaves views of a part', () => {
    const whole = new Uint8Array(8);
    const part = new Uint8Array(new ArrayBuffer(16), 4, 4);
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    const value = {
      whole,
      again: { deep: new Uint32Array(whole.buffer) },
      part,
      shared,
      text: 'x',
    };
    expect(ownedBuffers(value)).toEqual([whole.buffer]);
  });
});
