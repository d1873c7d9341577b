'use client';
// What stands under the pointer, in words: frame, time, label, what the hop before rewrote, and what became of the packet.
import type { SceneLayout } from '@/lib/scene/layout';
import { describeSighting } from './describe-journey';

const WIDTH_PX = 340;
const OFFSET_PX = 14;
/** More rewrites than these are for the inspector. */
const MOST_REWRITES = 5;

export function JourneyTooltip({
  layout,
  sighting,
  at,
  room,
}: {
  readonly layout: SceneLayout;
  readonly sighting: number;
  readonly at: { readonly x: number; readonly y: number };
  readonly room: { readonly width: number; readonly height: number };
}) {
  const words = describeSighting(layout, sighting);
  const left = Math.max(4, Math.min(at.x + OFFSET_PX, room.width - WIDTH_PX - 4));
  const below = at.y < room.height / 2;
  return (
    <div
      role="tooltip"
      className="pointer-events-none absolute z-10 rounded-lg bg-raised px-3 py-2 text-xs shadow-lg"
      style={{
        left,
        width: WIDTH_PX,
        ...(below ? { top: at.y + OFFSET_PX } : { bottom: room.height - at.y + OFFSET_PX }),
      }}
    >
      <div className="flex justify-between gap-3">
        <span className="truncate font-semibold text-ink">{words.frame}</span>
        <span className="figures text-muted">{words.time}</span>
      </div>
      <div className="figures mt-1 break-words text-ink">{words.label}</div>
      <div className="figures text-muted">{words.tuple}</div>
      {words.rewrites.length > 0 && (
        <ul className="figures mt-1.5 border-t border-line pt-1.5">
          {words.rewrites.slice(0, MOST_REWRITES).map(({ field, before, after }) => (
            <li key={field} className="flex gap-2">
              <span className="w-24 shrink-0 text-muted">{field}</span>
              <span className="text-nat">
                {before} → {after}
              </span>
            </li>
          ))}
        </ul>
      )}
      {words.fault !== undefined && <div className="figures mt-1 text-failure">{words.fault}</div>}
      <div className="mt-1 text-muted">{words.fate}</div>
    </div>
  );
}
