// What a change by hand was, in a few words: said when it is undone or made again.
import type { Corrections } from '../model/corrections';
import type { HandState } from './hand-history';
import { followPoints } from './lane-follow';

const CORRECTION_WORDS: Readonly<Record<keyof Corrections, string>> = {
  matches: 'match of two frames',
  clocks: 'clock correction',
  points: 'points merged or split',
  hosts: 'host of a capture',
};

/** Empty: nothing changed, or only captures that cannot come back (`gone`). */
export function describeChange(
  before: HandState,
  after: HandState,
  gone: (file: File) => boolean,
): string {
  const there = (files: readonly File[]): readonly File[] => files.filter((file) => !gone(file));
  return [
    ...without(there(after.takenOut), before.takenOut).map(({ name }) => `${name} taken out`),
    ...without(there(before.takenOut), after.takenOut).map(({ name }) => `${name} put back`),
    ...describeNotes(before, after),
    ...describeCorrections(before.corrections, after.corrections),
    ...describeLanes(before, after),
    ...(before.title === after.title ? [] : ['case renamed']),
    ...(before.preface === after.preface ? [] : ['words before the report']),
  ].join(', ');
}

export const without = <T>(items: readonly T[], others: readonly T[]): readonly T[] =>
  items.filter((item) => !others.includes(item));

function describeNotes({ notes: before }: HandState, { notes: after }: HandState): string[] {
  const ids = (notes: HandState['notes']) => notes.map(({ id }) => id);
  const written = without(ids(after), ids(before)).length > 0;
  const deleted = without(ids(before), ids(after)).length > 0;
  if (written || deleted)
    return [...(written ? ['note written'] : []), ...(deleted ? ['note deleted'] : [])];
  const text = new Map(before.map((note) => [note.id, note.text]));
  return after.some((note) => text.get(note.id) !== note.text) ? ['note changed'] : [];
}

const describeCorrections = (before: Corrections, after: Corrections): string[] =>
  (Object.keys(CORRECTION_WORDS) as (keyof Corrections)[])
    .filter((kind) => before[kind] !== after[kind])
    .map((kind) => CORRECTION_WORDS[kind]);

function describeLanes(before: HandState, after: HandState): string[] {
  if (before.lanes === after.lanes) return [];
  const held = followPoints(before.lanes, before.points, after.points);
  const differs = (part: 'order' | 'hidden' | 'names'): boolean =>
    JSON.stringify(held[part]) !== JSON.stringify(after.lanes[part]);
  const hidden = after.lanes.hidden.length > held.hidden.length;
  return [
    ...(differs('names') ? ['lane renamed'] : []),
    ...(differs('order') ? ['order of lanes'] : []),
    ...(differs('hidden') ? [hidden ? 'lane hidden' : 'lane shown'] : []),
  ];
}
