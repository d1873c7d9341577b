'use client';
// What is shown when drawing the page fails: the cause, and the way back. Captures are read again from the files; nothing was sent anywhere.

export default function PageError({
  error,
  reset,
}: {
  readonly error: Error;
  readonly reset: () => void;
}) {
  return (
    <main className="mx-auto w-full max-w-[720px] px-6 py-10">
      <h1 className="text-lg font-semibold">The page stopped working</h1>
      <p className="mt-2 text-muted">
        This is a fault in Hoplane, not in your captures. They did not leave this machine.
      </p>
      <pre className="figures mt-4 overflow-auto rounded-lg border border-line p-3 text-xs">
        {error.message}
      </pre>
      <button
        type="button"
        onClick={reset}
        className="mt-4 h-8 rounded-lg bg-ink px-3 text-surface"
      >
        Draw it again
      </button>
    </main>
  );
}
