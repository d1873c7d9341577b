// The frame of every page: fonts, colours, theme. Rendered for each request, because the nonce of its Content-Security-Policy is (proxy.ts).
import './globals.css';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { Theme } from '@/components/ui/Theme';

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
        <Theme nonce={nonce}>{children}</Theme>
      </body>
    </html>
  );
}
