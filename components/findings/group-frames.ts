// The frames of a step, a group for each file: `cpe-eth0 #65 #66`, `node-tun0 #114`.
import { withoutEndings } from '@/lib/base/file-name';
import type { FrameReference } from '@/lib/model/finding';
import { framesByFile } from '@/lib/model/finding-frames';

/** Frames named before the reader asks for all of them. */
const FRAMES_NAMED = 6;
/** Frames named at most: more of them are for Wireshark. */
const MOST_NAMED = 400;

export interface FrameGroup {
  readonly file: string;
  /** Without what every capture's name ends with. */
  readonly name: string;
  readonly numbers: readonly number[];
}

export interface GroupedFrames {
  readonly groups: readonly FrameGroup[];
  /** Frames that opening would name besides. */
  readonly more: number;
  /** Frames that are named nowhere here. */
  readonly left: number;
}

/** Closed: the first ones as the step cites them. Open: all of them, each file once. */
export function groupFrames(frames: readonly FrameReference[], isOpen: boolean): GroupedFrames {
  const shown = frames.slice(0, isOpen ? MOST_NAMED : FRAMES_NAMED);
  const groups: { file: string; numbers: number[] }[] = [];
  if (isOpen) {
    for (const { file, frames: numbers } of framesByFile(shown))
      groups.push({ file, numbers: [...numbers] });
  } else
    for (const { file, frame } of shown) {
      const last = groups.at(-1);
      if (last?.file === file) last.numbers.push(frame);
      else groups.push({ file, numbers: [frame] });
    }
  return {
    groups: groups.map((group) => ({ ...group, name: withoutEndings(group.file) })),
    more: isOpen ? 0 : frames.length - shown.length,
    left: isOpen ? frames.length - shown.length : 0,
  };
}
