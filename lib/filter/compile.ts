// Tree to predicate. A predicate answers NO, YES, or UNREAD_YET where bytes decide that were not read: such frames are asked again with their bytes.

import { compareValues, containsValue, patternText, type ValueTest } from './compare';
import type { Field, FieldKind, Getter, Value } from './field';
import { UNREAD } from './field';
import { addressBytes, parseAddressTest } from './literals';
import {
  type CompiledOperand,
  compileBytes,
  compileOperand,
  describeAbsence,
  FilterMistake,
  readOperandAs,
} from './operand';
import type { FilterSubject } from './subject';
import type { Condition, Operand, Quantifier, Relation } from './syntax';

export const NO = 0;
export const YES = 1;
export const UNREAD_YET = 2;
export type Answer = typeof NO | typeof YES | typeof UNREAD_YET;
export type Predicate = (subject: FilterSubject) => Answer;

export type FindField = (name: string) => Field | undefined;

/** Longer patterns are no one's display filter. */
const LONGEST_PATTERN = 256;

export function compileCondition(
  condition: Condition,
  find: FindField,
  baseTime: bigint,
): Predicate {
  const inner = (part: Condition): Predicate => compileCondition(part, find, baseTime);
  switch (condition.kind) {
    case 'and':
      return and(inner(condition.left), inner(condition.right));
    case 'or':
      return not(and(not(inner(condition.left)), not(inner(condition.right))));
    case 'xor':
      return xor(inner(condition.left), inner(condition.right));
    case 'not':
      return not(inner(condition.inner));
    case 'exists':
      return condition.operand.kind === 'arithmetic'
        ? isNotZero(compileOperand(condition.operand, find))
        : exists(compileOperand(condition.operand, find));
    case 'in':
      return compileIn(condition.operand, condition.members, find, baseTime);
    case 'compare':
      return compileComparison(condition, find, baseTime);
  }
}

const and =
  (left: Predicate, right: Predicate): Predicate =>
  (subject) => {
    const first = left(subject);
    if (first === NO) return NO;
    const second = right(subject);
    return second === YES ? first : second;
  };

const not =
  (inner: Predicate): Predicate =>
  (subject) => {
    const answer = inner(subject);
    return answer === UNREAD_YET ? UNREAD_YET : answer === YES ? NO : YES;
  };

const xor =
  (left: Predicate, right: Predicate): Predicate =>
  (subject) => {
    const [first, second] = [left(subject), right(subject)];
    if (first === UNREAD_YET || second === UNREAD_YET) return UNREAD_YET;
    return first === second ? NO : YES;
  };

const exists =
  ({ getters }: CompiledOperand): Predicate =>
  (subject) => {
    let answer: Answer = NO;
    for (const getter of getters) {
      const value = getter(subject);
      if (value === UNREAD) answer = UNREAD_YET;
      else if (value !== undefined) return YES;
    }
    return answer;
  };

/** A sum by itself holds where it is not zero: `tcp.flags & 2`. */
const isNotZero =
  ({ getters }: CompiledOperand): Predicate =>
  (subject) =>
    getters.some((getter) => {
      const value = getter(subject);
      return typeof value === 'number' && value !== 0;
    })
      ? YES
      : NO;

function compileIn(
  operand: Operand,
  members: readonly { readonly low: Operand; readonly high: Operand | null }[],
  find: FindField,
  baseTime: bigint,
): Predicate {
  const alternatives = members.map(({ low, high }): Condition => {
    const compare = (relation: Relation, right: Operand): Condition => ({
      kind: 'compare',
      relation,
      quantifier: null,
      left: operand,
      right,
      place: right,
    });
    if (high === null) return compare('==', low);
    return { kind: 'and', left: compare('>=', low), right: compare('<=', high) };
  });
  const any = alternatives.reduce((left, right) => ({ kind: 'or', left, right }));
  return compileCondition(any, find, baseTime);
}

/** How a relation asks: of some pair of values or of every pair, and whether the answer is turned round. */
const RELATIONS: Readonly<Record<Relation, { readonly test: ValueTest; readonly every: boolean }>> =
  {
    '==': { test: (a, b) => compareValues(a, b) === 0, every: false },
    '===': { test: (a, b) => compareValues(a, b) === 0, every: true },
    '!=': { test: (a, b) => compareValues(a, b) !== 0, every: true },
    '!==': { test: (a, b) => compareValues(a, b) !== 0, every: false },
    '~=': { test: (a, b) => compareValues(a, b) !== 0, every: false },
    '>': { test: (a, b) => compareValues(a, b) > 0, every: false },
    '<': { test: (a, b) => compareValues(a, b) < 0, every: false },
    '>=': { test: (a, b) => compareValues(a, b) >= 0, every: false },
    '<=': { test: (a, b) => compareValues(a, b) <= 0, every: false },
    contains: { test: containsValue, every: false },
    '~': { test: () => false, every: false },
  };

const ORDERED: ReadonlySet<Relation> = new Set(['>', '<', '>=', '<=']);
const TEXTUAL: ReadonlySet<FieldKind> = new Set(['text', 'bytes', 'mac']);

