// The display filter's words and signs, each with its place in the text, as Wireshark 4.0 writes them (wireshark-filter(4)).
import { failure, type Result, success } from '../base/result';

/** What is wrong with a filter, and where: characters [start, end) of its text. */
export interface FilterError {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Token {
  /** `word`: a field, a number, an address, a name without quotes; `text`: quoted; `sign`: an operator or a bracket, in its symbol form. */
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const SIGNS: readonly string[] = [
  ...['===', '!==', '==', '!=', '~=', '>=', '<=', '&&', '||', '^^', '..'],
  ...['>', '<', '!', '~', '&', '(', ')', '{', '}', '[', ']', ',', '+', '-', '*', '/', '%'],
];

/** Operators that have a name too. */
const NAMED_SIGNS: Readonly<Record<string, string>> = {
  eq: '==',
  any_eq: '==',
  ne: '!=',
  all_ne: '!=',
  any_ne: '~=',
  all_eq: '===',
  gt: '>',
  lt: '<',
  ge: '>=',
  le: '<=',
  and: '&&',
  or: '||',
  xor: '^^',
  not: '!',
  matches: '~',
  bitwise_and: '&',
};

/** A word: names, numbers, IPv4, IPv6 and MAC addresses, prefixes `10.0.0.0/8`, durations `2ms`. */
const WORD =
  /^(?:[0-9a-f]{1,2}(?:[:-][0-9a-f]{2}){5}\b|[0-9a-f]*:[0-9a-f:.]*(?:\/\d{1,3})?|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|[a-z_](?:[\w-]|\.(?!\.))*|0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?[a-zµ]*)/i;

/** Longer than anyone writes. */
const LONGEST_FILTER = 4096;

export function tokenize(text: string): Result<readonly Token[], FilterError> {
  if (text.length > LONGEST_FILTER)
    return failure({
      text: `a filter has at most ${LONGEST_FILTER} letters`,
      start: LONGEST_FILTER,
      end: text.length,
    });
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    while (at < text.length && /\s/.test(text[at])) at += 1;
    if (at >= text.length) break;
    const quoted = /^r?["']/i.exec(text.slice(at));
    if (quoted !== null) {
      const token = readQuoted(text, at, quoted[0]);
      if (!token.ok) return token;
      tokens.push(token.value);
      at = token.value.end;
      continue;
    }
    const inBrackets = tokens.at(-1)?.value === '[' || isInSlice(tokens);
    const word = inBrackets ? /^(?:\w+|:)/.exec(text.slice(at)) : WORD.exec(text.slice(at));
    const sign = SIGNS.find((one) => text.startsWith(one, at));
    if (word !== null && word[0] !== '') {
      const named = NAMED_SIGNS[word[0].toLowerCase()];
      tokens.push({
        kind: named === undefined ? 'word' : 'sign',
        value: named ?? word[0],
        start: at,
        end: at + word[0].length,
      });
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', value: sign, start: at, end: at + sign.length });
    } else {
      return failure(describeStranger(text, at));
    }
    at = tokens.at(-1)?.end ?? text.length;
  }
  tokens.push({ kind: 'end', value: '', start: text.length, end: text.length });
  return success(tokens);
}

/** What stands where no word and no sign of ours begins; Wireshark's own that are not here are named. */
function describeStranger(text: string, at: number): FilterError {
  const [macro] = /^\$\{[^}]*\}?/.exec(text.slice(at)) ?? [];
  if (macro !== undefined)
    return {
      text: `macros as ${macro} are not known here: write out what it stands for`,
      start: at,
      end: at + macro.length,
    };
  const [layer] = /^#(?:-?\d+|\[[^\]]*\]?)/.exec(text.slice(at)) ?? [];
  if (layer !== undefined)
    return {
      text: `headers of one kind are not counted here, so that ${layer} can’t be asked: addresses and ports are those of the innermost packet`,
      start: at,
      end: at + layer.length,
    };
  return { text: `“${text[at]}” has no meaning here`, start: at, end: at + 1 };
}

/** Inside `[…]`: there a colon parts offset and length, and belongs to no address. */
function isInSlice(tokens: readonly Token[]): boolean {
  for (let i = tokens.length - 1; i >= 0; i -= 1) {
    if (tokens[i].value === ']') return false;
    if (tokens[i].kind === 'sign' && tokens[i].value === '[') return true;
  }
  return false;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

/** A string in quotes; `opening` may begin with r: then a backslash is a backslash. */
function readQuoted(text: string, start: number, opening: string): Result<Token, FilterError> {
  const raw = opening.length > 1;
  const quote = opening[opening.length - 1];
  let value = '';
  let at = start + opening.length;
  while (at < text.length && text[at] !== quote) {
    if (text[at] !== '\\' || (raw && text[at + 1] !== quote)) {
      value += text[at];
      at += 1;
      continue;
    }
    const hex = /^x([0-9a-f]{2})/i.exec(text.slice(at + 1));
    const next = text[at + 1] ?? '';
    value += hex === null ? (ESCAPES[next] ?? next) : String.fromCharCode(parseInt(hex[1], 16));
    at += hex === null ? 2 : 4;
  }
  if (at >= text.length)
    return failure({ text: `the quote that opens here is not closed`, start, end: text.length });
  return success({ kind: 'text', value, start, end: at + 1 });
}
