// What someone means by `cpe#12`, `12` or `cpe-eth0.pcap 12`: frames of the case's files.
import type { FrameTarget } from './workspace-state';

export interface CountedFile {
  readonly file: string;
  /** Frames it holds; null: not known, any number may be right. */
  readonly frames: number | null;
}

/** Frames the text may mean, the file `nearest` first; none where it is no address of a frame. */
export function findFrames(
  text: string,
  files: readonly CountedFile[],
  nearest: string | null,
): readonly FrameTarget[] {
  const match = /^(.*?)(?:\s*#\s*|\s+|^)(\d{1,10})$/s.exec(text.trim());
  if (match === null) return [];
  const words = match[1].toLowerCase();
  const frame = Number(match[2]);
  if (frame < 1) return [];
  return files
    .filter(
      ({ file, frames }) =>
        file.toLowerCase().includes(words) && (frames === null || frame <= frames),
    )
    .map(({ file }) => ({ file, frame }))
    .sort((a, b) => Number(b.file === nearest) - Number(a.file === nearest));
}
