// The display filter: Wireshark's language (wireshark-filter(4), 4.0) over the packet columns, with Hoplane's own fields beside it.
import { failure, type Result, success } from '../base/result';
import { compileCondition, type Predicate } from './compile';
import type { Field } from './field';
import { JOURNEY_FIELDS } from './fields-journey';
import { FRAME_FIELDS, LINK_FIELDS } from './fields-link';
import { NETWORK_FIELDS } from './fields-network';
import { ANALYSIS_FIELDS, TRANSPORT_FIELDS } from './fields-transport';
import { TREE_FIELDS } from './fields-tree';
import { FilterMistake } from './operand';
import { parseFilter } from './parse';
import type { FilterError } from './tokens';

export const FILTER_FIELDS: readonly Field[] = [
  ...FRAME_FIELDS,
  ...LINK_FIELDS,
  ...NETWORK_FIELDS,
  ...TRANSPORT_FIELDS,
  ...ANALYSIS_FIELDS,
  ...JOURNEY_FIELDS,
  ...TREE_FIELDS,
];

const BY_NAME: ReadonlyMap<string, Field> = new Map(
  FILTER_FIELDS.map((field) => [field.name, field]),
);

/** `baseTime`: base of the subjects' times, ns since 1970. The error points at the characters that cause it. */
export function compileFilter(text: string, baseTime: bigint): Result<Predicate, FilterError> {
  const find = (name: string): Field | undefined => BY_NAME.get(name);
  const parsed = parseFilter(text, (name) => BY_NAME.has(name));
  if (!parsed.ok) return parsed;
  try {
    return success(compileCondition(parsed.value, find, baseTime));
  } catch (error) {
    if (!(error instanceof FilterMistake)) throw error;
    const { start, end } = error.place;
    return failure({ text: error.message, start, end });
  }
}

/** Words without any of the language's signs are a plain search for those words. */
export const isPlainSearch = (text: string): boolean =>
  !/[=<>!&|(){}[\]~"]|\b(contains|matches|in|and|or|not|eq|ne|gt|lt|ge|le)\b/.test(text) &&
  !BY_NAME.has(text.trim());
