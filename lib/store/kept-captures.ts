// What of each capture lies in the case's folder, and whether its file is at hand.
import type { CaptureKey } from '../engine/protocol';
import type { KeptFiles } from './capture-keeper';
import type { KeptCapture } from './kept-case';

type KeptCaptures = Readonly<Record<CaptureKey, KeptCapture>>;

/** A capture was read from its own file, and is kept. */
export const withKept = (kept: KeptCaptures, { key, file, ...files }: KeptFiles): KeptCaptures => ({
  ...kept,
  [key]: {
    ...files,
    fileBytes: file.size,
    lastModified: file.lastModified,
    file,
    isAtHand: true,
    hasHandle: false,
  },
});

/** The file of a capture that had only tables is there again. */
export const withAttached = (kept: KeptCaptures, key: CaptureKey): KeptCaptures => {
  const capture = kept[key];
  return capture === undefined ? kept : { ...kept, [key]: { ...capture, isAtHand: true } };
};
