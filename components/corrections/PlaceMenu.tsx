'use client';
// A point that is several, or one with another of its capture: said here, and the analysis runs again. Nothing where a point can be neither.
import type { Point } from '@/lib/model/capture';
import { correctPoint, type PointCorrection, type SplitBy } from '@/lib/model/corrections';
import { listedName } from '@/lib/scene/point-name';
import { useWorkspace, workspace } from '@/lib/store/workspace';

const SPLIT_WORDS: Readonly<Record<SplitBy, string>> = {
  direction: 'Split by direction',
  vlan: 'Split by VLAN',
};

interface Choice {
  readonly words: string;
  readonly correction: PointCorrection;
}

export function PlaceMenu({
  point,
  points,
  name,
}: {
  readonly point: Point;
  readonly points: readonly Point[];
  readonly name: string;
}) {
  const corrections = useWorkspace((state) => state.view.corrections);
  const choices = choicesOf(point, points);
  if (choices.length === 0) return null;
  return (
    <select
      aria-label={`Split or merge ${name}`}
      title="Split or merge"
      value=""
      className="h-6 w-6 cursor-pointer rounded-md bg-transparent text-muted hover:bg-hover"
      onChange={(event) => {
        const choice = choices[Number(event.target.value)];
        if (choice !== undefined)
          workspace.hand.correct(correctPoint(corrections, choice.correction));
      }}
    >
      <option value="" hidden>
        ⋯
      </option>
      {choices.map(({ words }, index) => (
        <option key={words} value={index}>
          {words}
        </option>
      ))}
    </select>
  );
}

function choicesOf(point: Point, points: readonly Point[]): readonly Choice[] {
  const { place } = point;
  if (place === undefined) return [];
  const { capture, key } = place;
  const splits = (point.splits ?? []).map(
    (by): Choice => ({
      words: SPLIT_WORDS[by],
      correction: { kind: 'split', capture, place: key, by },
    }),
  );
  const merges = points.flatMap((other): Choice[] =>
    other.place === undefined || other.place.capture !== capture || other.id === point.id
      ? []
      : [
          {
            words: `Merge into ${listedName(other, points)}`,
            correction: { kind: 'merge', capture, place: key, into: other.place.key },
          },
        ],
  );
  return [...splits, ...merges];
}
