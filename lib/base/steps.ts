// Steps of a long job, one after the other, and its progress as one number that rises from 0 to 1: from it can be told which step runs.

/** The steps in order, each with the progress at which it ends. */
export type StepEnds<Name extends string> = Readonly<Record<Name, number>>;

/** Progress of a step that has only begun: more than that of the end of the one before. */
const LEAST = 1e-4;

/** Runs a step within the whole: what it yields (0 … 1 of its own) becomes progress of the whole. It says when it begins and when it has ended. */
export function stepsOf<Name extends string>(ends: StepEnds<Name>) {
  const all = Object.values<number>(ends);
  return function* step<T>(name: Name, steps: Generator<number, T>): Generator<number, T> {
    const to = ends[name];
    const from = all[all.indexOf(to) - 1] ?? 0;
    yield from + (to - from) * LEAST;
    let next = steps.next();
    while (!next.done) {
      yield from + (to - from) * Math.min(1, Math.max(LEAST, next.value));
      next = steps.next();
    }
    yield to;
    return next.value;
  };
}

/** Name of the step that yields this progress, and how far it is by itself, 0 … 1. */
export function stepAt<Name extends string>(
  ends: StepEnds<Name>,
  progress: number,
): readonly [Name, number] {
  let from = 0;
  let last: Name | undefined;
  for (const name of Object.keys(ends) as Name[]) {
    // A little over, since a step within a step is told from a product that was rounded.
    if (progress <= ends[name] + LEAST * 1e-3)
      return [name, Math.min(1, (progress - from) / (ends[name] - from))];
    from = ends[name];
    last = name;
  }
  return [last!, 1];
}
