// The greatest bound of the error of very many differences between times of two captures: bounds are convex, so that nearly always the times at both
// ends tell it.
import type { ClockModel } from './clocks';

export class GreatestError {
  private greatest: number | null = 0;
  private captureA = -1;
  private captureB = -1;
  /** Times that the lines of their clocks hold for, which are known. */
  private fromA = 0;
  private toA = 0;
  private fromB = 0;
  private toB = 0;
  /** What it depends on within these. */
  private varies: 'never' | 'withA' | 'withB' | 'freely' = 'never';
  /** The pairs of times at which the one that it varies with is least and greatest. */
  private least = 0;
  private beside = 0;
  private most = 0;
  private besideMost = 0;

  constructor(private readonly clocks: ClockModel) {}

  /** Times are those of the captures' columns. */
  add(captureA: number, timeA: number, captureB: number, timeB: number): void {
    if (
      captureA !== this.captureA ||
      captureB !== this.captureB ||
      !(timeA >= this.fromA && timeA < this.toA && timeB >= this.fromB && timeB < this.toB)
    ) {
      this.begin(captureA, timeA, captureB, timeB);
      return;
    }
    if (this.varies === 'never') return;
    if (this.varies === 'freely') {
      this.note(timeA, timeB);
      return;
    }
    const time = this.varies === 'withA' ? timeA : timeB;
    const other = this.varies === 'withA' ? timeB : timeA;
    if (time < this.least) {
      this.least = time;
      this.beside = other;
    } else if (time > this.most) {
      this.most = time;
      this.besideMost = other;
    }
  }

  /** Null: some of them nothing bounds. */
  get error(): number | null {
    this.settle();
    return this.greatest;
  }

  /** Of two captures that follow others (a series has one after the other), or of other lines of their clocks. */
  private begin(captureA: number, timeA: number, captureB: number, timeB: number): void {
    this.settle();
    this.captureA = captureA;
    this.captureB = captureB;
    const { clocks } = this;
    this.varies = clocks.errorVaries(captureA, timeA, captureB, timeB);
    [this.fromA, this.toA] = clocks.spanOfLine(captureA, timeA);
    [this.fromB, this.toB] = clocks.spanOfLine(captureB, timeB);
    this.note(timeA, timeB);
    [this.least, this.beside] = this.varies === 'withA' ? [timeA, timeB] : [timeB, timeA];
    [this.most, this.besideMost] = [this.least, this.beside];
  }

  private settle(): void {
    if (this.varies === 'withA') {
      this.note(this.least, this.beside);
      this.note(this.most, this.besideMost);
    } else if (this.varies === 'withB') {
      this.note(this.beside, this.least);
      this.note(this.besideMost, this.most);
    }
  }

  private note(timeA: number, timeB: number): void {
    if (this.greatest === null) return;
    const error = this.clocks.errorAt(this.captureA, timeA, this.captureB, timeB);
    this.greatest = error === null ? null : Math.max(error, this.greatest);
  }
}
