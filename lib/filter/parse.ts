// Text to tree, by recursive descent: or, xor, and, not, comparison, arithmetic, slice. Names of fields are told from literals by `isField`.
import { failure, type Result, success } from '../base/result';
import type {
  ArithmeticSign,
  Condition,
  Member,
  Operand,
  Quantifier,
  Relation,
  SliceRange,
} from './syntax';
import { type FilterError, type Token, tokenize } from './tokens';

const RELATIONS: ReadonlySet<string> = new Set([
  ...['==', '!=', '===', '!==', '~=', '>', '<', '>=', '<=', '~'],
  'contains',
]);
/** Deeper than anyone writes, and far from the stack's end. */
const MOST_DEPTH = 200;

export function parseFilter(
  text: string,
  isField: (name: string) => boolean,
): Result<Condition, FilterError> {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  try {
    const parser = new Parser(tokens.value, isField);
    const condition = parser.condition();
    parser.expectEnd();
    return success(condition);
  } catch (error) {
    if (error instanceof Mistake) return failure(error.where);
    throw error;
  }
}

class Mistake extends Error {
  constructor(readonly where: FilterError) {
    super(where.text);
  }
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly isField: (name: string) => boolean,
  ) {}

  condition(): Condition {
    return this.binary('or', '||', () =>
      this.binary('xor', '^^', () => this.binary('and', '&&', () => this.negation())),
    );
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') this.fail(`“${this.next.value}” is one word too many`);
  }

  private binary(kind: 'or' | 'xor' | 'and', sign: string, part: () => Condition): Condition {
    let left = part();
    while (this.takeSign(sign)) left = { kind, left, right: part() };
    return left;
  }

  private negation(): Condition {
    if (++this.depth > MOST_DEPTH) this.fail('nested too deeply');
    try {
      if (this.takeSign('!')) return { kind: 'not', inner: this.negation() };
      if (this.isSign('(') && this.opensCondition()) {
        this.at += 1;
        const inner = this.condition();
        this.expectSign(')');
        return inner;
      }
      return this.test();
    } finally {
      this.depth -= 1;
    }
  }

  /** A bracket may open a condition or a sum: a sum's closing bracket is followed by an operator on values. */
  private opensCondition(): boolean {
    let open = 0;
    for (let i = this.at; i < this.tokens.length; i += 1) {
      const { kind, value } = this.tokens[i];
      if (kind === 'sign' && value === '(') open += 1;
      if (kind === 'sign' && value === ')') open -= 1;
      if (open === 0) {
        const after = this.tokens[i + 1];
        return !(
          (after.kind === 'sign' &&
            (RELATIONS.has(after.value) || /^[-+*/%&]$/.test(after.value))) ||
          after.value === 'contains' ||
          after.value === 'in'
        );
      }
    }
    return true;
  }

  private test(): Condition {
    const quantifier = this.takeQuantifier();
    const operand = this.sum();
    const { next } = this;
    if (next.kind === 'word' && next.value === 'in') {
      this.at += 1;
      return { kind: 'in', operand, members: this.members() };
    }
    const negatedIn = next.value === '!' && this.tokens[this.at + 1]?.value === 'in';
    if (negatedIn) {
      this.at += 2;
      return { kind: 'not', inner: { kind: 'in', operand, members: this.members() } };
    }
    if ((next.kind === 'sign' || next.value === 'contains') && RELATIONS.has(next.value)) {
      this.at += 1;
      const right = this.sum();
      const place = { start: operand.start, end: right.end };
      const relation = next.value as Relation;
      const first: Condition = {
        kind: 'compare',
        relation,
        quantifier,
        left: operand,
        right,
        place,
      };
      return this.chain(first, right);
    }
    if (operand.kind === 'literal')
      this.failAt(operand, `“${operand.text}” is no field, and nothing is compared with it`);
    return { kind: 'exists', operand };
  }

  /** `1 < tcp.len < 5` reads as two comparisons. */
  private chain(first: Condition, middle: Operand): Condition {
    const { next } = this;
    if (next.kind !== 'sign' || !RELATIONS.has(next.value)) return first;
    this.at += 1;
    const right = this.sum();
    const second: Condition = {
      kind: 'compare',
      relation: next.value as Relation,
      quantifier: null,
      left: middle,
      right,
      place: { start: middle.start, end: right.end },
    };
    return this.chain({ kind: 'and', left: first, right: second }, right);
  }

  private takeQuantifier(): Quantifier | null {
    const { value, kind } = this.next;
    if (kind !== 'word' || (value !== 'any' && value !== 'all')) return null;
    this.at += 1;
    return value;
  }

  private members(): readonly Member[] {
    this.expectSign('{');
    const members: Member[] = [];
    do {
      if (this.isSign('}') && members.length > 0) break;
      const low = this.sum();
      members.push({ low, high: this.takeSign('..') ? this.sum() : null });
      // Commas are asked for since Wireshark 4.0; spaces did before.
    } while (this.takeSign(',') || !(this.isSign('}') || this.next.kind === 'end'));
    this.expectSign('}');
    return members;
  }

  private sum(): Operand {
    return this.arithmetic(['+', '-'], () =>
      this.arithmetic(['*', '/', '%'], () => this.arithmetic(['&'], () => this.sliced())),
    );
  }

  private arithmetic(signs: readonly ArithmeticSign[], part: () => Operand): Operand {
    let left = part();
    for (;;) {
      const sign = signs.find((one) => this.isSign(one));
      if (sign === undefined) return left;
      this.at += 1;
      const right = part();
      left = { kind: 'arithmetic', sign, left, right, start: left.start, end: right.end };
    }
  }

  private sliced(): Operand {
    let operand = this.primary();
    while (this.takeSign('[')) {
      const ranges = [this.sliceRange()];
      while (this.takeSign(',')) ranges.push(this.sliceRange());
      const { end } = this.next;
      this.expectSign(']');
      operand = { kind: 'slice', of: operand, ranges, start: operand.start, end };
    }
    return operand;
  }

  private sliceRange(): SliceRange {
    if (this.takeWord(':')) return { offset: 0, length: this.integer() };
    const offset = this.integer();
    if (this.takeSign('-')) {
      const last = this.integer();
      if (last < offset) this.fail('the slice ends before it begins');
      return { offset, length: last - offset + 1 };
    }
    if (!this.takeWord(':')) return { offset, length: 1 };
    return { offset, length: this.isSign(']') || this.isSign(',') ? null : this.integer() };
  }

  private integer(): number {
    const negative = this.takeSign('-');
    const token = this.next;
    if (token.kind !== 'word' || !/^\d+$/.test(token.value)) this.fail('a number belongs here');
    this.at += 1;
    return negative ? -Number(token.value) : Number(token.value);
  }

  private primary(): Operand {
    const token = this.next;
    if (token.kind === 'end') this.fail('something is missing here');
    if (this.takeSign('(')) {
      const inner = this.sum();
      this.expectSign(')');
      return inner;
    }
    const { start, end } = token;
    if (this.isSign('-') && this.tokens[this.at + 1]?.kind === 'word') {
      const number = this.tokens[this.at + 1];
      this.at += 2;
      return { kind: 'literal', text: `-${number.value}`, quoted: false, start, end: number.end };
    }
    if (token.kind === 'sign') this.fail(`a field or a value belongs here, not “${token.value}”`);
    this.at += 1;
    if (token.kind === 'text')
      return { kind: 'literal', text: token.value, quoted: true, start, end };
    if (this.isSign('(') && /^[a-z_]+$/i.test(token.value)) return this.call(token);
    return this.isField(token.value)
      ? { kind: 'field', name: token.value, start, end }
      : { kind: 'literal', text: token.value, quoted: false, start, end };
  }

  private call(name: Token): Operand {
    this.expectSign('(');
    const parameters = [this.sum()];
    while (this.takeSign(',')) parameters.push(this.sum());
    const { end } = this.next;
    this.expectSign(')');
    return { kind: 'call', name: name.value, parameters, start: name.start, end };
  }

  private get next(): Token {
    return this.tokens[this.at];
  }

  private isSign(value: string): boolean {
    return this.next.kind === 'sign' && this.next.value === value;
  }

  private takeSign(value: string): boolean {
    if (!this.isSign(value)) return false;
    this.at += 1;
    return true;
  }

  private takeWord(value: string): boolean {
    if (this.next.kind !== 'word' || this.next.value !== value) return false;
    this.at += 1;
    return true;
  }

  private expectSign(value: string): void {
    if (!this.takeSign(value)) this.fail(`“${value}” belongs here`);
  }

  private fail(text: string): never {
    this.failAt(this.next, text);
  }

  private failAt({ start, end }: { start: number; end: number }, text: string): never {
    throw new Mistake({ text, start, end: Math.max(end, start + 1) });
  }
}
