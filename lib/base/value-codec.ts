// Any value that an analysis is made of as bytes, and back: plain objects, arrays, Maps, Sets, instances of the classes named, each object once however often
// it is referred to. Typed arrays and things that are at hand elsewhere are named, not written. For bytes that are read by the very code that wrote them.

export type TypedColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export interface CodecNames {
  /** Instances are written with their class' name here; any other class is a fault of the writer. */
  readonly classes: Readonly<Record<string, { readonly prototype: object }>>;
  /** What both sides have, by name. */
  readonly known: ReadonlyMap<string, object>;
}

const UNDEFINED = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const WHOLE = 4;
const NEGATIVE = 5;
const REAL = 6;
const TEXT = 7;
const TEXT_AGAIN = 8;
const BIG = 9;
const ARRAY = 10;
const RECORD = 11;
const RECORD_AGAIN = 12;
const OBJECT_AGAIN = 13;
const MAP = 14;
const SET = 15;
const INSTANCE = 16;
const KNOWN = 17;
const COLUMN = 18;

/** Writes one value. `column` keeps a typed array elsewhere and gives its number. Throws on what cannot be written. */
export class ValueWriter {
  private bytes = new Uint8Array(1 << 16);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  private readonly objects = new Map<object, number>();
  private readonly texts = new Map<string, number>();
  /** Lists of keys, joined. */
  private readonly shapes = new Map<string, number>();
  private readonly nameOfKnown: ReadonlyMap<object, string>;
  private readonly nameOfClass: ReadonlyMap<object, string>;

  constructor(
    { classes, known }: CodecNames,
    private readonly column: (values: TypedColumn) => number,
  ) {
    this.nameOfKnown = new Map([...known].map(([name, object]) => [object, name]));
    this.nameOfClass = new Map(
      Object.entries(classes).map(([name, { prototype }]) => [prototype, name]),
    );
  }

  write(value: unknown): void {
    if (value === undefined) this.tag(UNDEFINED);
    else if (value === null) this.tag(NULL);
    else if (typeof value === 'number') this.writeNumber(value);
    else if (typeof value === 'string') this.writeText(value);
    else if (typeof value === 'object') this.writeObject(value);
    else if (typeof value === 'boolean') this.tag(value ? TRUE : FALSE);
    else if (typeof value === 'bigint') {
      this.tag(BIG);
      this.writeText(value.toString());
    } else throw new Error(`A ${typeof value} cannot be written`);
  }

  /** What was written so far. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  private writeObject(value: object): void {
    const again = this.objects.get(value);
    if (again !== undefined) {
      this.tagged(OBJECT_AGAIN, again);
      return;
    }
    this.objects.set(value, this.objects.size);
    const known = this.nameOfKnown.get(value);
    if (known !== undefined) {
      this.tag(KNOWN);
      this.writeText(known);
    } else if (Array.isArray(value)) {
      this.tagged(ARRAY, value.length);
      for (const item of value) this.write(item);
    } else if (value instanceof Map) {
      this.tagged(MAP, value.size);
      for (const [key, item] of value) {
        this.write(key);
        this.write(item);
      }
    } else if (value instanceof Set) {
      this.tagged(SET, value.size);
      for (const item of value) this.write(item);
    } else if (ArrayBuffer.isView(value)) {
      this.tagged(COLUMN, this.column(value as TypedColumn));
    } else this.writeRecord(value);
  }

  private writeRecord(value: object): void {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype) {
      const name = this.nameOfClass.get(prototype);
      if (name === undefined) throw new Error(`A ${prototype?.constructor?.name} is not known`);
      this.tag(INSTANCE);
      this.writeText(name);
    }
    const keys = Object.keys(value);
    const shape = `${keys.length}\0${keys.join('\0')}`;
    const again = this.shapes.get(shape);
    if (again !== undefined) this.tagged(RECORD_AGAIN, again);
    else {
      this.shapes.set(shape, this.shapes.size);
      this.tagged(RECORD, keys.length);
      for (const key of keys) this.writeText(key);
    }
    for (const key of keys) this.write((value as Record<string, unknown>)[key]);
  }

  private writeNumber(value: number): void {
    const whole = Math.abs(value);
    if (whole <= Number.MAX_SAFE_INTEGER && Number.isInteger(value) && !Object.is(value, -0)) {
      this.tagged(value < 0 ? NEGATIVE : WHOLE, whole);
    } else {
      this.tag(REAL);
      this.view.setFloat64(this.length, value, true);
      this.length += 8;
    }
  }

  private writeText(text: string): void {
    const again = this.texts.get(text);
    if (again !== undefined) {
      this.tagged(TEXT_AGAIN, again);
      return;
    }
    this.texts.set(text, this.texts.size);
    this.tagged(TEXT, text.length);
    this.reserve(text.length * 3);
    for (let i = 0; i < text.length; i += 1) this.count(text.charCodeAt(i));
  }

  private tagged(tag: number, count: number): void {
    this.tag(tag);
    this.count(count);
  }

  /** With room for a number behind it. */
  private tag(tag: number): void {
    this.reserve(16);
    this.bytes[this.length++] = tag;
  }

