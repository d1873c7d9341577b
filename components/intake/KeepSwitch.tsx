'use client';
// Whether cases begun from now on are kept in this browser.
import { setKeeping } from '@/lib/store/keep-choice';
import { useKeepChoice } from '@/lib/store/workspace';

export function KeepSwitch() {
  const on = useKeepChoice((choice) => choice.on);
  const canKeep = useKeepChoice((choice) => choice.canKeep);
  if (canKeep === false)
    return (
      <p className="text-xs text-muted">
        This window has no place for cases, as private ones do: a reload begins anew.
      </p>
    );
  return (
    <label className="flex items-center gap-2 text-xs text-muted">
      <input
        className="accent-ink"
        type="checkbox"
        checked={on}
        onChange={(event) => setKeeping(event.target.checked)}
      />
      Keep the case in this browser, so that a reload comes back to it
    </label>
  );
}
