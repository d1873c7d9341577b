// The frame of every page: fonts, colours, theme. Rendered for each request, because the nonce of its Content-Security-Policy is (proxy.ts).
import './globals.css';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { Theme } from '@/components/ui/Theme';
import { HOLD_START } from '@/components/workspace/held-start';

export const metadata: Metadata = {
  title: 'Hoplane',
  description: 'One packet, every point it passed: packet captures of one path, compared.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  await connection();
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html
      lang="en"
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <body>
        <script
          nonce={nonce}
          // The scripts that are held, filled in when the page is kept (scripts/keep-page.mjs).
          data-held=""
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of our own, under the page's nonce
          dangerouslySetInnerHTML={{ __html: HOLD_START }}
        />
        <Theme nonce={nonce}>{children}</Theme>
      </body>
    </html>
  );
}
