// How messages that are known begin on TCP: what the fast path asks of every payload (plain-segment.ts) before the decoders look closer (hint-writer.ts).
import { HTTP_BEGINNINGS } from './http';
import { TLS_HANDSHAKE } from './tls';

/** A handshake record of any version of TLS: its type and the version's first byte. */
const TLS_START = (TLS_HANDSHAKE << 8) | 3;

/** First four bytes of HTTP's first lines. */
const WORDS: ReadonlySet<number> = new Set(
  HTTP_BEGINNINGS.map((text) =>
    [0, 1, 2, 3].reduce((word, at) => (word * 256 + text.charCodeAt(at)) >>> 0, 0),
  ),
);
/** 1 for the first bytes of all these: one load tells nearly every payload. */
const FIRST = new Uint8Array(256);
FIRST[TLS_HANDSHAKE] = 1;
for (const word of WORDS) FIRST[word >>> 24] = 1;

/** Whether the payload at `payload`, of which one byte at least was captured, may be a client's or server's first message. */
export function beginsConversation(view: DataView, payload: number, end: number): boolean {
  if (FIRST[view.getUint8(payload)] === 0 || end - payload < 4) return false;
  const word = view.getUint32(payload);
  return word >>> 16 === TLS_START || WORDS.has(word);
}
