'use client';
// All that is known of the chosen frame: what it is, what became of its packet, what the hop before changed, its layers, its bytes, notes.
import { Fragment, useDeferredValue, useState } from 'react';
import { MatchBar } from '@/components/corrections/MatchBar';
import { Keys } from '@/components/ui/Key';
import { Segmented } from '@/components/ui/Segmented';
import type { FrameDetail } from '@/lib/model/protocol-tree';
import { useWorkspace } from '@/lib/store/workspace';
import type { FrameTarget } from '@/lib/store/workspace-state';
import { ContinuesAs } from './ContinuesAs';
import { Differences } from './Differences';
import { FrameAnatomy } from './FrameAnatomy';
import { FrameHeader } from './FrameHeader';
import { FrameNotes } from './FrameNotes';
import { JourneyPath } from './JourneyPath';
import { StreamPanel } from './StreamPanel';
import { useSightings } from './use-sightings';
import { WiresharkFilters } from './WiresharkFilters';

export function Inspector() {
  const selected = useDeferredValue(
    useWorkspace((state) => state.view.selected),
    null,
  );
  const [shown, setShown] = useState<Shown>('frame');
  return (
    <section
      aria-label="Inspector"
      data-part="inspector"
      tabIndex={-1}
      className="h-full overflow-x-hidden overflow-y-auto pb-4"
    >
      <div className="px-3.5 pt-2">
        <Segmented name="What is inspected" value={shown} options={SHOWN} onChange={setShown} />
      </div>
      {shown === 'stream' ? (
        <StreamPanel selected={selected} />
      ) : selected === null ? (
        <NothingSelected />
      ) : (
        <SelectedFrame target={selected} />
      )}
    </section>
  );
}

type Shown = 'frame' | 'stream';

const SHOWN = [
  { value: 'frame', label: 'Frame', hint: 'Layers, bytes and what the hop before changed' },
  { value: 'stream', label: 'Stream', hint: 'What the connection carried, both sides, in order' },
] as const;

/** To a frame without the mouse. */
const WAYS = [
  { keys: ['3'], leads: 'to the picture, then' },
  { keys: ['j', 'k'], leads: 'from packet to packet' },
  { keys: ['ArrowLeft', 'ArrowRight'], leads: 'along its way, point by point' },
  { keys: ['g'], leads: 'to a frame by its number' },
] as const;

function NothingSelected() {
  return (
    <div className="space-y-3 px-3.5 py-3 text-muted">
      <p>
        Choose a sighting in the picture, or a step of the story: its layers, bytes and what the hop
        before it changed are shown here.
      </p>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] items-center gap-x-3 gap-y-1 text-xs">
        {WAYS.map(({ keys, leads }) => (
          <Fragment key={leads}>
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Keys key={key} combination={key} />
              ))}
            </dt>
            <dd>{leads}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}

function SelectedFrame({ target }: { readonly target: FrameTarget }) {
  const contexts = useSightings(target);
  const frame = useDeferredValue(useWorkspace((state) => state.frame));
  const detail: FrameDetail | null = frame.state === 'known' ? frame.detail : null;
  const [context] = contexts;
  return (
    <>
      <FrameHeader target={target} contexts={contexts} detail={detail} />
      <div className="px-2 pt-1">
        <WiresharkFilters />
      </div>
      {context !== undefined && <Differences context={context} />}
      {context !== undefined && <JourneyPath context={context} />}
      {context !== undefined && <ContinuesAs context={context} />}
      {detail !== null && <FrameAnatomy detail={detail} />}
      {frame.state === 'absent' && <AbsentFrame />}
      <FrameNotes target={target} comments={detail?.comments ?? []} />
      <MatchBar target={target} />
    </>
  );
}

function AbsentFrame() {
  const isShared = useWorkspace((state) => state.session.kind === 'snapshot');
  return (
    <p className="mx-3.5 mt-3 border-t border-line pt-3 text-muted">
      {isShared
        ? 'Layers and bytes are in the captures, which a shared snapshot does not include.'
        : 'The capture of this frame is not open: add its file to see layers and bytes.'}
    </p>
  );
}
