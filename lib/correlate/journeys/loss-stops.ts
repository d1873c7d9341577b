// Between which stops a journey ended, or was missed: of the few that were not delivered. Filled while fates are decided, in any order.
import { upperBound } from '../../base/bisect';
import { GrowableColumn } from '../../base/growable';
import { NO_STOP, type Stop } from '../../model/stop';

export class LossStops {
  private journeys = new Uint32Array(0);
  private froms = new Uint32Array(0);
  private tos = new Uint32Array(0);
  /** While they are decided: where a journey's are in the columns. */
  private placeOf: Map<number, number> | undefined = new Map();
  private from: GrowableColumn<Uint32Array<ArrayBuffer>> | undefined = new GrowableColumn(
    Uint32Array,
  );
  private to: GrowableColumn<Uint32Array<ArrayBuffer>> | undefined = new GrowableColumn(
    Uint32Array,
  );

  set(journey: number, from: Stop, to: Stop): void {
    const { placeOf, from: froms, to: tos } = this;
    if (placeOf === undefined || froms === undefined || tos === undefined)
      throw new Error('All fates are decided');
    const place = placeOf.get(journey);
    if (place === undefined) {
      placeOf.set(journey, froms.push(from));
      tos.push(to);
    } else {
      froms.values[place] = from;
      tos.values[place] = to;
    }
  }

  /** Where it was last seen; NO_STOP: nothing was expected of it further on. */
  fromOf(journey: number): Stop {
    const place = this.find(journey);
    if (place === undefined) return NO_STOP;
    return this.from === undefined ? this.froms[place] : this.from.values[place];
  }

  /** Where it should have been seen next. */
  toOf(journey: number): Stop {
    const place = this.find(journey);
    if (place === undefined) return NO_STOP;
    return this.to === undefined ? this.tos[place] : this.to.values[place];
  }

  /** All fates are decided. */
  finish(): void {
    const { placeOf, from, to } = this;
    if (placeOf === undefined || from === undefined || to === undefined) return;
    this.journeys = Uint32Array.from(placeOf.keys()).sort();
    this.froms = this.journeys.map((journey) => from.values[placeOf.get(journey)!]);
    this.tos = this.journeys.map((journey) => to.values[placeOf.get(journey)!]);
    this.placeOf = undefined;
    this.from = undefined;
    this.to = undefined;
  }

  private find(journey: number): number | undefined {
    if (this.placeOf !== undefined) return this.placeOf.get(journey);
    const place = upperBound(this.journeys, journey) - 1;
    return place >= 0 && this.journeys[place] === journey ? place : undefined;
  }
}
