'use client';
// What is drawn, in numbers, and the choices of drawing it: time, span, lanes.
import { TranslationsButton } from '@/components/translations/TranslationsButton';
import { Button } from '@/components/ui/Button';
import { type FigureVariant, FittingFigures } from '@/components/ui/FittingFigures';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { Segmented } from '@/components/ui/Segmented';
import type { ConnectionSummary } from '@/lib/model/connection';
import { tupleTexts } from '@/lib/scene/badges';
import { selectDrawn } from '@/lib/store/selectors';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import { LegendButton } from '../swimlane/LegendButton';
import { isShownAsHeat } from '../swimlane/use-heat';
import { LanesButton } from './LanesButton';

const TIME_MODES = [
  { value: 'events', label: 'Even', hint: 'A row a packet; silences are folded' },
  {
    value: 'scale',
    label: 'To scale',
    hint: 'Time to scale, the slope of a line is its latency; long silences are folded',
  },
  { value: 'absolute', label: 'Absolute', hint: 'Time to scale all through, no silence folded' },
] as const;

const ARRANGEMENTS = [
  { value: 'ladder', label: 'Ladder', hint: 'Points as columns, time down' },
  { value: 'strips', label: 'Strips', hint: 'A row a point, time to the right' },
] as const;

const LEFT_OUT = [
  { value: 'dim', label: 'Dim', hint: 'Packets that the filter leaves out are drawn faint' },
  { value: 'hide', label: 'Hide', hint: 'Packets that the filter leaves out are not drawn' },
] as const;

export function PictureBar() {
  const timeMode = useWorkspace((state) => state.view.timeMode);
  const arrangement = useWorkspace((state) => state.view.arrangement);
  return (
    <div className="@container flex h-9 shrink-0 items-center gap-2 overflow-hidden border-b border-line px-3.5">
      <Drawn />
      <LeftOutSwitch />
      <Segmented
        name="Time"
        value={timeMode}
        options={TIME_MODES}
        onChange={(mode) => workspace.setTimeMode(mode)}
      />
      <span className="flex shrink-0 @max-[540px]:hidden">
        <Segmented
          name="Layout"
          value={arrangement}
          options={ARRANGEMENTS}
          onChange={(next) => workspace.setArrangement(next)}
        />
      </span>
      <CompareButton />
      <HopsButton />
      <TranslationsButton />
      <LanesButton />
      <LegendButton />
    </div>
  );
}

function CompareButton() {
  const isOn = useWorkspace((state) => state.view.compare !== null);
  const isPossible = useWorkspace((state) => state.view.connections.length > 0);
  return (
    (isOn || isPossible) && (
      <Button
        size="small"
        aria-pressed={isOn}
        title="Beside its healthy sibling, or beside the second one chosen in the table (B)"
        className="aria-pressed:bg-chosen @max-[480px]:hidden"
        onClick={() => workspace.comparison.toggle()}
      >
        Compare
      </Button>
    )
  );
}

/** A snapshot keeps no more than the packets that were chosen: what hops cost over all of them it cannot tell. */
function HopsButton() {
  const isShown = useWorkspace((state) => state.view.hop !== null);
  const isLive = useWorkspace((state) => state.session.kind === 'live');
  return (
    isLive && (
      <Button
        size="small"
        aria-pressed={isShown}
        title="Latency and loss of each hop over time"
        className="aria-pressed:bg-chosen"
        onClick={() => workspace.toggleHops()}
      >
        Hops
      </Button>
    )
  );
}

/** Only where a display filter leaves something out. */
function LeftOutSwitch() {
  const leftOut = useWorkspace((state) => state.view.leftOut);
  const isFiltered = useWorkspace((state) => {
    const { journeyCount, matched } = selectDrawn(state);
    return matched !== null && matched < journeyCount;
  });
  return (
    isFiltered && (
      <Segmented
        name="Packets left out"
        value={leftOut}
        options={LEFT_OUT}
        onChange={(next) => workspace.setLeftOut(next)}
      />
    )
  );
}

function Drawn() {
  const picture = useWorkspace((state) => state.picture);
  const journeys = useWorkspace((state) => state.status?.journeys ?? 0);
  const matched = useWorkspace((state) => selectDrawn(state).matched);
  const isCompared = useWorkspace((state) => state.view.compare !== null);
  const isHeat = useWorkspace(
    ({ picture: shown, view }) =>
      shown !== null && isShownAsHeat(shown, view.span, view.selected !== null),
  );
  // Side by side the heads of the two say what is drawn.
  if (picture === null || isCompared) return <div className="flex-1" />;
  const { window, connections } = picture;
  const omitted =
    window.omitted > 0
      ? `${formatCount(window.omitted)} more of these are drawn when the span comes near them`
      : undefined;
  const count = isHeat ? window.journeyCount + window.omitted : (matched ?? window.journeyCount);
  const whole = matched === null ? journeys : window.journeyCount;
  return <DrawnText names={namesOf(connections)} count={count} whole={whole} title={omitted} />;
}

/** What is drawn, from longest to shortest. */
const namesOf = (connections: readonly ConnectionSummary[]): readonly string[] =>
  connections.length === 1
    ? [
        ...tupleTexts(connections[0].client, connections[0].server).slice(0, 2),
        connections[0].client,
      ]
    : [formatQuantity(connections.length, 'connection')];

/** What is drawn, and of how many packets. */
function DrawnText({
  names,
  count,
  whole,
  title,
}: {
  readonly names: readonly string[];
  readonly count: number;
  readonly whole: number;
  readonly title: string | undefined;
}) {
  const packets = formatQuantity(count, 'packet');
  const variants: readonly FigureVariant[] = [
    ...names.flatMap((name): FigureVariant[] => [
      [name, `${packets} of ${formatCount(whole)}`],
      [name, packets],
    ]),
    // One connection is known by its client before it is counted.
    ...names.slice(1).map((name): FigureVariant => [name, '']),
    ['', packets],
    ['', formatCount(count)],
  ];
  const tip = [names[0], title].filter((text) => text !== undefined).join('\n');
  return <FittingFigures variants={variants} title={tip} className="leading-6" />;
}
