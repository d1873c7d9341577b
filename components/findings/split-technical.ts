// Finds the addresses and times of day in a sentence. Only how it is set depends on this: a miss is harmless.

export interface TextPart {
  readonly offset: number;
  readonly text: string;
  readonly isFigure: boolean;
}

/** Times of day to the second with or without date, IPv4 or IPv6 addresses with or without port or prefix, and MACs. */
const TECHNICAL =
  /\b(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:\.\d+)?(?![:\w])|\[[0-9a-f:]+\](?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|\/\d+)?|\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,7}\b/gi;

/** The parts in order; put together they are the text. */
export function splitTechnical(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  const push = (from: number, to: number, isFigure: boolean) => {
    if (from < to) parts.push({ offset: from, text: text.slice(from, to), isFigure });
  };
  for (const match of text.matchAll(TECHNICAL)) {
    push(end, match.index, false);
    end = match.index + match[0].length;
    push(match.index, end, true);
  }
  push(end, text.length, false);
  return parts;
}
