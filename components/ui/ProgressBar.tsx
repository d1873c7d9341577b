// How far something is, as a bar; the number stands beside it, set by the caller.

export function ProgressBar({ value, name }: { readonly value: number; readonly name: string }) {
  const percent = Math.min(100, Math.max(0, value * 100));
  return (
    <div
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className="h-1 w-full overflow-hidden rounded-full bg-hover"
    >
      <div className="h-full origin-left bg-forward" style={{ width: `${percent}%` }} />
    </div>
  );
}
