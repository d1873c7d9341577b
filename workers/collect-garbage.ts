// Gives the memory of what was let go back to the system. A worker that has nothing to do collects no garbage by itself: the tables of a capture that was
// cancelled would stay until something else needs room.

/** Bytes that no one touches, so that no memory is taken for them; V8 counts them as a reason to collect. */
const PRESSURE_BYTES = 256 << 20;
/** By then what was on its way when the capture was let go has arrived and been dropped too, and the answer is given. */
const AFTER_MS = 200;

let timer: ReturnType<typeof setTimeout> | undefined;

export function collectGarbageSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    try {
      new ArrayBuffer(PRESSURE_BYTES);
    } catch {
      // There is no room for it, which is reason enough.
    }
  }, AFTER_MS);
}
