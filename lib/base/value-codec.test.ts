import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CodecNames, readValue, type TypedColumn, ValueWriter } from './value-codec';

class Clock {
  constructor(
    private readonly table: object,
    readonly offset: number,
  ) {}
  sees(table: object): boolean {
    return this.table === table;
  }
}

const TABLE = { rows: 3 };
const NAMES: CodecNames = { classes: { Clock }, known: new Map([['table', TABLE]]) };

function thereAndBack<T>(value: T): T {
  const columns: TypedColumn[] = [];
  const writer = new ValueWriter(NAMES, (column) => columns.push(column) - 1);
  writer.write(value);
  return readValue(writer.finish(), NAMES, columns) as T;
}

describe('a value as bytes', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.anything({
          key: fc.string().filter((key) => key !== '__proto__'),
          withBigInt: true,
          withMap: true,
          withSet: true,
        }),
        (value) => {
          expect(thereAndBack(value)).toEqual(value);
        },
      ),
    );
    for (const number of [0, -0, 1, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, 0.1, NaN])
      expect(Object.is(thereAndBack(number), number)).toBe(true);
    expect(thereAndBack('ü\ud83d\ude00'.repeat(5000))).toBe('ü\ud83d\ude00'.repeat(5000));
  });

  it('keeps what is one object one object, also in a circle', () => {
    const line = { offset: 1 };
    const host: { lines: object[]; self?: object } = { lines: [line, line] };
    host.self = host;
    const read = thereAndBack(host);
    expect(read.lines[0]).toBe(read.lines[1]);
    expect(read.self).toBe(read);
  });

  it('gives instances their class, known things themselves, and columns by number', () => {
    const values = Float64Array.of(1, 2);
    const read = thereAndBack({ clock: new Clock(TABLE, 5), table: TABLE, values, same: values });
    expect(read.clock.sees(TABLE)).toBe(true);
    expect(read.table).toBe(TABLE);
    expect(read.values).toBe(values);
    expect(read.same).toBe(values);
  });

  it('refuses what it does not know', () => {
    expect(() => thereAndBack(new Date())).toThrow('A Date is not known');
    expect(() => thereAndBack(() => 1)).toThrow('A function cannot be written');
  });

  it('that was cut is never read', () => {
    const writer = new ValueWriter(NAMES, () => 0);
    writer.write({ name: 'tun0', hops: [1, 2.5, null], way: new Map([['a', 1]]) });
    const bytes = writer.finish();
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => readValue(bytes.slice(0, length), NAMES, [])).toThrow();
  });
});
