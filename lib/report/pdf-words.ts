// Words too long for a column: file names, IPv6 endpoints, what people paste into notes. pdfmake breaks lines between words only and would let them
// run off the page, so such a word may break anywhere; all others keep their shape.
import type { Content } from 'pdfmake/interfaces';

/** Characters of the longest word that every column can take. Lines break after a slash by themselves. */
const LONGEST_WORD = 24;
const LONG_WORD = new RegExp(`[^\\s/]{${LONGEST_WORD + 1},}`);
const AROUND_LONG_WORDS = new RegExp(`([^\\s/]{${LONGEST_WORD + 1},})`);

/** The same content, with overlong words marked as breakable. Parts that are `noWrap` are left as they are. */
export function breakLongWords<C extends Content>(content: C): C {
  return visit(content) as C;
}

function visit(part: unknown): unknown {
  if (typeof part === 'string') return LONG_WORD.test(part) ? { text: splitText(part) } : part;
  if (Array.isArray(part)) return part.map(visit);
  if (typeof part !== 'object' || part === null || 'svg' in part || 'noWrap' in part) return part;
  const node: Record<string, unknown> = { ...part };
  for (const key of ['stack', 'columns', 'table', 'body'])
    if (key in node) node[key] = visit(node[key]);
  if (typeof node.text === 'string' && LONG_WORD.test(node.text)) node.text = splitText(node.text);
  else if (Array.isArray(node.text)) node.text = node.text.flatMap(splitInline);
  return node;
}

/** Inlines stay flat, each piece with all of its style: pdfmake does not hand styles down through a second level. */
function splitInline(inline: Record<string, unknown> | string): unknown[] {
  const node = typeof inline === 'string' ? { text: inline } : inline;
  if (typeof node.text !== 'string' || !LONG_WORD.test(node.text)) return [inline];
  return splitText(node.text).map((piece) => ({ ...node, ...piece }));
}

const splitText = (text: string): { text: string; wordBreak?: 'break-all' }[] =>
  text
    .split(AROUND_LONG_WORDS)
    .filter((piece) => piece !== '')
    .map((piece) =>
      LONG_WORD.test(piece) ? { text: piece, wordBreak: 'break-all' } : { text: piece },
    );
