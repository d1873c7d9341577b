/** Holds a lock of the origin until the function it returns is called, or the page is gone. Nothing where the browser has no locks. */
export function holdLock(name: string, mode: LockMode = 'exclusive'): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  void navigator.locks?.request(name, { mode }, () => held);
  return release;
}
