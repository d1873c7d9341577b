'use client';
// A point that is several, or one with another, of its capture or of another one: said here, and the analysis runs again. Nothing where a point can be neither.
import type { Point } from '@/lib/model/capture';
import { correctPoint, type PointCorrection, type SplitBy } from '@/lib/model/corrections';
import { namePoints } from '@/lib/scene/point-name';
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
  const given = useWorkspace((state) => state.view.lanes.names);
  const choices = choicesOf(point, points, namePoints(points, given));
  if (choices.length === 0) return null;
  return (
    <select
      aria-label={`Split or merge ${name}`}
      title="Split or merge"
      value=""
      className="h-6 w-6 cursor-pointer appearance-none rounded-md bg-transparent text-center text-muted hover:bg-hover"
      onChange={(event) => {
        const choice = choices[Number(event.target.value)];
        if (choice !== undefined)
          workspace.hand.correct(correctPoint(corrections, choice.correction));
      }}
    >
      <option value="" hidden>
        ⋯
      </option>
      {choices.map(({ words, correction }, index) =>
        correction.kind === 'split' ? (
          <option key={words} value={index}>
            {words}
          </option>
        ) : null,
      )}
      <optgroup label="Merge into">
        {choices.map(({ words, correction }, index) =>
          correction.kind === 'merge' ? (
            <option key={correction.into + correction.intoCapture} value={index}>
              {words}
            </option>
          ) : null,
        )}
      </optgroup>
    </select>
  );
}

function choicesOf(
  point: Point,
  points: readonly Point[],
  names: ReadonlyMap<string, string>,
): readonly Choice[] {
  const { place } = point;
  if (place === undefined) return [];
  const { capture, key } = place;
  const splits = (point.splits ?? []).map(
    (by): Choice => ({
      words: SPLIT_WORDS[by],
      correction: { kind: 'split', capture, place: key, by },
    }),
  );
  const merges = points.flatMap((other): Choice[] => {
    const into = other.place;
    if (into === undefined || (into.capture === capture && into.key === key)) return [];
    const correction = { kind: 'merge', capture, place: key, into: into.key } as const;
    return [
      {
        words: names.get(other.id) ?? other.name,
        correction:
          into.capture === capture ? correction : { ...correction, intoCapture: into.capture },
      },
    ];
  });
  return [...splits, ...merges];
}
