'use client';
// What is drawn, in numbers, and the choices of drawing it: time, span, lanes.
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { Segmented } from '@/components/ui/Segmented';
import { formatSeconds } from '@/lib/base/time';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { LanesButton } from './LanesButton';

const TIME_MODES = [
  { value: 'events', label: 'Packet by packet', hint: 'A row a packet; silences are folded' },
  { value: 'scale', label: 'To scale', hint: 'Time to scale, the slope of a line is its latency' },
] as const;

export function PictureBar() {
  const timeMode = useWorkspace((state) => state.view.timeMode);
  const span = useWorkspace((state) => state.view.span);
  const from = useWorkspace((state) => state.overview?.from ?? 0);
  return (
    <div className="@container flex h-9 shrink-0 items-center gap-2 overflow-hidden border-b border-line px-3.5">
      <Drawn />
      {span !== null && (
        <Button
          look="quiet"
          size="small"
          title="Show the whole time again"
          aria-label={`${spanText(span, from)}: show the whole time again`}
          onClick={() => workspace.setSpan(null)}
        >
          {/* Where there is no room, the overview underneath says it. */}
          <span className="figures @max-[560px]:hidden">{spanText(span, from)}</span>×
        </Button>
      )}
      <Segmented
        name="Time"
        value={timeMode}
        options={TIME_MODES}
        onChange={(mode) => workspace.setTimeMode(mode)}
      />
      <LanesButton />
    </div>
  );
}

const spanText = ([begin, end]: readonly [number, number], from: number): string =>
  `${formatSeconds(begin - from, 3)} – ${formatSeconds(end - from, 3)} s`;

function Drawn() {
  const picture = useWorkspace((state) => state.picture);
  const journeys = useWorkspace((state) => state.status?.journeys ?? 0);
  if (picture === null) return <div className="flex-1" />;
  const { window, connections } = picture;
  const names =
    connections.length === 1
      ? `${connections[0].client} → ${connections[0].server}`
      : formatQuantity(connections.length, 'connection');
  const omitted =
    window.omitted > 0 ? `${formatCount(window.omitted)} more of these not drawn` : undefined;
  return (
    <p className="flex min-w-0 flex-1 gap-2 overflow-hidden text-xs">
      <span className={classNames('truncate', connections.length === 1 && 'figures')} title={names}>
        {names}
      </span>
      <span className="figures shrink-0 text-muted" title={omitted}>
        {formatCount(window.journeyCount)}
        <span className="@max-[720px]:hidden"> of {formatCount(journeys)}</span> packets
        {window.omitted > 0 && <span className="@max-[720px]:hidden">, {omitted}</span>}
      </span>
    </p>
  );
}
