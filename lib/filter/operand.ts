// Operands: fields, literals, functions, slices and sums as getters of values.
import type { Field, FieldKind, Getter, Value } from './field';
import { UNREAD } from './field';
import {
  parseBytes,
  parseFlag,
  parseMac,
  parseMoment,
  parseNumber,
  parseSeconds,
} from './literals';
import type { ArithmeticSign, Operand, Place, SliceRange } from './syntax';

export interface CompiledOperand {
  readonly kind: FieldKind;
  readonly getters: readonly Getter[];
  /** Words for some of a number's values. */
  readonly words?: Readonly<Record<string, number>>;
}

/** A filter that reads well and means nothing: where, and why. */
export class FilterMistake extends Error {
  constructor(
    readonly place: Place,
    message: string,
  ) {
    super(message);
  }
}

type FindField = (name: string) => Field | undefined;

/** Fields of Wireshark that people may try, and why they are not here. */
const ABSENT: readonly (readonly [name: RegExp, why: string])[] = [
  [
    /^tcp\.options\.mptcp\.(?:sendkey|recvkey|rawdataack|rawdataseqno|sendtrunchmac|addaddrtrunchmac)$/,
    'numbers of 64 bits are not compared here: look for its bytes, as in tcp contains 01:23:45',
  ],
  [/^tcp\.analysis\./, 'this part of the TCP analysis is not computed here'],
];

/** Of what looks like a field, or stands where one belongs. */
export const describeAbsence = (name: string): string =>
  ABSENT.find(([of]) => of.test(name))?.[1] ?? `there is no field “${name}”`;

/** An operand by itself; a literal has a kind only beside a field. */
export function compileOperand(operand: Operand, find: FindField): CompiledOperand {
  switch (operand.kind) {
    case 'field': {
      const field = find(operand.name);
      if (field === undefined) throw new FilterMistake(operand, describeAbsence(operand.name));
      return field;
    }
    case 'literal': {
      const number = operand.quoted ? undefined : parseNumber(operand.text);
      if (number !== undefined) return { kind: 'number', getters: [() => number] };
      if (!operand.quoted && /^[a-z_][\w-]*\.[\w.-]+$/i.test(operand.text))
        throw new FilterMistake(operand, describeAbsence(operand.text));
      return { kind: 'text', getters: [() => operand.text] };
    }
    case 'slice':
      return sliced(operand.of, operand.ranges, find);
    case 'arithmetic':
      return calculated(operand.left, operand.sign, operand.right, find);
    case 'call':
      return called(operand, operand.name, operand.parameters, find);
  }
}

/** An operand whose bytes are asked for: a protocol stands for its header and all behind it. */
export function compileBytes(operand: Operand, find: FindField): CompiledOperand {
  const field = operand.kind === 'field' ? find(operand.name) : undefined;
  return field?.bytes === undefined
    ? compileOperand(operand, find)
    : { kind: 'bytes', getters: [field.bytes] };
}

/** An operand where a value as `lead` has it is asked for: literals are read as such. */
export function readOperandAs(
  operand: Operand,
  { kind, words }: Pick<CompiledOperand, 'kind' | 'words'>,
  find: FindField,
  baseTime: bigint,
): CompiledOperand {
  if (operand.kind !== 'literal') {
    const compiled = compileOperand(operand, find);
    if (!comparable(compiled.kind, kind))
      throw new FilterMistake(operand, `a ${compiled.kind} can’t be compared with a ${kind}`);
    return compiled;
  }
  const value =
    (words !== undefined && Object.hasOwn(words, operand.text) ? words[operand.text] : undefined) ??
    readLiteral(operand.text, operand.quoted, kind, baseTime);
  if (value === undefined)
    throw new FilterMistake(operand, `“${operand.text}” is no ${LITERAL_WORDS[kind]}`);
  return { kind, getters: [() => value] };
}

const LITERAL_WORDS: Readonly<Record<FieldKind, string>> = {
  number: 'number',
  flag: 'flag: 0, 1, true or false',
  seconds: 'duration: seconds, or 2ms, 10us',
  time: 'time: "2021-02-15 13:53:53"',
  text: 'text',
  address: 'address',
  mac: 'MAC address',
  bytes: 'text in quotes or bytes 47:45:54',
  presence: 'value',
};

const NUMERIC: ReadonlySet<FieldKind> = new Set(['number', 'flag', 'seconds']);
const LETTERS: ReadonlySet<FieldKind> = new Set(['text', 'mac']);
const comparable = (a: FieldKind, b: FieldKind): boolean =>
  a === b || (NUMERIC.has(a) && NUMERIC.has(b)) || (LETTERS.has(a) && LETTERS.has(b));

function readLiteral(
  text: string,
  quoted: boolean,
  kind: FieldKind,
  baseTime: bigint,
): Value | undefined {
  switch (kind) {
    case 'number':
      return quoted ? undefined : parseNumber(text);
    case 'flag':
      return parseFlag(text);
    case 'seconds':
      return parseSeconds(text);
    case 'time':
      return parseMoment(text, baseTime);
    case 'mac':
      // Beside “contains” a part of an address is enough.
      return parseMac(text) ?? (quoted ? text.toLowerCase() : undefined);
    case 'bytes':
      return parseBytes(text, quoted);
    case 'text':
      return text;
    case 'address':
    case 'presence':
      return undefined;
  }
}

