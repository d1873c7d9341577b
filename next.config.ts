// How the page is built and which headers every answer carries. The Content-Security-Policy needs a nonce per request: proxy.ts.
import type { NextConfig } from 'next';

const HEADERS = [
  // Cross-origin isolation: without it the page has no SharedArrayBuffer, and parse workers must transfer their blocks.
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  },
];

/** A worker obeys the policy of its own script, not the page's; captures are read by workers. */
const WORKER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
].join('; ');

const config: NextConfig = {
  output: 'standalone',
  // Whose analyses the browser may keep (lib/engine/stored-analysis.ts): a digest of the sources, given by scripts/build.mjs.
  env: { HOPLANE_BUILD: process.env.HOPLANE_BUILD ?? '' },
  poweredByHeader: false,
  reactStrictMode: true,
  allowedDevOrigins: ['127.0.0.1'],
  // Named, or a lockfile in a parent folder would be taken for the root and move the standalone server.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Types, lint and layers are checks of their own (scripts/checks.mjs).
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    { source: '/:path*', headers: HEADERS },
    {
      source: '/_next/static/:path*',
      headers: [{ key: 'Content-Security-Policy', value: WORKER_POLICY }],
    },
  ],
};

export default config;
