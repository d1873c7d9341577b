'use client';
// Which captures are of one host, said by hand: one is taken out, or all of it are put with another's, and the analysis runs again.
import type { Point } from '@/lib/model/capture';
import { correctHost, type HostCorrection } from '@/lib/model/corrections';
import { namePoints } from '@/lib/scene/point-name';
import { useWorkspace, workspace } from '@/lib/store/workspace';

interface Choice {
  readonly words: string;
  readonly correction: HostCorrection;
}

export function HostMenu({
  host,
  points,
}: {
  readonly host: string;
  readonly points: readonly Point[];
}) {
  const corrections = useWorkspace((state) => state.view.corrections);
  const given = useWorkspace((state) => state.view.lanes.names);
  const isLive = useWorkspace((state) => state.session.kind === 'live');
  const names = namePoints(points, given);
  const [own, ...others] = findHosts(host, points, (id) => names.get(id) ?? '');
  if (!isLive || own === undefined) return null;
  const apart: readonly Choice[] =
    own.captures.length < 2
      ? []
      : own.captures.map(({ capture, words }) => ({
          words,
          correction: { kind: 'alone', capture },
        }));
  const joined: readonly Choice[] = others.map(({ captures }) => ({
    words: captures.map(({ words }) => words).join(', '),
    correction: { kind: 'with', capture: own.captures[0].capture, other: captures[0].capture },
  }));
  const choices = [...apart, ...joined];
  if (choices.length === 0) return null;
  return (
    <select
      aria-label={`Correct the host of ${own.captures.map(({ words }) => words).join(', ')}`}
      title="Which captures share this host"
      value=""
      className="h-6 w-6 shrink-0 cursor-pointer appearance-none rounded-md bg-transparent text-center text-muted hover:bg-hover"
      onChange={(event) => {
        const choice = choices[Number(event.target.value)];
        if (choice !== undefined)
          workspace.hand.correct(correctHost(corrections, choice.correction));
      }}
    >
      <option value="" hidden>
        ⋯
      </option>
      {apart.length > 0 && (
        <optgroup label="On a host of its own">
          {apart.map(({ words }, index) => (
            <option key={words} value={index}>
              {words}
            </option>
          ))}
        </optgroup>
      )}
      {joined.length > 0 && (
        <optgroup label="On one host with">
          {joined.map(({ words }, index) => (
            <option key={words} value={apart.length + index}>
              {words}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}

interface Host {
  readonly captures: readonly { readonly capture: string; readonly words: string }[];
}

/** This host first; captures by their fingerprints, called after their points. None where a point's place is not known, as in what was shared. */
function findHosts(
  host: string,
  points: readonly Point[],
  nameOf: (id: string) => string,
): readonly Host[] {
  const hosts = [host, ...new Set(points.map((point) => point.host))].filter(
    (one, index, all) => all.indexOf(one) === index,
  );
  return hosts.flatMap((one) => {
    const words = new Map<string, string>();
    for (const { id, place, host: of } of points)
      if (of === one && place !== undefined) {
        const before = words.get(place.capture);
        words.set(place.capture, before === undefined ? nameOf(id) : `${before}, ${nameOf(id)}`);
      }
    const captures = [...words].map(([capture, text]) => ({ capture, words: text }));
    return captures.length === 0 ? [] : [{ captures }];
  });
}
