// Keeps the page as the finished build renders it, beside the server, so that it need not be rendered for each request: proxy.ts gives each copy a nonce of its own.
// Its scripts are taken out and named to the script that holds them back (components/workspace/held-start.ts). scripts/build.mjs runs this.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STANDALONE } from './root.mjs';
import { serve } from './serve.mjs';

const SCRIPT = /<script src="([^"]+)"(?=[^>]* async="")[^>]*><\/script>/g;
const SCRIPT_AHEAD = /<link rel="preload" as="script"[^>]*>/g;
const HELD = 'data-held=""';
const FONT = /<([^>]+\.woff2)>/g;

/** @param {string} html @param {string} fonts the header that names them */
function holdScripts(html, fonts) {
  const sources = [...html.matchAll(SCRIPT)].map(([, source]) => source);
  if (sources.length < 4 || html.split(HELD).length !== 2)
    throw new Error(`The page names ${sources.length} scripts: it is written in another way.`);
  const ahead = [...fonts.matchAll(FONT)].map(
    ([, font]) => `<link rel="preload" as="font" type="font/woff2" crossorigin="" href="${font}"/>`,
  );
  return html
    .replaceAll(SCRIPT, '')
    .replaceAll(SCRIPT_AHEAD, '')
    .replace('<meta charSet="utf-8"/>', (meta) => meta + ahead.join(''))
    .replace(HELD, `data-held="${sources.join(' ')}"`);
}

const { address, stop } = await serve(3140, 3149);
const response = await fetch(address);
const policy = response.headers.get('content-security-policy') ?? '';
const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
if (nonce === undefined) throw new Error('The page came without a nonce.');
const page = holdScripts(await response.text(), response.headers.get('link') ?? '');
writeFileSync(join(STANDALONE, 'page.json'), JSON.stringify(page.split(nonce)));
await stop();
