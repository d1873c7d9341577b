// What may stand where the cursor is: names of fields, the values that a field chooses among, the language's words.
import { FILTER_FIELDS } from './filter';

export interface Completion {
  /** What is put in the place of characters [start, end) of the text. */
  readonly text: string;
  readonly label: string;
}

export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly options: readonly Completion[];
}

const MOST = 12;
const OPERATORS: readonly Completion[] = [
  { text: '==', label: 'equals' },
  { text: '!=', label: 'equals none' },
  { text: '>', label: 'greater' },
  { text: '<', label: 'less' },
  { text: 'in {', label: 'one of' },
  { text: 'contains', label: 'holds the text or bytes' },
  { text: 'matches', label: 'matches a regular expression' },
];
const TEXTUAL: ReadonlySet<string> = new Set(['text', 'bytes', 'mac']);

/** Options for the word at `cursor`; none where nothing is begun and nothing is due. */
export function completeFilter(text: string, cursor: number): Completions {
  const before = text.slice(0, cursor);
  const start = cursor - (/["\w.-]*$/.exec(before)?.[0].length ?? 0);
  const word = before.slice(start).toLowerCase();
  const earlier = before.slice(0, start);
  const compared = /([\w.]+)\s*(==|!=|===|~=|eq|ne)\s*$/.exec(earlier)?.[1];
  const field = FILTER_FIELDS.find(({ name }) => name === compared);
  if (field?.choices !== undefined)
    return pick(
      field.choices.map((choice) => ({ text: choice, label: field.label })),
      word,
    );
  if (compared !== undefined) return { start, end: cursor, options: [] };
  const named = FILTER_FIELDS.find(({ name }) => name === /([\w.]+)\s+$/.exec(earlier)?.[1]);
  if (named !== undefined && named.kind !== 'presence' && word === '')
    return pick(
      OPERATORS.filter(
        (one) => TEXTUAL.has(named.kind) || (one.text !== 'contains' && one.text !== 'matches'),
      ),
      word,
    );
  if (word === '') return { start, end: cursor, options: [] };
  return pick(
    FILTER_FIELDS.map(({ name, label }) => ({ text: name, label })),
    word,
  );

  function pick(options: readonly Completion[], begun: string): Completions {
    const matching = options.filter((one) => one.text.startsWith(begun) && one.text !== begun);
    const inside = options.filter((one) => !one.text.startsWith(begun) && one.text.includes(begun));
    return { start, end: cursor, options: [...matching, ...inside].slice(0, MOST) };
  }
}
