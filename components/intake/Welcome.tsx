// What Hoplane is for, in words and one picture. It needs nothing of the browser: the server draws it while the page's own code is on its way.
import type { ReactNode } from 'react';
import { PathPicture } from './PathPicture';

export function Welcome({ children }: { readonly children?: ReactNode }) {
  return (
    <>
      <h1 className="text-lg font-semibold tracking-tight">One packet, every point it passed</h1>
      <p className="mt-2 max-w-[76ch] text-muted">
        Drop the captures of one path. Hoplane finds the same packet in each of them, through NAT
        and clocks that disagree, draws its way from point to point, and says at which hop it was
        rewritten or lost, with the frames that prove it.
      </p>
      <section
        aria-label="Add captures"
        className="mt-6 rounded-lg border border-dashed border-line-strong px-6 pt-6 pb-6 max-sm:px-4"
      >
        <PathPicture />
        <div className="mt-6 min-h-[100px]">{children}</div>
      </section>
    </>
  );
}
