// Lets timers, messages and cancelling through between two pieces of work; setTimeout is too slow for that (browsers clamp it to 4 ms).

let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

/** Resolves after whatever is queued in the event loop had its turn. */
export function yieldToEventLoop(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    if (channel === undefined) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => waiting.shift()?.();
    }
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
