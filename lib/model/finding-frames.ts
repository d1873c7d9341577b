// The frames that a finding cites, file by file, and Wireshark's display filter for them.
import type { Finding, FrameReference } from './finding';

export interface FramesOfFile {
  readonly file: string;
  /** Ascending, each once. */
  readonly frames: readonly number[];
}

/** Frames by file, files in order of their first citation, numbers ascending, each once. */
export function framesByFile(frames: readonly FrameReference[]): readonly FramesOfFile[] {
  const files = new Map<string, Set<number>>();
  for (const { file, frame } of frames) {
    const known = files.get(file);
    if (known === undefined) files.set(file, new Set([frame]));
    else known.add(frame);
  }
  return [...files].map(([file, numbers]) => ({
    file,
    frames: [...numbers].sort((a, b) => a - b),
  }));
}

export const citedFrames = (finding: Finding): readonly FramesOfFile[] =>
  framesByFile(finding.steps.flatMap((step) => step.frames));

/** Wireshark's display filter for these frames of one file: `frame.number in {1..3, 7}`, ascending numbers given. */
export function frameFilter(frames: readonly number[]): string {
  if (frames.length === 1) return `frame.number == ${frames[0]}`;
  const ranges: string[] = [];
  for (let i = 0; i < frames.length; ) {
    let end = i;
    while (frames[end + 1] === frames[end] + 1) end++;
    // Two neighbours read better as two numbers.
    if (end === i + 1) end = i;
    ranges.push(end === i ? `${frames[i]}` : `${frames[i]}..${frames[end]}`);
    i = end + 1;
  }
  return `frame.number in {${ranges.join(', ')}}`;
}
