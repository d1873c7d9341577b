// Columns that grow while a table is built. Finished with `finish()`, which gives the exact length.

type NumericArray =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

type NumericArrayConstructor<A extends NumericArray> = new (length: number) => A;

/** A typed array that doubles when full. `values` may be replaced by `push`: read it after the last push. */
export class GrowableColumn<A extends NumericArray> {
  values: A;
  length = 0;
  private capacity: number;

  constructor(
    private readonly arrayType: NumericArrayConstructor<A>,
    capacity = 1024,
  ) {
    this.capacity = Math.max(1, capacity);
    this.values = new arrayType(this.capacity);
  }

  /** Appends one value and returns its index. */
  push(value: number): number {
    const index = this.claim();
    this.values[index] = value;
    return index;
  }

  /** Makes room for one value more, which who asks writes into `values`, and returns its index: for loops over very many, where one type of array is met. */
  claim(): number {
    if (this.length === this.capacity) this.grow();
    return this.length++;
  }

  /** Exactly the values pushed. None is pushed after. */
  finish(): A {
    if (this.length === this.values.length) return this.values;
    return this.values.slice(0, this.length) as A;
  }

  /** The same, without a copy, in memory that may be twice as large: of what is soon let go of. */
  view(): A {
    return this.values.subarray(0, this.length) as A;
  }

  private grow(): void {
    this.capacity *= 2;
    const larger = new this.arrayType(this.capacity);
    larger.set(this.values);
    this.values = larger;
  }
}