function compileComparison(
  { relation, quantifier, left, right, place }: Extract<Condition, { kind: 'compare' }>,
  find: FindField,
  baseTime: bigint,
): Predicate {
  // The field gives the kind; `80 == tcp.port` is the same as `tcp.port == 80`.
  const leads = left.kind === 'literal' && right.kind !== 'literal' ? right : left;
  if (leads.kind === 'literal') throw new FilterMistake(leads, describeAbsence(leads.text));
  const isSearch = relation === 'contains' || relation === '~';
  const lead = isSearch ? compileBytes(leads, find) : compileOperand(leads, find);
  if (lead.kind === 'presence')
    throw new FilterMistake(leads, 'this field is there or not: it has no value to compare');
  if (ORDERED.has(relation) && lead.kind === 'flag')
    throw new FilterMistake(place, 'a flag is 0 or 1: it has no order');
  if (isSearch && !TEXTUAL.has(lead.kind))
    throw new FilterMistake(
      place,
      `“${relation === '~' ? 'matches' : relation}” asks for text or bytes`,
    );
  if (relation === '~') return compileMatches(lead, right, quantifier);
  if (lead.kind === 'address')
    return compileAddress(lead, relation, leads === left ? right : left, quantifier, find);
  const other = readOperandAs(leads === left ? right : left, lead, find, baseTime);
  const [first, second] = leads === left ? [lead, other] : [other, lead];
  const { test, every } = RELATIONS[relation];
  return quantified(first, second, test, quantifier === null ? every : quantifier === 'all');
}

function compileMatches(
  lead: CompiledOperand,
  pattern: Operand,
  quantifier: Quantifier | null,
): Predicate {
  if (pattern.kind !== 'literal')
    throw new FilterMistake(pattern, 'a pattern in quotes belongs here');
  if (pattern.text.length > LONGEST_PATTERN)
    throw new FilterMistake(pattern, `a pattern has at most ${LONGEST_PATTERN} letters`);
  let expression: RegExp;
  try {
    // A pattern takes no heed of case; `(?-i)` before it asks for it, `(?i)` says it once more.
    const [, option, rest] = /^(?:\(\?(-?)i\))?(.*)$/s.exec(pattern.text) ?? [];
    expression = new RegExp(rest, option === '-' ? 's' : 'is');
  } catch {
    throw new FilterMistake(pattern, 'this pattern is not a regular expression');
  }
  const constant: CompiledOperand = { kind: 'text', getters: [() => ''] };
  const test: ValueTest = (value) => expression.test(patternText(value));
  return quantified(lead, constant, test, quantifier === 'all');
}

/** Addresses are compared by their number in the tuple table; what the text says of each is remembered. */
function compileAddress(
  lead: CompiledOperand,
  relation: Relation,
  other: Operand,
  quantifier: Quantifier | null,
  find: FindField,
): Predicate {
  const { every } = RELATIONS[relation];
  const all = quantifier === null ? every : quantifier === 'all';
  if (other.kind !== 'literal') {
    const right = compileOperand(other, find);
    if (right.kind !== 'address') throw new FilterMistake(other, 'an address belongs here');
    return quantified(inBytes(lead), inBytes(right), RELATIONS[relation].test, all);
  }
  const holds = addressRelation(other, relation);
  const known = new Map<Value, boolean>();
  return (subject) => {
    let seen = false;
    let unread = false;
    for (const getter of lead.getters) {
      const address = getter(subject);
      if (address === UNREAD) unread = true;
      if (address === undefined || address === UNREAD) continue;
      seen = true;
      let answer = known.get(address);
      if (answer === undefined) {
        answer = holds(addressText(subject, address));
        known.set(address, answer);
      }
      if (answer !== all) return all ? NO : YES;
    }
    if (unread) return UNREAD_YET;
    return seen && all ? YES : NO;
  };
}

const addressText = ({ tuples }: FilterSubject, address: Value): string =>
  typeof address === 'number' ? tuples.addressName(address) : String(address);

/** Addresses as their bytes, so that those of headers and those of the tuple table can be compared. */
const inBytes = ({ getters }: CompiledOperand): CompiledOperand => ({
  kind: 'bytes',
  getters: getters.map((getter): Getter => {
    return (subject) => {
      const value = getter(subject);
      return value === undefined || value === UNREAD
        ? value
        : addressBytes(addressText(subject, value));
    };
  }),
});

function addressRelation(
  literal: Operand & { kind: 'literal' },
  relation: Relation,
): (address: string) => boolean {
  const mistake = (): never => {
    throw new FilterMistake(literal, `“${literal.text}” is no IP address and no prefix`);
  };
  if (ORDERED.has(relation)) {
    const bytes = addressBytes(literal.text) ?? mistake();
    return (address) => {
      const own = addressBytes(address);
      return (
        own !== undefined && own.length === bytes.length && RELATIONS[relation].test(own, bytes)
      );
    };
  }
  const test = parseAddressTest(literal.text) ?? mistake();
  const wanted = relation === '==' || relation === '===';
  return (address) => test(address) === wanted;
}

function quantified(
  left: CompiledOperand,
  right: CompiledOperand,
  test: ValueTest,
  all: boolean,
): Predicate {
  return (subject) => {
    let seen = false;
    let unread = false;
    for (const leftGetter of left.getters) {
      const a = leftGetter(subject);
      if (a === UNREAD) unread = true;
      if (a === undefined || a === UNREAD) continue;
      for (const rightGetter of right.getters) {
        const b = rightGetter(subject);
        if (b === UNREAD) unread = true;
        if (b === undefined || b === UNREAD) continue;
        seen = true;
        if (test(a, b) !== all) return all ? NO : YES;
      }
    }
    if (unread) return UNREAD_YET;
    return seen && all ? YES : NO;
  };
}
