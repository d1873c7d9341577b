// The guided walk through the article's case: a few steps that each show one thing on the real page, the last one the finding with its fix.
import { create } from 'zustand';
import { focusPart } from '@/components/commands/focus';
import { type Part, showPart } from '@/components/commands/overlay';
import { workspace } from '@/lib/store/workspace';

export const WALKED_SAMPLE = 'article-3.1';

interface WalkStep {
  readonly title: string;
  readonly text: string;
  /** What the page shows meanwhile. */
  readonly show: () => void;
}

/** The story's step, counted from 0, with its first frame. */
const showStory = (step: number, part: Part = 'picture'): void => {
  // Of a narrow page, the part that the step speaks of.
  showPart(part);
  const { diagnosis, view } = workspace.store.getState();
  const finding =
    diagnosis?.findings.find(({ id }) => id === view.finding) ?? diagnosis?.findings[0];
  const frame = finding?.steps[step]?.frames[0];
  if (frame !== undefined) workspace.selectFrame(frame);
};

const showFinding = (): void => {
  const [first] = workspace.store.getState().diagnosis?.findings ?? [];
  if (first !== undefined) workspace.chooseFinding(first.id);
  showPart('picture');
};

export const WALK: readonly WalkStep[] = [
  {
    title: 'Two captures, one path',
    text: 'Each lane is a capture point: the client’s pod left, the server’s right. Time runs down, and each line is one packet, found in both files although NAT rewrote it.',
    show: showFinding,
  },
  {
    title: 'The SYN goes through',
    text: 'The client calls the service. On its way the address becomes the pod’s: the line and the badge turn violet where NAT rewrote the packet.',
    show: () => showStory(0),
  },
  {
    title: 'The reply is the fault',
    text: 'The SYN-ACK comes back with its port restored and its address not. The red mark is where the way back is not the inverse of the way there.',
    show: () => showStory(2),
  },
  {
    title: 'What the client does with it',
    text: 'It never called the pod’s address, so it answers with a reset, and asks again after 1, 2, 4 and 8 seconds. On the right: this very frame, its layers and bytes, and what the hop before changed.',
    show: () => showStory(3, 'inspector'),
  },
  {
    title: 'The finding',
    text: 'On the left stands what a person would have written: the steps with the frames that prove them, what would confirm it, and the fix. Now drop captures of your own; Ctrl K finds everything, ? shows the keys.',
    show: () => {
      showStory(0);
      focusPart('findings');
    },
  },
];

/** Which step is shown; null: nobody walks. `−1`: the case is being read. */
export const useWalk = create<{ readonly step: number | null }>(() => ({ step: null }));

export const prepareWalk = (): void => useWalk.setState({ step: -1 });
export const endWalk = (): void => useWalk.setState({ step: null });

export function goToStep(step: number): void {
  if (step < 0) return;
  if (step >= WALK.length) {
    endWalk();
    return;
  }
  useWalk.setState({ step });
  WALK[step].show();
}
