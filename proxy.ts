// Gives each page a Content-Security-Policy with a nonce of its own. The page itself was kept by the build (scripts/keep-page.mjs), in pieces between which the nonce
// stands; what else is asked for Next renders, which reads the nonce from the request's header. The headers that need no nonce are in next.config.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NextRequest, NextResponse } from 'next/server';

/** `development` admits what hot reloading and React's error overlay need. */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  const directives = [
    "default-src 'self'",
    // 'wasm-unsafe-eval': SHA-256 and xz are WebAssembly.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "worker-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join('; ');
}

let kept: readonly string[] | null | undefined;

/** null: the build kept none (development). */
function findKeptPage(): readonly string[] | null {
  if (kept !== undefined) return kept;
  try {
    kept = JSON.parse(readFileSync(join(process.cwd(), 'page.json'), 'utf8'));
  } catch {
    kept = null;
  }
  return kept ?? null;
}

/** Not what Next asks for itself when it goes from page to page. */
const asksForPage = ({ method, nextUrl, headers }: NextRequest): boolean =>
  nextUrl.pathname === '/' && (method === 'GET' || method === 'HEAD') && !headers.has('rsc');

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const isDevelopment = process.env.NODE_ENV === 'development';
  const policy = contentSecurityPolicy(nonce, isDevelopment);
  const page = isDevelopment || !asksForPage(request) ? null : findKeptPage();
  if (page !== null)
    return new NextResponse(page.join(nonce), {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        // A copy has its nonce once.
        'Cache-Control': 'private, no-store',
      },
    });
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('Content-Security-Policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

export const config = {
  // Pages only: scripts, styles, fonts and samples carry no markup.
  matcher: [{ source: '/((?!_next/static|samples/|favicon).*)' }],
};