const encoder = new TextEncoder();

function sliced(of: Operand, ranges: readonly SliceRange[], find: FindField): CompiledOperand {
  if (of.kind === 'literal' && !of.quoted) throw new FilterMistake(of, describeAbsence(of.text));
  const inner = compileBytes(of, find);
  if (inner.kind !== 'bytes' && inner.kind !== 'text' && inner.kind !== 'mac')
    throw new FilterMistake(of, 'only text and bytes have slices');
  const getters = inner.getters.map(
    (getter): Getter =>
      (subject) => {
        const value = getter(subject);
        if (value === undefined || value === UNREAD) return value;
        const bytes = bytesOf(value, inner.kind);
        const parts = ranges.map(({ offset, length }) => {
          const start = offset < 0 ? bytes.length + offset : offset;
          return bytes.subarray(Math.max(0, start), length === null ? undefined : start + length);
        });
        // A slice that begins behind the end is none.
        if (parts.some((part) => part.length === 0)) return undefined;
        const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
        let at = 0;
        for (const part of parts) {
          whole.set(part, at);
          at += part.length;
        }
        return whole;
      },
  );
  return { kind: 'bytes', getters };
}

function bytesOf(value: Value, kind: FieldKind): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (kind === 'mac') return parseBytes(String(value), false) ?? new Uint8Array(0);
  return encoder.encode(String(value));
}

const SUMS: Readonly<Record<ArithmeticSign, (a: number, b: number) => number | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
  '%': (a, b) => (b === 0 ? undefined : a % b),
  '&': (a, b) => (a & b) >>> 0,
};

function calculated(
  left: Operand,
  sign: ArithmeticSign,
  right: Operand,
  find: FindField,
): CompiledOperand {
  const [a, b] = [compileOperand(left, find), compileOperand(right, find)];
  for (const [operand, compiled] of [
    [left, a],
    [right, b],
  ] as const)
    if (!NUMERIC.has(compiled.kind))
      throw new FilterMistake(operand, 'only numbers can be reckoned with');
  const getters = a.getters.flatMap((first) =>
    b.getters.map(
      (second): Getter =>
        (subject) => {
          const [x, y] = [first(subject), second(subject)];
          return typeof x === 'number' && typeof y === 'number' ? SUMS[sign](x, y) : undefined;
        },
    ),
  );
  return { kind: a.kind === 'seconds' || b.kind === 'seconds' ? 'seconds' : 'number', getters };
}

const mapped = (
  { getters }: CompiledOperand,
  kind: FieldKind,
  change: (value: Value) => Value,
): CompiledOperand => ({
  kind,
  getters: getters.map(
    (getter): Getter =>
      (subject) => {
        const value = getter(subject);
        return value === undefined || value === UNREAD ? value : change(value);
      },
  ),
});

/** Functions of the language; each takes one operand. */
const FUNCTIONS: Readonly<Record<string, (of: CompiledOperand) => CompiledOperand>> = {
  lower: (of) => mapped(of, 'text', (value) => String(value).toLowerCase()),
  upper: (of) => mapped(of, 'text', (value) => String(value).toUpperCase()),
  string: (of) => mapped(of, 'text', String),
  abs: (of) => mapped(of, of.kind, (value) => Math.abs(Number(value))),
  len: (of) =>
    mapped(of, 'number', (value) =>
      value instanceof Uint8Array ? value.length : String(value).length,
    ),
  count: ({ getters }) => ({
    kind: 'number',
    getters: [
      (subject) => {
        const values = getters.map((getter) => getter(subject));
        if (values.includes(UNREAD)) return UNREAD;
        return values.filter((value) => value !== undefined).length;
      },
    ],
  }),
};

/** The greatest, or the least, of all values of all operands. */
const extreme =
  (pick: (...values: readonly number[]) => number) =>
  (operands: readonly CompiledOperand[]): CompiledOperand => ({
    kind: operands[0].kind === 'flag' ? 'number' : operands[0].kind,
    getters: [
      (subject) => {
        const values = operands
          .flatMap(({ getters }) => getters)
          .map((getter) => getter(subject))
          .filter((value) => value !== undefined);
        if (values.includes(UNREAD)) return UNREAD;
        return values.length === 0 ? undefined : pick(...values.map(Number));
      },
    ],
  });

/** Functions of one or more operands, all numbers. */
const SPANNING: Readonly<Record<string, (of: readonly CompiledOperand[]) => CompiledOperand>> = {
  max: extreme(Math.max),
  min: extreme(Math.min),
};

function called(
  place: Place,
  name: string,
  parameters: readonly Operand[],
  find: FindField,
): CompiledOperand {
  if (Object.hasOwn(SPANNING, name)) {
    const operands = parameters.map((parameter) => compileOperand(parameter, find));
    const other = operands.findIndex(({ kind }) => !NUMERIC.has(kind));
    if (other >= 0) throw new FilterMistake(parameters[other], `${name}() takes numbers`);
    return SPANNING[name](operands);
  }
  const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (make === undefined) throw new FilterMistake(place, `there is no function “${name}”`);
  if (parameters.length !== 1) throw new FilterMistake(place, `${name}() takes one value`);
  return make(compileOperand(parameters[0], find));
}
