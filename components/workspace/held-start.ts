// Holds the page's scripts back until someone is about to use it. The server drew the words and buttons of the empty page; its scripts are run at the first sign of a hand, when
// the page knows that it has more to show, and some seconds later in any case: a screen reader and a script give no sign. Clicks, keys and files that come before
// the workspace listens are kept for it. Where no script is held (proxy.ts: in development, and on other pages) this does nothing.

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

  const early: (() => void)[] = [];
  const listening = new AbortController();
  const { signal } = listening;
  // A transfer is empty once its event is over; its files are not.
  const carry = ({ files }: DataTransfer): DataTransfer => {
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    return kept;
  };
  const keep = (event: Event) => {
    const { type, target } = event;
    const again = (later: Event) => early.push(() => void target?.dispatchEvent(later));
    if (event instanceof KeyboardEvent) again(new KeyboardEvent(type, event));
    else if (event instanceof DragEvent && event.dataTransfer !== null)
      again(new DragEvent(type, { bubbles: true, dataTransfer: carry(event.dataTransfer) }));
    else if (event instanceof ClipboardEvent && event.clipboardData !== null)
      again(new ClipboardEvent(type, { bubbles: true, clipboardData: carry(event.clipboardData) }));
    else if (target instanceof HTMLInputElement) again(new Event(type, { bubbles: true }));
    else if (target instanceof Element)
      early.push(() => target.closest<HTMLElement>('button')?.click());
  };
  const kept = ['click', 'keydown', 'change', 'drop', 'paste'];
  const take = (event: Event) => {
    if (kept.includes(event.type)) keep(event);
    // Left to itself the browser would leave the page for the file.
    if (event.type === 'dragover' || event.type === 'drop') event.preventDefault();
    start();
  };
  const signs = [...kept, 'pointermove', 'pointerdown', 'focusin', 'dragenter', 'dragover'];
  for (const type of [...signs, 'hashchange', 'popstate'])
    window.addEventListener(type, take, { capture: true, signal });

  window.hoplaneReplay = () => {
    listening.abort();
    for (const happen of early.splice(0)) happen();
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
  window.addEventListener(
    'load',
    () => {
      setTimeout(fetchAhead, 1000);
      setTimeout(start, 8000);
    },
    { signal },
  );
}

export const HOLD_START = `(${holdStart})()`;
