'use client';
// Light or dark, by class on the document, chosen by hand or by the system.
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';

export function Theme({
  nonce,
  children,
}: {
  readonly nonce: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <ThemeProvider attribute="class" enableColorScheme={false} nonce={nonce}>
      {children}
    </ThemeProvider>
  );
}
