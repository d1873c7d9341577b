// Holds the page's scripts back until someone is about to use it. The server drew the words and buttons of the empty page; its scripts are run at the first sign of a hand, or
// when the page knows that it has more to show. Clicks and keys that come before the workspace listens are kept for it. Where no script is held (proxy.ts: in
// development, and on other pages) this does nothing.

declare global {
  interface Window {
    /** Gives what came too early to the page, which now takes it. */
    hoplaneReplay?: () => void;
  }
}

/** Written into the page as text, so it holds all that it uses. */
function holdStart(): void {
  const sources = document.currentScript?.dataset.held?.split(' ').filter(Boolean) ?? [];
  if (sources.length === 0) return;

  const add = <K extends 'script' | 'link'>(name: K, change: Partial<HTMLElementTagNameMap[K]>) =>
    document.head.append(Object.assign(document.createElement(name), change));

  let isStarted = false;
  const start = () => {
    if (isStarted) return;
    isStarted = true;
    for (const src of sources) add('script', { src, async: true });
  };

  const early: Event[] = [];
  const listening = new AbortController();
  const { signal } = listening;
  const take = (event: Event) => {
    if (event.type === 'click' || event.type === 'keydown') early.push(event);
    // Left to itself the browser would leave the page for the file.
    if (event.type === 'dragover' || event.type === 'drop') event.preventDefault();
    start();
  };
  const signs = ['pointermove', 'pointerdown', 'click', 'keydown', 'focusin', 'paste'];
  const drag = ['dragenter', 'dragover', 'drop'];
  for (const type of [...signs, ...drag, 'hashchange', 'popstate'])
    window.addEventListener(type, take, { capture: true, signal });

  window.hoplaneReplay = () => {
    listening.abort();
    for (const event of early.splice(0)) {
      const { target } = event;
      if (event instanceof KeyboardEvent)
        target?.dispatchEvent(new KeyboardEvent(event.type, event));
      else if (target instanceof Element) target.closest<HTMLElement>('button')?.click();
    }
  };

  if (window.location.hash.length > 1) start();
  // A browser that was here before may hold cases to be listed; one that does not say may too.
  const hasNone = async () => (await indexedDB.databases()).length === 0;
  hasNone().then(
    (none) => none || start(),
    () => start(),
  );
  // Once all that is seen is there, what is needed next is fetched.
  const fetchAhead = () => {
    if (!isStarted)
      for (const href of sources) add('link', { rel: 'prefetch', as: 'script', href });
  };
  window.addEventListener('load', () => setTimeout(fetchAhead, 1000), { signal });
}

export const HOLD_START = `(${holdStart})()`;