  /** Seven bits a byte, the lowest first; room is there. */
  private count(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Reads what one ValueWriter wrote. Throws where it is no such thing. */
export function readValue(
  bytes: Uint8Array,
  { classes, known }: CodecNames,
  columns: readonly TypedColumn[],
): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const objects: object[] = [];
  const texts: string[] = [];
  const shapes: (readonly string[])[] = [];

  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('What was written is damaged');
    return value;
  };
  const count = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = there(bytes[at++]);
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const text = (): string => {
    if (there(bytes[at++]) === TEXT_AGAIN) return there(texts[count()]);
    const codes = new Array<number>(count());
    for (let i = 0; i < codes.length; i += 1) codes[i] = count();
    // In parts: a call takes only so many arguments.
    let read = '';
    for (let from = 0; from < codes.length; from += 4096)
      read += String.fromCharCode(...codes.slice(from, from + 4096));
    texts.push(read);
    return read;
  };
  const record = (object: Record<string, unknown>): object => {
    objects.push(object);
    const again = there(bytes[at++]) === RECORD_AGAIN;
    let keys: readonly string[];
    if (again) keys = there(shapes[count()]);
    else {
      keys = Array.from({ length: count() }, text);
      shapes.push(keys);
    }
    for (const key of keys) object[key] = value();
    return object;
  };
  const held = <T extends object>(object: T): T => {
    objects.push(object);
    return object;
  };
  const value = (): unknown => {
    switch (there(bytes[at++])) {
      case UNDEFINED:
        return undefined;
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case WHOLE:
        return count();
      case NEGATIVE:
        return -count();
      case REAL:
        at += 8;
        return view.getFloat64(at - 8, true);
      case TEXT:
      case TEXT_AGAIN:
        at -= 1;
        return text();
      case BIG:
        return BigInt(text());
      case ARRAY: {
        const length = count();
        const array: unknown[] = held([]);
        for (let i = 0; i < length; i += 1) array.push(value());
        return array;
      }
      case RECORD:
      case RECORD_AGAIN:
        at -= 1;
        return record({});
      case INSTANCE:
        return record(Object.create(there(classes[text()]).prototype));
      case OBJECT_AGAIN:
        return there(objects[count()]);
      case MAP: {
        const size = count();
        const map = held(new Map());
        for (let i = 0; i < size; i += 1) map.set(value(), value());
        return map;
      }
      case SET: {
        const size = count();
        const set = held(new Set());
        for (let i = 0; i < size; i += 1) set.add(value());
        return set;
      }
      case KNOWN:
        return held(there(known.get(text())));
      case COLUMN:
        return held(there(columns[count()]));
      default:
        throw new Error('What was written is damaged');
    }
  };
  return value();
}
