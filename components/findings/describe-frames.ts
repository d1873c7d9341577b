// The frames of a step, a text for each file: `cpe-eth0 #65 #66`, `node-tun0 #114`.
import type { FrameReference } from '@/lib/model/finding';

/** Frames named before it says how many more there are. */
const FRAMES_NAMED = 6;

const shortName = (file: string): string => file.replace(/\.(pcap|pcapng|cap)(\.\w+)?$/i, '');

export function describeFrames(frames: readonly FrameReference[]): readonly string[] {
  const files: string[] = [];
  let last: string | undefined;
  for (const { file, frame } of frames.slice(0, FRAMES_NAMED)) {
    if (file !== last) files.push(shortName(file));
    files[files.length - 1] += ` #${frame}`;
    last = file;
  }
  const more = frames.length - FRAMES_NAMED;
  return more > 0 ? [...files, `and ${more} more`] : files;
}
